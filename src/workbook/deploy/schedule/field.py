"""One field of a cron expression: the values it may hold, and reading them."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

from workbook.deploy.schedule import unix
from workbook.deploy.schedule.refusal import Refusal


@dataclass(frozen=True)
class Field:
    """A position of a cron expression: its name, lowest and highest value, names of values in order."""

    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()

    @property
    def span(self) -> str:
        """The values in words, such as ``0-59`` or ``1-12 or JAN-DEC``."""
        named = f" or {self.names[0]}-{self.names[-1]}" if self.names else ""
        return f"{self.low}-{self.high}{named}"


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MINUTE = Field("minute", 0, 59)
HOUR = Field("hour", 0, 23)
DAY = Field("day of month", 1, 31)
MONTH = Field("month", 1, 12, MONTHS)
WEEKDAY = Field("day of week", 1, 7, unix.WEEKDAYS)
YEAR = Field("year", 1970, 2199)
FIELDS = (MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR)


@dataclass(frozen=True)
class Part:
    """A field as it was read.

    ``numbers``: the values it stands for, ascending; empty when ``special`` says it instead.
    ``special``: ``?``, ``L``, ``L-3``, ``LW``, ``15W``, ``6L`` or ``6#3`` (weekdays as AWS's numbers).
    ``doubts``: what is likely to surprise, a sentence each.
    """

    field: Field
    text: str
    numbers: tuple[int, ...] = ()
    special: str | None = None
    doubts: tuple[str, ...] = ()

    @property
    def every(self) -> bool:
        """Whether the field excludes nothing."""
        return len(self.numbers) == self.field.high - self.field.low + 1


_ITEM = re.compile(r"(\*|[A-Z]+|\d+)(?:-([A-Z]+|\d+))?(?:/(\d+))?")
_ZERO = re.compile(r"(?<![\d/#])0(?!\d)")
_DAY_SPECIAL = re.compile(r"L|LW|L-(?:[1-9]|[12]\d|30)|(?:0?[1-9]|[12]\d|3[01])W")
_WEEKDAY_SPECIAL = re.compile(r"([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])")


def read(field: Field, text: str) -> Part:
    """Read one field; raises Refusal, whose fix is the field's text alone."""
    upper = text.upper()
    if "?" in upper:
        return _read_any(field, text)
    if field is WEEKDAY and _ZERO.search(upper):
        problem = "0 is no weekday on AWS: Sunday is 1 or SUN, Saturday is 7 or SAT"
        raise Refusal(field.name, problem, unix.name_weekdays(upper) or _ZERO.sub("SUN", upper))
    if special := _read_special(field, text, upper):
        return special
    doubts: list[str] = []
    items = upper.split(",")
    if not all(items):
        kept = ",".join(filter(None, items))
        raise Refusal(field.name, f"{text} has a comma with nothing beside it", kept or None)
    if "*" in items and len(items) > 1:
        raise Refusal(field.name, f"{text} lists * beside other values; * is every value already", "*")
    if len(items) > 1 and any(_read_special(field, item, item) for item in items):
        raise Refusal(field.name, f"{text} lists L, W or #, which stand alone in their field")
    numbers: set[int] = set()
    for place, item in enumerate(items):
        try:
            numbers.update(_read_item(field, item, doubts))
        except Refusal as refusal:
            fix = refusal.fix
            if fix is not None and fix != "*":
                fix = ",".join([*items[:place], fix, *items[place + 1 :]])
            raise Refusal(field.name, refusal.problem, fix) from None
    return Part(field, text, tuple(sorted(numbers)), None, tuple(doubts))


def _read_any(field: Field, text: str) -> Part:
    if field not in (DAY, WEEKDAY):
        problem = "? belongs in a day field only; every value is *"
        raise Refusal(field.name, problem, "*" if text == "?" else text.replace("?", "*"))
    if text != "?":
        raise Refusal(field.name, f"? stands alone, not in {text}", text.strip("?,-/#") or None)
    return Part(field, text, (), "?")


def _read_special(field: Field, text: str, upper: str) -> Part | None:
    if field is DAY and _DAY_SPECIAL.fullmatch(upper):
        doubts: tuple[str, ...] = ()
        if upper.startswith("L-"):
            doubts = (f"{text} comes from Quartz; AWS documents L alone, so try it there before you rely on it",)
        if upper == "LW":
            doubts = ("LW is taken by the console, though AWS does not document it",)
        return Part(field, text, (), re.sub(r"^0", "", upper), doubts)
    if field is WEEKDAY and upper == "L":
        doubts = ("L alone is Saturday, the week's last day; write SAT, or FRIL for the month's last Friday",)
        return Part(field, text, (7,), None, doubts)
    if field is WEEKDAY and (found := _WEEKDAY_SPECIAL.fullmatch(upper)):
        return Part(field, text, (), f"{_number(field, upper, found[1])}{found[2]}")
    if field is WEEKDAY and "#" in upper:
        if "," in upper:
            raise Refusal(field.name, f"a # allows one weekday only, not {text}", upper.split(",")[0])
        raise Refusal(field.name, f"{text} is not one weekday, # and a number from 1 to 5")
    return None


