// Why a schedule expression is refused, and what to write instead.

export const LONGEST = 256; // characters that AWS takes

/** One thing wrong with an expression, and the text with that one thing mended; `fix` may hold a further mistake. */
export class Refusal extends Error {
  constructor(field, problem, fix = null) {
    super(problem);
    this.field = field;
    this.problem = problem;
    this.fix = fix;
  }
}

/** An expression, or a time zone, that is refused; `suggestion` is the likely intention or null. */
export class ScheduleError extends Error {
  constructor(text, field, problem, awsMessage, suggestion) {
    super(`${text} is refused. The ${field}: ${problem}.`);
    Object.assign(this, { field, problem, awsMessage, suggestion });
  }
}

/** What AWS says to a wrong expression; it never says why. */
export function awsMessage(text, service) {
  if ([...text].length > LONGEST) {
    return (
      "1 validation error detected: Value at 'scheduleExpression' failed to satisfy constraint: " +
      `Member must have length less than or equal to ${LONGEST}`
    );
  }
  return service === "rules" ? "Parameter ScheduleExpression is not valid." : `Invalid Schedule Expression ${text}.`;
}
