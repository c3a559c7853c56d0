// Schedule expressions as AWS reads them: parse one, know when it fires, say it in words.
// A port of workbook.deploy.schedule, file by file; a test holds both against one table.

import { read as readAt } from "./at.js";
import { read as readCron } from "./cron.js";
import { split } from "./expression.js";
import { ofAt, ofCron, ofRate } from "./firing.js";
import { read as readRate } from "./rate.js";
import { Refusal, ScheduleError, awsMessage } from "./refusal.js";
import { describe } from "./words.js";
import { find } from "./zone.js";

export { ScheduleError } from "./refusal.js";
export { listZones } from "./zone.js";

const READERS = { rate: readRate, cron: readCron, at: readAt };
const MOST_FIXES = 12;

class Schedule {
  constructor(expression, kind, service, rule) {
    Object.assign(this, { expression, kind, service, rule });
  }

  /** The next firings after `after`, at most `count`, ascending: milliseconds since 1970, as `after` is. */
  upcoming(after, count = 5, timezone = "UTC") {
    const shownIn = find(timezone);
    const firings = this.#firings(after, this.service === "rules" ? find("UTC") : shownIn);
    const found = [];
    for (const moment of firings) {
      if (found.length >= count) break;
      found.push(moment);
    }
    return found;
  }

  #firings(after, zone) {
    if (this.kind === "rate") return ofRate(this.rule, after);
    return this.kind === "at" ? ofAt(this.rule, after, zone) : ofCron(this.rule, after, zone);
  }

  /** What is valid and yet likely to surprise, a sentence each. */
  warn(now, timezone = "UTC") {
    const ended = this.upcoming(now, 1, timezone).length ? [] : ["it is valid, but never fires again"];
    return [...this.rule.doubts, ...ended];
  }

  describe(timezone = "UTC") {
    return describe(this.rule, this.service === "rules" ? "UTC" : timezone);
  }
}

/** Read an expression as `service` ("rules" or "scheduler") does; throws ScheduleError. */
export function parse(text, service = "rules") {
  try {
    return readWhole(text, service);
  } catch (found) {
    if (!(found instanceof Refusal)) throw found;
    throw new ScheduleError(text, found.field, found.problem, awsMessage(text, service), mend(found.fix, service));
  }
}

function readWhole(text, service) {
  const [kind, inside] = split(text);
  return new Schedule(text, kind, service, READERS[kind](inside, service));
}

/** Mend one mistake after another until AWS would take the text. */
function mend(fix, service) {
  for (let tries = 0; tries < MOST_FIXES && fix !== null; tries++) {
    try {
      readWhole(fix, service);
      return fix;
    } catch (found) {
      if (!(found instanceof Refusal)) throw found;
      fix = found.fix;
    }
  }
  return null;
}
