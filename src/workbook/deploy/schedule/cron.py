"""``cron(...)``: six fields, exactly one of the two day fields a question mark."""

import re
from calendar import monthrange
from dataclasses import dataclass

from workbook.deploy.schedule import field as fields
from workbook.deploy.schedule import unix
from workbook.deploy.schedule.expression import Service
from workbook.deploy.schedule.field import Part
from workbook.deploy.schedule.refusal import Refusal

_COMMON_YEAR = 2026  # February has 28 days


@dataclass(frozen=True)
class Cron:
    """The six fields as they were read, and the sentences that a reader of the expression should see."""

    minute: Part
    hour: Part
    day: Part
    month: Part
    weekday: Part
    year: Part
    doubts: tuple[str, ...]


def read(inside: str, service: Service) -> Cron:
    """Read what stands in ``cron(...)``; raises Refusal.

    Sources: EventBridge User Guide, eb-scheduled-rule-pattern; Scheduler User Guide, schedule-types.
    """
    if not inside.strip():
        raise Refusal("expression", "it has no fields; every day at noon is cron(0 12 * * ? *)")
    if inside != inside.strip():
        raise Refusal("expression", "there is a space beside a parenthesis", _whole(inside.split()))
    texts = [text.removesuffix(",") or text for text in inside.split()]
    doubts: list[str] = []
    if texts != inside.split():
        doubts.append("AWS takes a comma at the end of a field, though no page of its says so; leave it out")
    if "  " in inside:
        doubts.append("AWS documents one space between fields; here there are more")
    if len(texts) == 5 and service is Service.SCHEDULER and (texts[2] == "?") != (texts[4] == "?"):
        doubts.append("AWS's pages disagree on whether the year may be left out; write the sixth field, *")
        texts = [*texts, "*"]
    if len(texts) != len(fields.FIELDS):
        raise _explain_count(inside, texts)
    if _counts_seconds(texts):
        problem = "six fields that start with seconds; AWS starts with minutes and ends with the year"
        raise Refusal("expression", problem, _whole(unix.to_aws(texts[1:])))
    _judge_days(texts)
    parts = []
    for place, (field, text) in enumerate(zip(fields.FIELDS, texts, strict=True)):
        try:
            parts.append(fields.read(field, text))
        except Refusal as refusal:
            fix = refusal.fix
            if fix is not None:
                fix = _whole([*texts[:place], fix, *texts[place + 1 :]])
            raise Refusal(refusal.field, refusal.problem, fix) from None
    doubts.extend(doubt for part in parts for doubt in part.doubts)
    minute, hour, day, month, weekday, year = parts
    doubts.extend(_surprises(minute, hour, day, month, weekday))
    return Cron(minute, hour, day, month, weekday, year, tuple(doubts))


def _whole(texts: list[str]) -> str:
    return f"cron({' '.join(texts)})"


def _explain_count(inside: str, texts: list[str]) -> Refusal:
    joined = re.sub(r" *([,/#-]) *", r"\1", inside)
    if joined != inside and len(joined.split()) in (5, 6):
        return Refusal("expression", "there are spaces inside a field", f"cron({joined})")
    if len(texts) == 5 and "?" in texts:
        return Refusal("year", "it is missing; AWS asks for six fields", _whole([*texts, "*"]))
    if len(texts) == 5:
        problem = unix.FIVE_FIELDS
        if texts[2] != "*" and texts[4] != "*":
            problem += (
                f"; Unix fires on either day field, which takes two expressions on AWS, "
                f"the other being {_whole([*texts[:4], '?', '*'])}"
            )
        return Refusal("expression", problem, _whole(unix.to_aws(texts)))
    if len(texts) == 7:
        problem = "seven fields are Quartz cron; AWS has no seconds and starts with minutes"
        return Refusal("expression", problem, _whole(texts[1:]))
    many = "field" if len(texts) == 1 else "fields"
    problem = f"it has {len(texts)} {many}; AWS takes six: minute hour day-of-month month day-of-week year"
    return Refusal("expression", problem)


def _counts_seconds(texts: list[str]) -> bool:
    last = texts[-1].upper()
    weekday = last == "?" or bool(re.match(r"(SUN|MON|TUE|WED|THU|FRI|SAT|[0-7]($|[-,#L]))", last))
    return weekday and all(re.fullmatch(r"[\d*/,-]+", text) for text in texts[:3])


def _judge_days(texts: list[str]) -> None:
    """Exactly one day field is ``?``: whichever is not constrained."""
    day, weekday = texts[2], texts[4]
    if (day == "?") != (weekday == "?"):
        return
    mended = list(texts)
    if day == "?":
        mended[2] = "*"
        raise Refusal(
            "day of week", "both day fields are ?; exactly one may be, the other is * or a day", _whole(mended)
        )
    rule = "AWS reads one day field and wants ? in the other"
    if weekday == "*":
        mended[4] = "?"
        raise Refusal("day of week", f"{rule}: replace its * by ?", _whole(mended))
    if day == "*":
        mended[2] = "?"
        note = ""
        if weekday == "1-5":
            mended[4] = "MON-FRI"
            note = "; and 1-5 is SUN-THU on AWS, so say MON-FRI if you mean that"
        raise Refusal("day of month", f"{rule}: replace its * by ?{note}", _whole(mended))
    other = [*texts[:2], "?", *texts[3:]]
    mended[4] = "?"
    problem = f"{rule}; both are set: replace one of them, or make two schedules, the other being {_whole(other)}"
    raise Refusal("day of week", problem, _whole(mended))


def _surprises(minute: Part, hour: Part, day: Part, month: Part, weekday: Part) -> list[str]:
    said = []
    if weekday.special is None and weekday.numbers and re.search(r"\d", weekday.text):
        names = ",".join(unix.WEEKDAYS[number - 1] for number in weekday.numbers)
        if len(weekday.numbers) > 2 and weekday.numbers[-1] - weekday.numbers[0] == len(weekday.numbers) - 1:
            names = f"{names[:3]}-{names[-3:]}"
        said.append(f"{weekday.text} in the day-of-week field means {names}: on AWS 1 is Sunday; names leave no doubt")
    for part, whole in ((minute, "hour"), (hour, "day")):
        found = re.fullmatch(r"(?:\*|0+)/(\d+)", part.text)
        size = part.field.high + 1
        if found and size % int(found[1]):
            gap = size - part.numbers[-1]
            said.append(
                f"{part.text} starts anew each {whole}: the last step, from {part.numbers[-1]}, "
                f"is {gap} {part.field.name}{'s' if gap > 1 else ''} long"
            )
    if day.numbers and day.numbers[0] > min(monthrange(_COMMON_YEAR, number)[1] for number in month.numbers):
        said.append(f"a month without a day {day.numbers[0]} is skipped; L is the last day of every month")
    return said
