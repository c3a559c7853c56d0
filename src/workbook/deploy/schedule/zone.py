"""Time zones by their IANA name."""

from datetime import UTC, tzinfo
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from workbook.deploy.schedule.refusal import ScheduleError, shown


def find(name: str) -> tzinfo:
    """The zone of an IANA name such as ``Europe/Oslo``; raises ScheduleError.

    ``UTC`` needs no database; every other zone needs the system's, or the package tzdata on Windows.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        known = available_timezones()
    problem = f"{shown(name)} is no IANA zone, such as Europe/Oslo"
    if not known:
        problem = "this computer has no time zone database; install the package tzdata, or use UTC"
    close = _guess(name, known) if len(name) <= 50 else None
    raise ScheduleError(name, "timezone", problem, None, close)


def _guess(name: str, known: set[str]) -> str | None:
    cities = {zone.rpartition("/")[2].lower(): zone for zone in sorted(known, reverse=True)}
    city = name.strip().replace(" ", "_").rpartition("/")[2].lower()
    close = get_close_matches(city, cities, 1, 0.75)
    return cities[close[0]] if close else None
