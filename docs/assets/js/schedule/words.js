// A schedule in plain English.

import { isEvery } from "./field.js";

const MOST_LISTED = 6;
const ORDINALS = ["first", "second", "third", "fourth", "fifth"];
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = "January February March April May June July August September October November December".split(" ");

/** What a rule says; `zone` is the name of the time zone in which its fields are read. */
export function describe(rule, zone) {
  if (rule.kind === "rate") {
    return `every ${rule.value === 1n ? rule.unit : count(rule.value, rule.unit)}, counted from its creation`;
  }
  if (rule.kind === "at") {
    const wall = new Date(rule.wall);
    const year = String(wall.getUTCFullYear()).padStart(4, "0");
    const date = `${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]} ${year}`;
    return `once, at ${wall.toISOString().slice(-13, -5)} ${zone} on ${date}`;
  }
  const said = [times(rule.minute, rule.hour, zone), days(rule.day, rule.weekday), months(rule.month), years(rule.year)];
  return said.filter(Boolean).join(", ");
}

function times(minute, hour, zone) {
  const [minutes, hours] = [minute.numbers, hour.numbers];
  if (minutes.length * hours.length <= MOST_LISTED) {
    return `at ${join(hours.flatMap((h) => minutes.map((m) => clock(h, m))))} ${zone}`;
  }
  const often = oftenInTheHour(minute);
  if (isEvery(hour)) return minutes.length === 1 ? `${often}, every hour` : often;
  const step = findStep(hours);
  if (step > 1 && step * hours.length === 24) {
    const start = `from ${clock(hours[0], 0)} ${zone}`;
    return `${often}, ${minutes.length === 1 ? `every ${step} hours` : `in every ${ordinal(step)} hour`} ${start}`;
  }
  const windows = join(findRuns(hours).map(([low, high]) => frame(low, high, minutes)));
  return `${often} ${windows.includes(" to ") ? "from" : "at"} ${windows} ${zone}`;
}

function oftenInTheHour(minute) {
  const minutes = minute.numbers;
  if (isEvery(minute)) return "every minute";
  const step = findStep(minutes);
  if (step && step * minutes.length === 60) {
    return `every ${step} minutes${minutes[0] ? ` from minute ${minutes[0]}` : ""}`;
  }
  if (minutes.length === 1) return minutes[0] ? `at ${count(minutes[0], "minute")} past the hour` : "on the hour";
  return `at minutes ${join(spans(minutes, String))} of the hour`;
}

function frame(first, last, minutes) {
  const [start, end] = [clock(first, minutes[0]), clock(last, minutes.at(-1))];
  return start === end ? start : `${start} to ${end}`;
}

function days(day, weekday) {
  const special = day.special === "?" ? weekday.special : day.special;
  if (special) return specialDay(special);
  if (isEvery(day) || isEvery(weekday)) return "every day";
  if (day.numbers.length) return `on the ${join(spans(day.numbers, ordinal))} of the month`;
  if (weekday.numbers.length === 1) return `every ${nameWeekday(weekday.numbers[0])}`;
  const sundayFirst = spans(weekday.numbers, nameWeekday);
  const mondays = weekday.numbers.map((number) => ((number + 5) % 7) + 2).sort((a, b) => a - b);
  const mondayFirst = spans(mondays, nameWeekday);
  return join(sundayFirst.length < mondayFirst.length ? sundayFirst : mondayFirst);
}

function specialDay(special) {
  if (special === "L") return "on the last day of the month";
  if (special === "LW") return "on the last working day of the month";
  if (special.startsWith("L-")) return `${count(Number(special.slice(2)), "day")} before the last day of the month`;
  if (special.endsWith("W")) return `on the working day nearest the ${ordinal(Number(special.slice(0, -1)))} of the month`;
  const name = nameWeekday(Number(special[0]));
  return `on the ${special.endsWith("L") ? "last" : ORDINALS[Number(special[2]) - 1]} ${name} of the month`;
}

function months(month) {
  return isEvery(month) ? "" : within(spans(month.numbers, (number) => MONTHS[number - 1]));
}

function years(year) {
  return isEvery(year) ? "" : within(spans(year.numbers, String));
}

function within(parts) {
  return `${parts[0].includes(" to ") ? "from" : "in"} ${join(parts)}`;
}

function clock(hour, minute) {
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function nameWeekday(number) {
  return WEEKDAYS[(number + 6) % 7];
}

function count(number, noun) {
  return String(number) === "1" ? `${number} ${noun}` : `${number} ${noun}s`;
}

function ordinal(number) {
  const ending = number > 10 && number < 14 ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th");
  return `${number}${ending}`;
}

/** The distance between neighbours when it is the same for all, else 0. */
function findStep(numbers) {
  const distances = new Set(numbers.slice(1).map((number, index) => number - numbers[index]));
  return distances.size === 1 ? [...distances][0] : 0;
}

/** Neighbouring numbers as [first, last]. */
function findRuns(numbers) {
  const runs = [];
  for (const number of numbers) {
    if (runs.length && runs.at(-1)[1] === number - 1) runs.at(-1)[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}

function spans(numbers, say) {
  return findRuns(numbers).flatMap(([low, high]) => {
    if (high - low > 1) return [`${say(low)} to ${say(high)}`];
    return low === high ? [say(low)] : [say(low), say(high)];
  });
}

function join(items) {
  const kept = items.length > 12 ? [...items.slice(0, 11), `${items.length - 11} more`] : items;
  return [kept.slice(0, -1).join(", "), kept.at(-1)].filter(Boolean).join(" and ");
}
