"""A schedule in plain English."""

import calendar as names
from collections.abc import Callable, Sequence
from itertools import pairwise

from workbook.deploy.schedule.at import At
from workbook.deploy.schedule.cron import Cron
from workbook.deploy.schedule.field import Part
from workbook.deploy.schedule.rate import Rate

_MOST_LISTED = 6
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def describe(rule: Rate | Cron | At, zone: str) -> str:
    """What a rule says; ``zone`` is the time zone in which its fields are read."""
    if isinstance(rule, Rate):
        often = rule.unit if rule.value == 1 else _count(rule.value, rule.unit)
        return f"every {often}, counted from its creation"
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
        often = f"at {_count(minutes[0], 'minute')} past the hour" if minutes[0] else "on the hour"
    else:
        often = f"at minutes {_join(_spans(minutes, str))} of the hour"
    if hour.every:
        return f"{often}, every hour" if len(minutes) == 1 else often
    if (step := _step(hours)) > 1 and step * len(hours) == 24:
        start = f"from {hours[0]:02}:00 {zone}"
        return f"{often}, " + (
            f"every {step} hours {start}" if len(minutes) == 1 else f"in every {_ordinal(step)} hour {start}"
        )
    windows = _join([_window(low, high, minutes) for low, high in _runs(hours)])
    return f"{often} {'from' if ' to ' in windows else 'at'} {windows} {zone}"


def _window(first: int, last: int, minutes: Sequence[int]) -> str:
    start, end = f"{first:02}:{minutes[0]:02}", f"{last:02}:{minutes[-1]:02}"
    return start if start == end else f"{start} to {end}"


def _days(day: Part, weekday: Part) -> str:
    match weekday.special if day.special == "?" else day.special:
        case "L":
            return "on the last day of the month"
        case "LW":
            return "on the last working day of the month"
        case str(said) if said.startswith("L-"):
            return f"{_count(int(said[2:]), 'day')} before the last day of the month"
        case str(said) if said.endswith("W"):
            return f"on the working day nearest the {_ordinal(int(said[:-1]))} of the month"
        case str(said) if said.endswith("L"):
            return f"on the last {_weekday(int(said[0]))} of the month"
        case str(said) if "#" in said:
            return f"on the {_ORDINALS[int(said[2]) - 1]} {_weekday(int(said[0]))} of the month"
    if day.every or weekday.every:
        return "every day"
    if day.numbers:
        return f"on the {_join(_spans(day.numbers, _ordinal))} of the month"
    if len(weekday.numbers) == 1:
        return f"every {_weekday(weekday.numbers[0])}"
    sunday_first = _spans(weekday.numbers, _weekday)
    monday_first = _spans(sorted((number - 2) % 7 + 2 for number in weekday.numbers), _weekday)
    return _join(min(monday_first, sunday_first, key=len))


def _months(cron: Cron) -> str:
    if cron.month.every:
        return ""
    return _within(_spans(cron.month.numbers, lambda month: names.month_name[month]))


def _years(year: Part) -> str:
    return "" if year.every else _within(_spans(year.numbers, str))


def _within(spans: list[str]) -> str:
    return f"{'from' if ' to ' in spans[0] else 'in'} {_join(spans)}"


def _weekday(number: int) -> str:
    return names.day_name[(number + 5) % 7]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _step(numbers: Sequence[int]) -> int:
    """The distance between neighbours when it is the same for all, else 0."""
    distances = {after - before for before, after in pairwise(numbers)}
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
