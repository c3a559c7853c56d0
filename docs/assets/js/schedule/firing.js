// When a schedule fires. All times are milliseconds since 1970; a wall-clock time is written as if it were UTC.

import { instantOf, wallOf } from "./zone.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** The moments one interval after its creation, two, and so on. */
export function* ofRate(rate, created) {
  const interval = Number(rate.minutes) * MINUTE;
  for (let moment = Math.floor(created / 1000) * 1000 + interval; moment <= LAST; moment += interval) yield moment;
}

/** The one moment, when it lies after `after` and the zone's clock shows it. */
export function* ofAt(at, after, zone) {
  const instant = instantOf(at.wall, zone);
  if (instant !== null && instant > after) yield instant;
}

/** The moments after `after`, ascending; the fields are read in `zone`. */
export function* ofCron(cron, after, zone) {
  for (const wall of walk(cron, wallOf(after, zone))) {
    const instant = instantOf(wall, zone);
    if (instant !== null && instant > after) yield instant;
  }
}

/** The fields' wall-clock times from the minute of `from` on. */
function* walk(cron, from) {
  const first = Math.floor(from / MINUTE) * MINUTE;
  for (const year of cron.year.numbers) {
    if (Date.UTC(year + 1, 0) <= first) continue;
    for (const month of cron.month.numbers) {
      for (const day of daysOf(cron, year, month)) {
        const midnight = Date.UTC(year, month - 1, day);
        if (midnight + DAY <= first) continue;
        for (const hour of cron.hour.numbers) {
          for (const minute of cron.minute.numbers) {
            const wall = midnight + (hour * 60 + minute) * MINUTE;
            if (wall >= first) yield wall;
          }
        }
      }
    }
  }
}

function daysOf(cron, year, month) {
  const all = makeMonth(year, month);
  return cron.weekday.special === "?" ? byDate(cron.day, all) : byWeekday(cron.weekday, all);
}

/** The days of a month: their numbers, and their weekdays as AWS's numbers, SUN = 1. */
function makeMonth(year, month) {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const start = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  return Array.from({ length }, (_, index) => ({ number: index + 1, weekday: ((start + index) % 7) + 1 }));
}

function byDate({ special, numbers }, days) {
  const working = days.filter((day) => day.weekday !== 1 && day.weekday !== 7).map((day) => day.number);
  if (special === null) return days.map((day) => day.number).filter((day) => numbers.includes(day));
  if (special === "LW") return [working.at(-1)];
  if (special.startsWith("L")) return [days.length - Number(special.slice(2))].filter((day) => day > 0);
  const wanted = Number(special.slice(0, -1));
  if (wanted > days.length) return [];
  return [working.reduce((best, day) => (Math.abs(day - wanted) < Math.abs(best - wanted) ? day : best))];
}

function byWeekday({ special, numbers }, days) {
  if (special === null) return days.filter((day) => numbers.includes(day.weekday)).map((day) => day.number);
  const named = days.filter((day) => day.weekday === Number(special[0])).map((day) => day.number);
  return special.endsWith("L") ? [named.at(-1)] : named.slice(Number(special[2]) - 1, Number(special[2]));
}
