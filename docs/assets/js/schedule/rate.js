// `rate(...)`: every so many minutes, hours or days, counted from the schedule's creation.

import { Refusal } from "./refusal.js";
import { closest } from "./resemblance.js";

const MINUTES = { minute: 1n, hour: 60n, day: 1440n };
const UNITS = [...Object.keys(MINUTES), ...Object.keys(MINUTES).map((unit) => `${unit}s`)];
const WHOLE = /^([1-9][0-9]*) ([A-Za-z]+)$/;
const LOOSE = /^([+-]?\d*(?:\.\d+)?) *([A-Za-z]*)$/;
const LONGER = { second: [1n, 60n], week: [10080n, 1n] }; // minutes, as numerator and denominator
const SHORT = { s: "second", sec: "second", m: "minute", min: "minute", h: "hour", hr: "hour", d: "day" };
const CALENDAR = { month: "cron(0 0 1 * ? *)", year: "cron(0 0 1 1 ? *)" };

/**
 * Read what stands in `rate(...)`: `{kind, value, unit, minutes, doubts}`, numbers as BigInt; throws Refusal.
 * Rules want the singular for 1 and the plural above; Scheduler is not known to refuse the other, so there it is a doubt.
 */
export function read(inside, service) {
  if (inside !== inside.trim() && inside.trim()) {
    throw new Refusal("expression", "there is a space beside a parenthesis", `rate(${inside.trim()})`);
  }
  const found = WHOLE.exec(inside);
  if (!found || !UNITS.includes(found[2].toLowerCase())) throw explain(inside);
  const value = BigInt(found[1]);
  const written = found[2];
  const unit = written.toLowerCase().replace(/s$/, "");
  const right = spell(value, unit);
  const doubts = [];
  if (written !== right) {
    const number = value === 1n ? "1 takes the singular" : `${value} takes the plural`;
    const problem =
      written === written.toLowerCase()
        ? `${number}, ${right}, not ${written}`
        : `${written} is in capitals, and AWS writes ${right}`;
    if (service === "rules") throw new Refusal("unit", problem, `rate(${value} ${right})`);
    doubts.push(`${problem}; a rule refuses it, and Scheduler is not known to: write rate(${value} ${right})`);
  }
  return { kind: "rate", value, unit, minutes: value * MINUTES[unit], doubts: [...doubts, ...surprises(value, unit)] };
}

function spell(value, unit) {
  return value === 1n ? unit : `${unit}s`;
}

function surprises(value, unit) {
  const said = [];
  const size = { minute: 60n, hour: 24n, day: 0n }[unit];
  if (value !== 1n || unit !== "minute") {
    let fixed = "";
    if (unit === "day" && value === 1n) {
      fixed = "; cron(0 12 * * ? *) fixes the time of day";
    } else if (size && size % value === 0n) {
      const written = unit === "minute" ? `0/${value}` : `0 0/${value}`;
      const step = { "0/60": "0", "0 0/1": "0 *", "0 0/24": "0 0" }[written] ?? written;
      fixed = `; cron(${step}${unit === "minute" ? " *" : ""} * * ? *) fires on the clock`;
    }
    said.push(`it counts from the moment of creation, so its place on the clock is not known beforehand${fixed}`);
  }
  if (value * MINUTES[unit] > 366n * 1440n) {
    said.push("AWS documents no largest value, so whether it takes one beyond a year is not known");
  }
  return said;
}

function explain(inside) {
  if (!inside.trim()) return new Refusal("value", "a number and a unit are missing, as in rate(5 minutes)");
  const found = LOOSE.exec(inside);
  if (!found) {
    const word = inside.trim().split(" ")[0];
    return new Refusal("value", `${word} is not a number; a rate is a number, one space and a unit`);
  }
  const [, number, written] = found;
  const lower = written.toLowerCase();
  const stem = written.length > 1 ? lower.replace(/s$/, "") : lower;
  const unit = Object.hasOwn(SHORT, stem) ? SHORT[stem] : stem;
  if (!written) return new Refusal("unit", "it is missing: minutes, hours or days", `rate(${number} minutes)`);
  if (![MINUTES, LONGER, CALENDAR].some((known) => Object.hasOwn(known, unit))) {
    const close = closest(lower, UNITS);
    const fix = close ? `rate(${number} ${close})` : null;
    return new Refusal("unit", `${written} is none of minute, minutes, hour, hours, day and days`, fix);
  }
  if (["", "+", "-"].includes(number)) return new Refusal("value", "the number is missing", `rate(1 ${unit})`);
  const [numerator, denominator] = fraction(number);
  if (unit in CALENDAR) {
    const fix = numerator === denominator ? CALENDAR[unit] : null;
    return new Refusal("unit", `AWS counts no ${unit}s, which differ in length; that is for cron`, fix);
  }
  const [times, by] = LONGER[unit] ?? [MINUTES[unit], 1n];
  const fix = inMinutes(numerator * times, denominator * by);
  if (unit in LONGER) return new Refusal("unit", `AWS counts minutes, hours and days, not ${unit}s`, fix);
  if (!numerator) return new Refusal("value", "it is 0; the shortest rate is one minute", `rate(1 ${unit})`);
  if (number.startsWith("-")) {
    return new Refusal("value", "it is negative; AWS takes a positive whole number", fix);
  }
  if (number.includes(".")) return new Refusal("value", `${number} is not a whole number`, fix);
  if (!UNITS.includes(lower)) {
    return new Refusal("unit", `${written} is short for ${unit}s, which AWS wants in full`, fix);
  }
  return new Refusal("value", "AWS takes a whole number without sign or leading zero, one space, then the unit", fix);
}

/** A decimal number without its sign, exactly: numerator and denominator. */
function fraction(text) {
  const [whole, decimals = ""] = text.replace(/^[+-]/, "").split(".");
  return [BigInt(whole + decimals), 10n ** BigInt(decimals.length)];
}

/** The rate of about so many minutes, in its largest whole unit. */
function inMinutes(numerator, denominator) {
  const exact = (numerator + denominator - 1n) / denominator;
  const minutes = exact > 1n ? exact : 1n;
  const unit = ["day", "hour", "minute"].find((one) => minutes % MINUTES[one] === 0n);
  const value = minutes / MINUTES[unit];
  return `rate(${value} ${spell(value, unit)})`;
}
