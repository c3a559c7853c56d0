// Unix cron, as people bring it: nicknames, five fields, weekdays counted from Sunday as 0.

import { Refusal } from "./refusal.js";

export const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

export const FIVE_FIELDS =
  "five fields are Unix cron; AWS has six, with the year last, one day field as ?, and weekdays counted from SUN = 1";

const NICKNAMES = {
  "@hourly": "0 * * * ? *",
  "@daily": "0 0 * * ? *",
  "@midnight": "0 0 * * ? *",
  "@weekly": "0 0 ? * SUN *",
  "@monthly": "0 0 1 * ? *",
  "@yearly": "0 0 1 1 ? *",
  "@annually": "0 0 1 1 ? *",
};
const ITEM = /^(?:(\*)|([0-7]|[A-Z]{3})(?:-([0-7]|[A-Z]{3}))?)(?:\/([1-7]))?$/;

/** The refusal of `@daily` and its kin; `@reboot` has no counterpart on AWS. */
export function explainNickname(text) {
  const nickname = text.trim().toLowerCase();
  const fields = Object.hasOwn(NICKNAMES, nickname) ? NICKNAMES[nickname] : null;
  const problem =
    nickname === "@reboot"
      ? "nothing on AWS fires at a start: a function has no machine of its own"
      : "AWS knows none of Unix cron's nicknames; its cron has six fields";
  return new Refusal("expression", problem, fields && `cron(${fields})`);
}

/** Unix weekdays (0 and 7 are Sunday) in AWS's names: `1-5` gives `MON-FRI`; null when unreadable. */
export function nameWeekdays(text) {
  const days = new Set();
  const names = [];
  for (const item of text.toUpperCase().split(",")) {
    const found = ITEM.exec(item);
    if (!found) return null;
    const [, star, first, last, step] = found;
    const low = star ? 0 : number(first);
    let high = star ? 6 : number(last ?? (step ? "6" : first));
    if (low === null || high === null) return null;
    if (high < low) high += 7;
    const chosen = [];
    for (let day = low; day <= high; day += Number(step ?? 1)) chosen.push(day);
    for (const day of chosen) days.add(day % 7);
    names.push(step ? chosen.map((day) => WEEKDAYS[day % 7]).join(",") : span(low, high));
  }
  return days.size === 7 ? "*" : [...new Set(names.join(",").split(","))].join(",");
}

/** Five Unix fields as AWS's six. Unix fires when *either* day field matches, which AWS cannot say: the weekday is kept. */
export function toAws(fields) {
  const [minute, hour, day, month, weekday] = fields;
  if (fields.includes("?")) return [...fields, "*"];
  const named = nameWeekdays(weekday) ?? weekday;
  return named === "*" ? [minute, hour, day, month, "?", "*"] : [minute, hour, "?", month, named, "*"];
}

function number(day) {
  if (/^\d+$/.test(day)) return Number(day);
  return WEEKDAYS.includes(day) ? WEEKDAYS.indexOf(day) : null;
}

function span(low, high) {
  const [first, last] = [WEEKDAYS[low % 7], WEEKDAYS[high % 7]];
  if (low === high) return first;
  return high === low + 1 ? `${first},${last}` : `${first}-${last}`;
}
