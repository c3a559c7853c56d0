"""``rate(...)``: every so many minutes, hours or days, counted from the schedule's creation."""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from fractions import Fraction
from math import ceil

from workbook.deploy.schedule.expression import Service
from workbook.deploy.schedule.refusal import Refusal

_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
_UNITS = (*_MINUTES, *(f"{unit}s" for unit in _MINUTES))
_WHOLE = re.compile(r"([1-9][0-9]*) ([A-Za-z]+)")
_LOOSE = re.compile(r"([+-]?\d*(?:\.\d+)?) *([A-Za-z]*)")
_LONGER = {"second": Fraction(1, 60), "week": Fraction(10080)}
_SHORT = {"s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day"}
_CALENDAR = {"month": "cron(0 0 1 * ? *)", "year": "cron(0 0 1 1 ? *)"}


@dataclass(frozen=True)
class Rate:
    """``value`` times ``unit`` (``minute``, ``hour`` or ``day``; a day is 24 hours)."""

    value: int
    unit: str
    doubts: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return self.value * _MINUTES[self.unit]

    @property
    def interval(self) -> timedelta | None:
        """The time between two firings; None when it is longer than the calendar."""
        try:
            return timedelta(minutes=self.minutes)
        except OverflowError:
            return None


def read(inside: str, service: Service) -> Rate:
    """Read what stands in ``rate(...)``; raises Refusal.

    Rules want the singular for 1 and the plural above (eb-rate-expressions, and LocalStack's tests validated
    against AWS). Scheduler's pages contradict themselves and no refusal of its is known: there the same is
    taken with a doubt.
    """
    if inside != inside.strip() and inside.strip():
        raise Refusal("expression", "there is a space beside a parenthesis", f"rate({inside.strip()})")
    found = _WHOLE.fullmatch(inside)
    if found is None:
        raise _explain(inside)
    value, written = int(found[1]), found[2]
    unit = written.lower().removesuffix("s")
    if written.lower() not in _UNITS:
        raise _explain(inside)
    right = _spell(value, unit)
    doubts = []
    if written != right:
        problem = f"{written} is in capitals, and AWS writes {right}"
        if written.islower():
            number = "1 takes the singular" if value == 1 else f"{value} takes the plural"
            problem = f"{number}, {right}, not {written}"
        if service is Service.RULES:
            raise Refusal("unit", problem, f"rate({value} {right})")
        doubts.append(f"{problem}; a rule refuses it, and Scheduler is not known to: write rate({value} {right})")
    return Rate(value, unit, (*doubts, *_surprises(value, unit)))


def _spell(value: int, unit: str) -> str:
    return unit if value == 1 else f"{unit}s"


def _surprises(value: int, unit: str) -> list[str]:
    said = []
    size = {"minute": 60, "hour": 24, "day": 0}[unit]
    if (value, unit) != (1, "minute"):
        fixed = ""
        if unit == "day" and value == 1:
            fixed = "; cron(0 12 * * ? *) fixes the time of day"
        elif size and size % value == 0:
            step = f"0/{value}" if unit == "minute" else f"0 0/{value}"
            step = {"0/60": "0", "0 0/1": "0 *", "0 0/24": "0 0"}.get(step, step)
            fixed = f"; cron({step}{' *' if unit == 'minute' else ''} * * ? *) fires on the clock"
        said.append(f"it counts from the moment of creation, so its place on the clock is not known beforehand{fixed}")
    if value * _MINUTES[unit] > 366 * 1440:
        said.append("AWS documents no largest value, so whether it takes one beyond a year is not known")
    return said


def _explain(inside: str) -> Refusal:
    if not inside.strip():
        return Refusal("value", "a number and a unit are missing, as in rate(5 minutes)")
    found = _LOOSE.fullmatch(inside)
    if found is None:
        problem = f"{inside.split()[0]} is not a number; a rate is a number, one space and a unit"
        return Refusal("value", problem)
    number, written = found.groups()
    unit = written.lower().removesuffix("s") if len(written) > 1 else written.lower()
    unit = _SHORT.get(unit, unit)
    if not written:
        return Refusal("unit", "it is missing: minutes, hours or days", f"rate({number} minutes)")
    if unit not in (*_MINUTES, *_LONGER, *_CALENDAR):
        close = get_close_matches(written.lower(), _UNITS, 1)
        fix = f"rate({number} {close[0]})" if close else None
        return Refusal("unit", f"{written} is none of minute, minutes, hour, hours, day and days", fix)
    if number in ("", "+", "-"):
        return Refusal("value", "the number is missing", f"rate(1 {unit})")
    value = abs(Fraction(number))
    if unit in _CALENDAR:
        fix = _CALENDAR[unit] if value == 1 else None
        return Refusal("unit", f"AWS counts no {unit}s, which differ in length; that is for cron", fix)
    fix = _in_minutes(value * (_LONGER.get(unit) or _MINUTES[unit]))
    if unit in _LONGER:
        return Refusal("unit", f"AWS counts minutes, hours and days, not {unit}s", fix)
    if not value:
        return Refusal("value", "it is 0; the shortest rate is one minute", f"rate(1 {unit})")
    if number.startswith("-"):
        return Refusal("value", "it is negative; AWS takes a positive whole number", fix)
    if "." in number:
        return Refusal("value", f"{number} is not a whole number", fix)
    if written.lower() not in _UNITS:
        return Refusal("unit", f"{written} is short for {unit}s, which AWS wants in full", fix)
    return Refusal("value", "AWS takes a whole number without sign or leading zero, one space, then the unit", fix)


def _in_minutes(exact: Fraction) -> str:
    """The rate of about so many minutes, in its largest whole unit."""
    minutes = max(1, ceil(exact))
    unit = next(unit for unit in ("day", "hour", "minute") if minutes % _MINUTES[unit] == 0)
    value = minutes // _MINUTES[unit]
    return f"rate({value} {_spell(value, unit)})"
