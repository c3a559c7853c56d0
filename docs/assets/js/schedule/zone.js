// Time zones by their IANA name, and what their clocks show.

import { ScheduleError } from "./refusal.js";
import { closest } from "./resemblance.js";

const HOUR = 3_600_000;
const KNOWN = new Set(["UTC", ...Intl.supportedValuesOf("timeZone")]);
const NAME = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/;

/** The names that a browser lists, in order. */
export function listZones() {
  return [...KNOWN].sort();
}

/** The clock of a zone such as `Europe/Oslo`; throws ScheduleError. All times are milliseconds since 1970. */
export function find(name) {
  if (name === "UTC") return { name, offsetAt: () => 0 };
  const format = isKnown(name) && makeFormat(name);
  if (!format) throw new ScheduleError(name, "timezone", `${name} is no IANA zone, such as Europe/Oslo`, null, guess(name));
  return { name, offsetAt: (instant) => readWall(format, instant) - Math.floor(instant / 1000) * 1000 };
}

/**
 * The moment at which a zone's clock shows a time (as if it were UTC): the first where it is repeated, null where it is
 * skipped. Scheduler skips what the clock skips, and runs a repeated time once (Scheduler User Guide, schedule-types).
 */
export function instantOf(wall, zone) {
  const offsets = [-36 * HOUR, 0, 36 * HOUR].map((shift) => zone.offsetAt(wall + shift));
  const fitting = offsets.map((offset) => wall - offset).filter((instant) => zone.offsetAt(instant) === wall - instant);
  return fitting.length ? Math.min(...fitting) : null;
}

/** What the zone's clock shows at a moment, as if it were UTC. */
export function wallOf(instant, zone) {
  return instant + zone.offsetAt(instant);
}

function isKnown(name) {
  if (KNOWN.has(name)) return true;
  const sameInOtherCase = [...KNOWN].some((known) => known.toLowerCase() === name.toLowerCase());
  return NAME.test(name) && name.length <= 50 && !sameInOtherCase; // Intl takes any case, AWS and Python do not
}

function makeFormat(timeZone) {
  const parts = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" };
  try {
    return new Intl.DateTimeFormat("en-u-ca-iso8601-hc-h23", { timeZone, ...parts, second: "numeric" });
  } catch {
    return null;
  }
}

function readWall(format, instant) {
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
}

function guess(name) {
  if (name.length > 50) return null;
  const cities = {};
  for (const zone of listZones().reverse()) cities[zone.split("/").at(-1).toLowerCase()] = zone;
  const city = name.trim().replaceAll(" ", "_").split("/").at(-1).toLowerCase();
  return cities[closest(city, Object.keys(cities), 0.75)] ?? null;
}
