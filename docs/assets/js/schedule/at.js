// `at(...)`: once, at a local date and time; EventBridge Scheduler only.

import { Refusal } from "./refusal.js";

const WHOLE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;
const LOOSE =
  /^ *(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? *([Zz]|[+-]\d\d:?\d\d)? *$/;
const FORM = "at(yyyy-mm-ddThh:mm:ss)";

/** Read what stands in `at(...)`: `{kind, wall}`, the clock's time as if it were UTC; throws Refusal. */
export function read(inside, service) {
  const found = WHOLE.exec(inside);
  if (!found) throw explain(inside);
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number);
  judge(year, month, day, hour, minute, second);
  if (service === "rules") {
    const fits = year >= 1970 && year <= 2199;
    const fix = fits ? `cron(${minute} ${hour} ${day} ${month} ? ${year})` : null;
    throw new Refusal("expression", "at(...) is EventBridge Scheduler's; a rule takes rate and cron only", fix);
  }
  const wall = new Date(0);
  wall.setUTCFullYear(year, month - 1, day); // Date.UTC would read the year 99 as 1999
  wall.setUTCHours(hour, minute, second);
  return { kind: "at", wall: wall.getTime(), doubts: [] };
}

function judge(year, month, day, hour, minute, second) {
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const wrong =
    (year < 1 && "year 0 is out of range") ||
    ((month < 1 || month > 12) && "month must be in 1..12") ||
    ((day < 1 || day > lastDay) && "day is out of range for month") ||
    (hour > 23 && "hour must be in 0..23") ||
    (minute > 59 && "minute must be in 0..59") ||
    (second > 59 && "second must be in 0..59");
  if (wrong) throw new Refusal("date", `there is no such moment: ${wrong}`);
}

function explain(inside) {
  const found = LOOSE.exec(inside);
  if (!found) return new Refusal("date", `it is not of the form ${FORM}`);
  const [, year, month, day, hour, minute, second, zone] = found;
  const two = (text) => (text ?? "00").padStart(2, "0");
  const fix = `at(${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)})`;
  if (zone) {
    const where = "the zone goes into ScheduleExpressionTimezone, beside the expression";
    return new Refusal("date", `it takes no ${zone}: ${where}`, fix);
  }
  return new Refusal("date", hour ? `the form is ${FORM}` : `the time is missing; the form is ${FORM}`, fix);
}
