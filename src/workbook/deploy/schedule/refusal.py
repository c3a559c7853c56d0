"""Why a schedule expression is refused, and what to write instead."""

LONGEST = 256  # characters of ScheduleExpression: botocore's models of events and scheduler


class Refusal(Exception):
    """One thing wrong with an expression, and the text with that one thing mended.

    ``fix`` may hold a further mistake: `workbook.deploy.schedule.parse` mends until AWS would take the text.
    """

    def __init__(self, field: str, problem: str, fix: str | None = None) -> None:
        super().__init__(problem)
        self.field = field
        self.problem = problem
        self.fix = fix


class ScheduleError(ValueError):
    """An expression that AWS refuses.

    ``field``: the part at fault, such as ``"minute"``, ``"day of week"``, ``"unit"`` or ``"expression"``.
    ``problem``: what is wrong with it, in plain words.
    ``aws_message``: the message of the ``ValidationException`` that AWS answers; None where AWS is not asked.
    ``suggestion``: the likely intention, which `parse` accepts for the same service; None when there is no guess.
    """

    def __init__(self, text: str, field: str, problem: str, aws_message: str | None, suggestion: str | None) -> None:
        self.field = field
        self.problem = problem
        self.aws_message = aws_message
        self.suggestion = suggestion
        lines = [f"{shown(text)} is refused. The {field}: {problem}."]
        if aws_message is not None:
            lines.append(f"AWS would answer: ValidationException: {shown(aws_message, 120)}")
        if suggestion is not None:
            lines.append(f"Did you mean {suggestion}?")
        super().__init__("\n".join(lines))


def shown(text: str, most: int = 60) -> str:
    """The text fit for a terminal: at most ``most`` characters of it, unprintable ones escaped."""
    cut = text if len(text) <= most else text[:most] + "..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def aws_message(text: str, service: str) -> str:
    """What AWS says to a wrong expression; it never says why.

    Source: LocalStack's snapshots of PutRule and CreateSchedule, validated against AWS. The length limit
    is checked before the expression is read, and answers like every length limit of AWS.
    """
    if len(text) > LONGEST:
        return (
            "1 validation error detected: Value at 'scheduleExpression' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LONGEST}"
        )
    if service == "rules":
        return "Parameter ScheduleExpression is not valid."
    return f"Invalid Schedule Expression {text}."
