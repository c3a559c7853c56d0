// `cron(...)`: six fields, exactly one of the two day fields a question mark.

import { FIELDS, read as readField } from "./field.js";
import { Refusal } from "./refusal.js";
import { FIVE_FIELDS, WEEKDAYS, toAws } from "./unix.js";

const LONGEST_MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]; // of a common year

/** Read what stands in `cron(...)`: `{kind, minute, hour, day, month, weekday, year, doubts}`; throws Refusal. */
export function read(inside, service) {
  if (!inside.trim()) throw new Refusal("expression", "it has no fields; every day at noon is cron(0 12 * * ? *)");
  const words = inside.trim().split(/ +/);
  if (inside !== inside.trim()) {
    throw new Refusal("expression", "there is a space beside a parenthesis", whole(words));
  }
  let texts = words.map((text) => text.replace(/,$/, "") || text);
  const doubts = [];
  if (texts.some((text, place) => text !== words[place])) {
    doubts.push("AWS takes a comma at the end of a field, though no page of its says so; leave it out");
  }
  if (inside.includes("  ")) doubts.push("AWS documents one space between fields; here there are more");
  if (texts.length === 5 && service === "scheduler" && (texts[2] === "?") !== (texts[4] === "?")) {
    doubts.push("AWS's pages disagree on whether the year may be left out; write the sixth field, *");
    texts = [...texts, "*"];
  }
  if (texts.length !== FIELDS.length) throw explainCount(inside, texts);
  if (countsSeconds(texts)) {
    const problem = "six fields that start with seconds; AWS starts with minutes and ends with the year";
    throw new Refusal("expression", problem, whole(toAws(texts.slice(1))));
  }
  judgeDays(texts);
  const parts = FIELDS.map((field, place) => readPart(field, texts, place));
  doubts.push(...parts.flatMap((part) => part.doubts));
  const [minute, hour, day, month, weekday, year] = parts;
  doubts.push(...surprises(minute, hour, day, month, weekday));
  return { kind: "cron", minute, hour, day, month, weekday, year, doubts };
}

function whole(texts) {
  return `cron(${texts.join(" ")})`;
}

function readPart(field, texts, place) {
  try {
    return readField(field, texts[place]);
  } catch (refusal) {
    const fix = refusal.fix === null ? null : whole(texts.with(place, refusal.fix));
    throw new Refusal(refusal.field, refusal.problem, fix);
  }
}

function explainCount(inside, texts) {
  const joined = inside.replace(/ *([,/#-]) */g, "$1");
  if (joined !== inside && [5, 6].includes(joined.trim().split(/ +/).length)) {
    return new Refusal("expression", "there are spaces inside a field", `cron(${joined})`);
  }
  if (texts.length === 5 && texts.includes("?")) {
    return new Refusal("year", "it is missing; AWS asks for six fields", whole([...texts, "*"]));
  }
  if (texts.length === 5) {
    let problem = FIVE_FIELDS;
    if (texts[2] !== "*" && texts[4] !== "*") {
      problem +=
        "; Unix fires on either day field, which takes two expressions on AWS, " +
        `the other being ${whole([...texts.slice(0, 4), "?", "*"])}`;
    }
    return new Refusal("expression", problem, whole(toAws(texts)));
  }
  if (texts.length === 7) {
    const problem = "seven fields are Quartz cron; AWS has no seconds and starts with minutes";
    return new Refusal("expression", problem, whole(texts.slice(1)));
  }
  const many = texts.length === 1 ? "field" : "fields";
  const wanted = "minute hour day-of-month month day-of-week year";
  return new Refusal("expression", `it has ${texts.length} ${many}; AWS takes six: ${wanted}`);
}

function countsSeconds(texts) {
  const last = texts.at(-1).toUpperCase();
  const weekday = last === "?" || /^(SUN|MON|TUE|WED|THU|FRI|SAT|[0-7]($|[-,#L]))/.test(last);
  return weekday && texts.slice(0, 3).every((text) => /^[\d*/,-]+$/.test(text));
}

/** Exactly one day field is `?`: whichever is not constrained. */
function judgeDays(texts) {
  const [, , day, , weekday] = texts;
  if ((day === "?") !== (weekday === "?")) return;
  if (day === "?") {
    const problem = "both day fields are ?; exactly one may be, the other is * or a day";
    throw new Refusal("day of week", problem, whole(texts.with(2, "*")));
  }
  const rule = "AWS reads one day field and wants ? in the other";
  const withoutWeekday = whole(texts.with(4, "?"));
  if (weekday === "*") throw new Refusal("day of week", `${rule}: replace its * by ?`, withoutWeekday);
  const withoutDay = texts.with(2, "?");
  if (day === "*" && weekday === "1-5") {
    const note = "; and 1-5 is SUN-THU on AWS, so say MON-FRI if you mean that";
    throw new Refusal("day of month", `${rule}: replace its * by ?${note}`, whole(withoutDay.with(4, "MON-FRI")));
  }
  if (day === "*") throw new Refusal("day of month", `${rule}: replace its * by ?`, whole(withoutDay));
  const both = `both are set: replace one of them, or make two schedules, the other being ${whole(withoutDay)}`;
  throw new Refusal("day of week", `${rule}; ${both}`, withoutWeekday);
}

function surprises(minute, hour, day, month, weekday) {
  const said = [];
  if (weekday.special === null && weekday.numbers.length && /\d/.test(weekday.text)) {
    const { numbers } = weekday;
    let names = numbers.map((number) => WEEKDAYS[number - 1]).join(",");
    if (numbers.length > 2 && numbers.at(-1) - numbers[0] === numbers.length - 1) {
      names = `${names.slice(0, 3)}-${names.slice(-3)}`;
    }
    said.push(`${weekday.text} in the day-of-week field means ${names}: on AWS 1 is Sunday; names leave no doubt`);
  }
  for (const [part, larger] of [[minute, "hour"], [hour, "day"]]) {
    const found = /^(?:\*|0+)\/(\d+)$/.exec(part.text);
    const size = part.field.high + 1;
    if (found && size % Number(found[1])) {
      const last = part.numbers.at(-1);
      const gap = `${size - last} ${part.field.name}${size - last > 1 ? "s" : ""}`;
      said.push(`${part.text} starts anew each ${larger}: the last step, from ${last}, is ${gap} long`);
    }
  }
  if (day.numbers.length && day.numbers[0] > Math.min(...month.numbers.map((number) => LONGEST_MONTHS[number - 1]))) {
    said.push(`a month without a day ${day.numbers[0]} is skipped; L is the last day of every month`);
  }
  return said;
}
