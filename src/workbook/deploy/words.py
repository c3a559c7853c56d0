"""A schedule in plain English."""

import calendar as names
from collections.abc import Callable, Sequence

from workbook.deploy.at import At
from workbook.deploy.cron import Cron
from workbook.deploy.field import Part
from workbook.deploy.rate import Rate

_MOST_LISTED = 6
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def describe(rule: Rate | Cron | At, zone: str) -> str:
    """What a rule says; ``zone`` is the time zone in which its fields are read."""
    if isinstance(rule, Rate):
        often = f"every {rule.unit}" if rule.value == 1 else f"every {rule.value} {rule.unit}s"
        return f"{often}, counted from its creation"
    if isinstance(rule, At):
        return f"once, at {rule.moment:%H:%M:%S} {zone} on {_date(rule)}"
    said = (_times(rule.minute, rule.hour, zone), _days(rule.day, rule.weekday), _months(rule), _years(rule.year))
    return ", ".join(filter(None, said))


def _date(at: At) -> str:
    return f"{at.moment.day} {names.month_name[at.moment.month]} {at.moment.year:04}"


def _times(minute: Part, hour: Part, zone: str) -> str:
    minutes, hours = minute.numbers, hour.numbers
    if len(minutes) * len(hours) <= _MOST_LISTED:
        return f"at {_join([f'{h:02}:{m:02}' for h in hours for m in minutes])} {zone}"
    if minute.every:
        often = "every minute"
    elif (step := _step(minutes)) and step * len(minutes) == 60:
        often = f"every {step} minutes" + (f" from minute {minutes[0]}" if minutes[0] else "")
    elif len(minutes) == 1:
        often = f"at {minutes[0]} minutes past the hour" if minutes[0] else "on the hour"
    else:
        often = f"at minutes {_join(_spans(minutes, str))} of the hour"
    if hour.every:
        return f"{often}, every hour" if len(minutes) == 1 else often
    if (step := _step(hours)) > 1 and step * len(hours) == 24:
        first = f" from {hours[0]:02}:00 {zone}" if hours[0] else f" from midnight {zone}"
        return f"{often}, every {step} hours{first}"
    first, last = minutes[0], minutes[-1]
    windows = [f"{low:02}:{first:02} to {high:02}:{last:02}" for low, high in _runs(hours)]
    if all(low == high for low, high in _runs(hours)):
        return f"{often} in the hours {_join([f'{h:02}:00' for h in hours])} {zone}"
    return f"{often} from {_join(windows)} {zone}"


def _days(day: Part, weekday: Part) -> str:
    match day.special or weekday.special:
        case "L":
            return "on the last day of the month"
        case "LW":
            return "on the last working day of the month"
        case str(special) if special.startswith("L-"):
            return f"{special[2:]} days before the last day of the month"
        case str(special) if special.endswith("W"):
            return f"on the working day nearest the {_ordinal(int(special[:-1]))} of the month"
    special = weekday.special or ""
    if special.endswith("L"):
        return f"on the last {_weekday(int(special[0]))} of the month"
    if "#" in special:
        return f"on the {_ORDINALS[int(special[2]) - 1]} {_weekday(int(special[0]))} of the month"
    if day.every or weekday.every:
        return "every day"
    if day.numbers:
        return f"on the {_join(_spans(day.numbers, _ordinal))} of the month"
    monday_first = sorted(weekday.numbers, key=lambda number: (number + 5) % 7)
    if len(monday_first) == 1:
        return f"every {_weekday(monday_first[0])}"
    return _join(_spans([(number + 5) % 7 for number in monday_first], lambda place: names.day_name[place]))


def _months(cron: Cron) -> str:
    if cron.month.every:
        return ""
    return f"in {_join(_spans(cron.month.numbers, lambda month: names.month_name[month]))}"


def _years(year: Part) -> str:
    return "" if year.every else f"in {_join(_spans(year.numbers, str))}"


def _weekday(number: int) -> str:
    return names.day_name[(number + 5) % 7]


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _step(numbers: Sequence[int]) -> int:
    """The distance between neighbours when it is the same for all, else 0."""
    distances = {after - before for before, after in zip(numbers, numbers[1:], strict=False)}
    return distances.pop() if len(distances) == 1 else 0


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbouring numbers as (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs


def _spans(numbers: Sequence[int], say: Callable[[int], str]) -> list[str]:
    spans = []
    for low, high in _runs(numbers):
        if high - low > 1:
            spans.append(f"{say(low)} to {say(high)}")
        else:
            spans.extend(say(number) for number in range(low, high + 1))
    return spans


def _join(items: Sequence[str]) -> str:
    if len(items) > 12:
        items = [*items[:11], f"{len(items) - 11} more"]
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))
