"""Firings drawn as plain text: a month of days, or a week of hours."""

import calendar as names
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

WIDTH = 80


def draw_month(firings: Iterable[datetime], year: int, month: int) -> list[str]:
    """The month as lines of at most 80 columns: ``[15]`` is a day with a firing, ``[15]x3`` one with three.

    Firings of other months are left out; days are those of the datetimes' own zone.
    """
    count = Counter(moment.day for moment in firings if (moment.year, moment.month) == (year, month))
    lines = [f"{names.month_name[month]} {year:04}", "".join(f"{name:<10}" for name in names.day_abbr).rstrip()]
    for week in names.Calendar().monthdayscalendar(year, month):
        lines.append("".join(f"{_day(day, count[day]):<10}" for day in week).rstrip())
    return lines


def draw_week(firings: Iterable[datetime], day: date) -> list[str]:
    """The week that holds ``day``, Monday first, as lines of at most 80 columns: how many firings each hour has.

    Hours without a firing all week are left out; firings of other weeks too.
    """
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=days) for days in range(7)]
    count = Counter((moment.date(), moment.hour) for moment in firings)
    lines = [f"Week of {monday.day} {names.month_name[monday.month]} {monday.year:04}"]
    lines.append("       " + "".join(f"{f'{names.day_abbr[d.weekday()]} {d.day}':>9}" for d in week))
    for hour in range(24):
        cells = [count[d, hour] for d in week]
        if any(cells):
            lines.append(f"{hour:02}:00  " + "".join(f"{str(cell) if cell else '.':>9}" for cell in cells))
    return lines


def _day(day: int, firings: int) -> str:
    if not day:
        return ""
    if not firings:
        return f" {day:>2}"
    return f"[{day:>2}]" + (f"x{firings}" if firings > 1 else "")
