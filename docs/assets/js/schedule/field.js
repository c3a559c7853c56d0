// One field of a cron expression: the values it may hold, and reading them.

import { Refusal } from "./refusal.js";
import { closest } from "./resemblance.js";
import { WEEKDAYS, nameWeekdays } from "./unix.js";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const MINUTE = { name: "minute", low: 0, high: 59, names: [] };
const HOUR = { name: "hour", low: 0, high: 23, names: [] };
const DAY = { name: "day of month", low: 1, high: 31, names: [] };
const MONTH = { name: "month", low: 1, high: 12, names: MONTHS };
const WEEKDAY = { name: "day of week", low: 1, high: 7, names: WEEKDAYS };
const YEAR = { name: "year", low: 1970, high: 2199, names: [] };
export const FIELDS = [MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR];

const ITEM = /^(\*|[A-Z]+|\d+)(?:-([A-Z]+|\d+))?(?:\/(\d+))?$/;
const ZERO = /(?<![\d/#])0(?!\d)/;
const DAY_SPECIAL = /^(L|LW|L-(?:[1-9]|[12]\d|30)|(?:0?[1-9]|[12]\d|3[01])W)$/;
const WEEKDAY_SPECIAL = /^([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])$/;

/**
 * Read one field: `{field, text, numbers, special, doubts}`. `numbers` are the values it stands for, ascending; empty when
 * `special` says it instead (`?`, `L`, `L-3`, `LW`, `15W`, `6L`, `6#3`). Throws Refusal, whose fix is the field's text.
 */
export function read(field, text) {
  const upper = text.toUpperCase();
  if (upper.includes("?")) return readAny(field, text);
  if (field === WEEKDAY && ZERO.test(upper)) {
    const problem = "0 is no weekday on AWS: Sunday is 1 or SUN, Saturday is 7 or SAT";
    throw new Refusal(field.name, problem, nameWeekdays(upper) ?? upper.replace(new RegExp(ZERO, "g"), "SUN"));
  }
  const special = readSpecial(field, text, upper);
  if (special) return special;
  const items = upper.split(",");
  if (items.includes("")) {
    const kept = items.filter(Boolean).join(",");
    throw new Refusal(field.name, `${text} has a comma with nothing beside it`, kept || null);
  }
  if (items.includes("*") && items.length > 1) {
    throw new Refusal(field.name, `${text} lists * beside other values; * is every value already`, "*");
  }
  if (items.length > 1 && items.some((item) => readSpecial(field, item, item))) {
    throw new Refusal(field.name, `${text} lists L, W or #, which stand alone in their field`);
  }
  return readItems(field, text, items);
}

/** Whether the field excludes nothing. */
export function isEvery(part) {
  return part.numbers.length === part.field.high - part.field.low + 1;
}

function makePart(field, text, numbers, special = null, doubts = []) {
  return { field, text, numbers, special, doubts };
}

function readAny(field, text) {
  if (field !== DAY && field !== WEEKDAY) {
    const problem = "? belongs in a day field only; every value is *";
    throw new Refusal(field.name, problem, text === "?" ? "*" : text.replaceAll("?", "*"));
  }
  if (text !== "?") {
    const bare = text.replace(/^[?,\-/#]+|[?,\-/#]+$/g, "");
    throw new Refusal(field.name, `? stands alone, not in ${text}`, bare || null);
  }
  return makePart(field, text, [], "?");
}

function readSpecial(field, text, upper) {
  if (field === DAY && DAY_SPECIAL.test(upper)) {
    const doubts = [];
    if (upper.startsWith("L-")) {
      doubts.push(`${text} comes from Quartz; AWS documents L alone, so try it there before you rely on it`);
    }
    if (upper === "LW") doubts.push("LW is taken by the console, though AWS does not document it");
    return makePart(field, text, [], upper.replace(/^0/, ""), doubts);
  }
  if (field !== WEEKDAY) return null;
  if (upper === "L") {
    const doubt = "L alone is Saturday, the week's last day; write SAT, or FRIL for the month's last Friday";
    return makePart(field, text, [7], null, [doubt]);
  }
  const found = WEEKDAY_SPECIAL.exec(upper);
  if (found) return makePart(field, text, [], `${number(field, upper, found[1])}${found[2]}`);
  if (upper.includes("#")) {
    if (upper.includes(",")) {
      throw new Refusal(field.name, `a # allows one weekday only, not ${text}`, upper.split(",")[0]);
    }
    throw new Refusal(field.name, `${text} is not one weekday, # and a number from 1 to 5`);
  }
  return null;
}

function readItems(field, text, items) {
  const doubts = [];
  const numbers = new Set();
  items.forEach((item, place) => {
    try {
      for (const value of readItem(field, item, doubts)) numbers.add(value);
    } catch (refusal) {
      let { fix } = refusal;
      if (fix !== null && fix !== "*") fix = items.with(place, fix).join(",");
      throw new Refusal(field.name, refusal.problem, fix);
    }
  });
  return makePart(field, text, [...numbers].sort((a, b) => a - b), null, doubts);
}

function readItem(field, item, doubts) {
  const found = ITEM.exec(item);
  if (!found) throw explainItem(field, item);
  const [, first, last, step] = found;
  if (first === "*" && last !== undefined) throw new Refusal(field.name, `${item} mixes * with a range`, "*");
  if (step !== undefined && field === WEEKDAY) {
    const problem = `${item} has a step, which AWS does not document for weekdays; list the days`;
    throw new Refusal(field.name, problem, listWeekdays(item, first, last, Number(step)));
  }
  if (step !== undefined && /^[A-Z]/.test(first)) {
    doubts.push(`Quartz, which AWS's cron resembles, ignores a step after a name: write ${item} in numbers`);
  }
  const low = first === "*" ? field.low : number(field, item, first);
  let high = findEnd(field, item, low, first, last, step);
  const stride = step === undefined ? 1 : readStep(field, item, first, Number(step));
  const size = field.high - field.low + 1;
  if (high < low) {
    judgeWrap(field, item, low, high, doubts);
    high += size;
  }
  const values = [];
  for (let value = low; value <= high; value += stride) values.push(((value - field.low) % size) + field.low);
  return values;
}

function findEnd(field, item, low, first, last, step) {
  if (last !== undefined) return number(field, item, last);
  return first === "*" || step !== undefined ? field.high : low;
}

function judgeWrap(field, item, low, high, doubts) {
  if (field === YEAR) throw new Refusal(field.name, `${item} runs backwards`, `${high}-${low}`);
  if (field === HOUR) {
    const two = (hour) => String(hour).padStart(2, "0");
    doubts.push(
      `${item} runs over midnight: each day has its own hours after midnight, ` +
        `so on a chosen day both 00:00-${two(high)}:59 and ${two(low)}:00-23:59 fire`,
    );
  } else {
    doubts.push(`${item} runs past the end of the ${field.name} field; AWS does not document that`);
  }
}

/** The value of one name or number of an item; throws Refusal, whose fix is the item. */
function number(field, item, token) {
  if (field.names.includes(token)) return field.names.indexOf(token) + field.low;
  if (!/^\d+$/.test(token)) {
    const [problem, right] = explainName(field, token);
    throw new Refusal(field.name, problem, swap(item, token, right));
  }
  const value = Number(token);
  const fits = field.low <= value && value <= field.high;
  if (fits && token.length <= String(field.high).length) return value;
  if (fits) {
    throw new Refusal(field.name, `${token} has more digits than the field takes`, swap(item, token, String(value)));
  }
  let right = null;
  if (field.low === 0 && value === field.high + 1) right = item === token ? "0" : String(field.high);
  else if (field === YEAR && token.length === 2) right = `20${token}`;
  throw new Refusal(field.name, `${token} is outside ${span(field)}`, swap(item, token, right));
}

function swap(item, token, right) {
  return right && item.replace(new RegExp(`(?<![A-Z\\d])${token}(?![A-Z\\d])`), right);
}

function readStep(field, item, first, step) {
  const most = field === YEAR ? field.high - field.low : field.high;
  if (step === 0) throw new Refusal(field.name, `the step of ${item} is 0; the smallest is 1`, first);
  if (step > most) {
    let problem = `the step of ${item} is larger than the field's ${most}`;
    const digits = item.split("/")[1].replace(/^0+/, "");
    if (field === MINUTE && step > 60) problem += `; every ${digits} minutes is rate(${digits} minutes)`;
    throw new Refusal(field.name, problem, step === most + 1 && field.low === 0 ? String(field.low) : null);
  }
  return step;
}

function listWeekdays(item, first, last, step) {
  if (step < 1 || step > 7) return null;
  const low = first === "*" ? 1 : number(WEEKDAY, item, first);
  const high = last === undefined ? 7 : number(WEEKDAY, item, last);
  const days = [];
  for (let day = low; day <= (high >= low ? high : high + 7); day += step) days.push(WEEKDAYS[(day - 1) % 7]);
  return days.join(",");
}

/** The values in words, such as `0-59` or `1-12 or JAN-DEC`. */
function span(field) {
  const named = field.names.length ? ` or ${field.names[0]}-${field.names.at(-1)}` : "";
  return `${field.low}-${field.high}${named}`;
}

function explainName(field, token) {
  if (!field.names.length) return [`${token} is no number from ${span(field)}`, null];
  const close = field.names.find((name) => token.startsWith(name)) ?? closest(token.slice(0, 3), field.names);
  const known = field === WEEKDAY ? "weekdays" : "months";
  return [`${token} is none of AWS's names for ${known}, ${field.names[0]} to ${field.names.at(-1)}`, close ?? null];
}

function explainItem(field, item) {
  if (item.startsWith("/")) return new Refusal(field.name, `${item} has no start before its step`, `*${item}`);
  if (/^-\d+$/.test(item)) return new Refusal(field.name, `${item} is negative`, item.slice(1));
  if (/[LW#]/.test(item) && field !== DAY && field !== WEEKDAY) {
    return new Refusal(field.name, `${item} uses a wildcard of the day fields; this one takes , - * and /`);
  }
  const wildcards = field === DAY ? ", - * ? / L W" : field === WEEKDAY ? ", - * ? L #" : ", - * /";
  return new Refusal(field.name, `${item} cannot be read; it takes ${span(field)} and ${wildcards}`);
}
