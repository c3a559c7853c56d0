"""Unix cron, as people bring it: nicknames, five fields, weekdays counted from Sunday as 0."""

import re

from workbook.deploy.schedule.refusal import Refusal

WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

FIVE_FIELDS = (
    "five fields are Unix cron; AWS has six, with the year last, one day field as ?, and weekdays counted from SUN = 1"
)

_NICKNAMES = {
    "@hourly": "0 * * * ? *",
    "@daily": "0 0 * * ? *",
    "@midnight": "0 0 * * ? *",
    "@weekly": "0 0 ? * SUN *",
    "@monthly": "0 0 1 * ? *",
    "@yearly": "0 0 1 1 ? *",
    "@annually": "0 0 1 1 ? *",
}
_ITEM = re.compile(r"(?:(\*)|([0-7]|[A-Z]{3})(?:-([0-7]|[A-Z]{3}))?)(?:/([1-7]))?")


def explain_nickname(text: str) -> Refusal:
    """The refusal of ``@daily`` and its kin; ``@reboot`` has no counterpart on AWS."""
    nickname = text.strip().lower()
    fields = _NICKNAMES.get(nickname)
    problem = "AWS knows none of Unix cron's nicknames; its cron has six fields"
    if nickname == "@reboot":
        problem = "nothing on AWS fires at a start: a function has no machine of its own"
    return Refusal("expression", problem, f"cron({fields})" if fields else None)


def name_weekdays(text: str) -> str | None:
    """Unix weekdays (0 and 7 are Sunday) in AWS's names: ``1-5`` gives ``MON-FRI``; None when unreadable."""
    text = text.upper()
    days: set[int] = set()
    names: list[str] = []
    for item in text.split(","):
        found = _ITEM.fullmatch(item)
        if found is None:
            return None
        star, first, last, step = found.groups()
        low, high = (0, 6) if star else (_number(first), _number(last or (first if not step else "6")))
        if low is None or high is None:
            return None
        if high < low:
            high += 7
        chosen = range(low, high + 1, int(step or 1))
        days.update(day % 7 for day in chosen)
        names.append(_span(low, high) if not step else ",".join(WEEKDAYS[day % 7] for day in chosen))
    if len(days) == 7:
        return "*"
    return ",".join(dict.fromkeys(",".join(names).split(",")))


def to_aws(fields: list[str]) -> list[str]:
    """Five Unix fields as AWS's six: a year, one ``?``, weekdays by name.

    Unix fires when *either* day field matches, which one AWS expression cannot say: the weekday is kept.
    Five fields that hold a ``?`` are AWS's own without their year.
    """
    minute, hour, day, month, weekday = fields
    if "?" in fields:
        return [*fields, "*"]
    named = name_weekdays(weekday) or weekday
    if named == "*":
        return [minute, hour, day, month, "?", "*"]
    return [minute, hour, "?", month, named, "*"]


def _number(day: str) -> int | None:
    if day.isdigit():
        return int(day)
    return WEEKDAYS.index(day) if day in WEEKDAYS else None


def _span(low: int, high: int) -> str:
    first, last = WEEKDAYS[low % 7], WEEKDAYS[high % 7]
    if low == high:
        return first
    return f"{first},{last}" if high == low + 1 else f"{first}-{last}"