def _read_item(field: Field, item: str, doubts: list[str]) -> list[int]:
    found = _ITEM.fullmatch(item)
    if found is None:
        raise _explain_item(field, item)
    first, last, step = found.groups()
    if first == "*" and last is not None:
        raise Refusal(field.name, f"{item} mixes * with a range", "*")
    if step is not None and field is WEEKDAY:
        problem = f"{item} has a step, which AWS does not document for weekdays; list the days"
        raise Refusal(field.name, problem, _list_weekdays(item, first, last, int(step)))
    if step is not None and first.isalpha():
        doubts.append(f"Quartz, which AWS's cron resembles, ignores a step after a name: write {item} in numbers")
    low = field.low if first == "*" else _number(field, item, first)
    high = _end(field, item, low, first, last, step)
    stride = 1 if step is None else _step(field, item, first, int(step))
    size = field.high - field.low + 1
    if high < low:
        _judge_wrap(field, item, low, high, doubts)
        high += size
    return [(value - field.low) % size + field.low for value in range(low, high + 1, stride)]


def _end(field: Field, item: str, low: int, first: str, last: str | None, step: str | None) -> int:
    if last is not None:
        return _number(field, item, last)
    return field.high if first == "*" or step is not None else low


def _judge_wrap(field: Field, item: str, low: int, high: int, doubts: list[str]) -> None:
    if field is YEAR:
        raise Refusal(field.name, f"{item} runs backwards", f"{high}-{low}")
    if field is HOUR:
        doubts.append(
            f"{item} runs over midnight: each day has its own hours after midnight, "
            f"so on a chosen day both 00:00-{high:02}:59 and {low:02}:00-23:59 fire"
        )
    else:
        doubts.append(f"{item} runs past the end of the {field.name} field; AWS does not document that")


def _number(field: Field, item: str, token: str) -> int:
    """The value of one name or number of an item; raises Refusal, whose fix is the item."""
    if token in field.names:
        return field.names.index(token) + field.low
    if not token.isdigit():
        problem, right = _explain_name(field, token)
        raise Refusal(field.name, problem, _swap(item, token, right))
    value = int(token)
    fits = field.low <= value <= field.high
    if fits and len(token) <= len(str(field.high)):
        return value
    if fits:
        raise Refusal(field.name, f"{token} has more digits than the field takes", _swap(item, token, str(value)))
    right = None
    if field.low == 0 and value == field.high + 1:
        right = "0" if item == token else str(field.high)
    elif field is YEAR and len(token) == 2:
        right = f"20{token}"
    raise Refusal(field.name, f"{token} is outside {field.span}", _swap(item, token, right))


def _swap(item: str, token: str, right: str | None) -> str | None:
    return right and re.sub(rf"(?<![A-Z\d]){token}(?![A-Z\d])", right, item, count=1)


def _step(field: Field, item: str, first: str, step: int) -> int:
    most = field.high if field is not YEAR else field.high - field.low
    if step == 0:
        raise Refusal(field.name, f"the step of {item} is 0; the smallest is 1", first)
    if step > most:
        problem = f"the step of {item} is larger than the field's {most}"
        if field is MINUTE and step > 60:
            problem += f"; every {step} minutes is rate({step} minutes)"
        raise Refusal(field.name, problem, str(field.low) if step == most + 1 and field.low == 0 else None)
    return step


def _list_weekdays(item: str, first: str, last: str | None, step: int) -> str | None:
    if not 1 <= step <= 7:
        return None
    low = 1 if first == "*" else _number(WEEKDAY, item, first)
    high = 7 if last is None else _number(WEEKDAY, item, last)
    return ",".join(unix.WEEKDAYS[(day - 1) % 7] for day in range(low, (high if high >= low else high + 7) + 1, step))


def _explain_name(field: Field, token: str) -> tuple[str, str | None]:
    if not field.names:
        return f"{token} is no number from {field.span}", None
    close = [name for name in field.names if token.startswith(name)] or get_close_matches(token[:3], field.names, 1)
    known = "weekdays" if field is WEEKDAY else "months"
    problem = f"{token} is none of AWS's names for {known}, {field.names[0]} to {field.names[-1]}"
    return problem, close[0] if close else None


def _explain_item(field: Field, item: str) -> Refusal:
    if item.startswith("/"):
        return Refusal(field.name, f"{item} has no start before its step", f"*{item}")
    if item.startswith("-") and item[1:].isdigit():
        return Refusal(field.name, f"{item} is negative", item[1:])
    if re.search(r"[LW#]", item) and field not in (DAY, WEEKDAY):
        return Refusal(field.name, f"{item} uses a wildcard of the day fields; this one takes , - * and /")
    wildcards = {DAY: ", - * ? / L W", WEEKDAY: ", - * ? L #"}.get(field, ", - * /")
    return Refusal(field.name, f"{item} cannot be read; it takes {field.span} and {wildcards}")
