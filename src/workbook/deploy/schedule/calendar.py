"""Firings drawn as plain text: a month of days, or seven days of hours."""

import calendar as names
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta


def draw_month(firings: Iterable[datetime], year: int, month: int) -> list[str]:
    """The month as lines of at most 80 columns: ``[15]`` is a day with a firing, ``[15]x3`` one with three.

    Firings of other months are left out; days are those of the datetimes' own zone.
    """
    count = Counter(moment.day for moment in firings if (moment.year, moment.month) == (year, month))
    lines = [f"{names.month_name[month]} {year:04}", "".join(f"{name:<10}" for name in names.day_abbr).rstrip()]
    for week in names.Calendar().monthdayscalendar(year, month):
        lines.append("".join(f"{_day(day, count[day]):<10}" for day in week).rstrip())
    return lines


def draw_week(firings: Iterable[datetime], first: date) -> list[str]:
    """Seven days from ``first`` as lines of at most 80 columns: how many firings each hour has.

    Hours without a firing in the seven days are left out, and firings outside them.
    """
    week = [first + timedelta(days=days) for days in range(7)]
    count = Counter((moment.date(), moment.hour) for moment in firings)
    lines = [f"Seven days from {first.day} {names.month_name[first.month]} {first.year:04}, firings by the hour"]
    lines.append("     " + "".join(f"{f'{names.day_abbr[day.weekday()]} {day.day}':>9}" for day in week))
    for hour in range(24):
        cells = [count[day, hour] for day in week]
        if any(cells):
            lines.append(f"{hour:02}:00" + "".join(f"{cell or '.':>9}" for cell in cells))
    return lines


def _day(day: int, firings: int) -> str:
    if not day:
        return ""
    if not firings:
        return f" {day:>2}"
    return f"[{day:>2}]" + (f"x{firings}" if firings > 1 else "")
