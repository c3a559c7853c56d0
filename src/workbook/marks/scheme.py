"""What an instructor says about marks, in one TOML file: when labs are due, what each weighs, what lateness costs."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from workbook.course.safefile import read_file
from workbook.course.table import ManifestError, Table, quoted
from workbook.marks.lateness import Policy

LARGEST = 64 * 1024
LONGEST_LINE = 4_000  # tomllib's time grows with the square of a dotted key's length


@dataclass(frozen=True)
class Terms:
    """One lab's: its column's header, its weight, and when it is due (with its time zone) if that is said."""

    column: str
    weight: Fraction = Fraction(1)
    due: datetime | None = None


@dataclass(frozen=True)
class Scheme:
    """`labs` by id, in the file's order; empty: every lab, on equal terms. `zone` is that of times which name none."""

    labs: Mapping[str, Terms] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    zone: ZoneInfo | None = None
    missing_is_zero: bool = False


def load(path: Path, find: Callable[[str], list[str]]) -> Scheme:
    """The scheme in the file at `path`; `find` gives the ids of the labs that a name may mean.

    Raises ManifestError, whatever the file holds.
    """
    top = Table(path, "", _parse(path), ("timezone", "missing", "late", "labs"))
    zone = _zone(top)
    return Scheme(_labs(top, zone, find), _policy(top), zone, _missing(top))


def _parse(path: Path) -> object:
    try:
        text = read_file(path, LARGEST).decode("utf-8-sig")
        if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
            raise ManifestError(path, None, f"has a line of more than {LONGEST_LINE} characters", "Break it.")
        return tomllib.loads(text)
    except FileNotFoundError as error:
        raise ManifestError(path, None, "there is no such file", "Name the TOML file with the due dates.") from error
    except OSError as error:
        raise ManifestError(path, None, f"cannot be read ({error.strerror})", "Name another file.") from error
    except UnicodeDecodeError as error:
        raise ManifestError(path, None, "is not UTF-8 text", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise ManifestError(path, None, "is nested too deeply", "Write plain tables and keys.") from error
    except ManifestError:
        raise
    except ValueError as error:
        raise ManifestError(path, None, f"is not valid TOML: {error}", "Mend that place.") from error


def _zone(top: Table) -> ZoneInfo | None:
    if "timezone" not in top:
        return None
    name = top.line("timezone")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        top.refuse("timezone", f"{quoted(name)} is no time zone", 'Write one such as "Europe/Oslo".')


def _missing(top: Table) -> bool:
    word = top.line("missing", "left out")
    if word not in ("left out", "zero"):
        top.refuse("missing", f"{quoted(word)} is not known", 'Write "zero" or "left out": what it is in the total.')
    return word == "zero"


def _policy(top: Table) -> Policy:
    late = top.table("late", "[late]", ("grace_minutes", "percent_per_day", "at_most", "free_days"))
    return Policy(
        grace=timedelta(minutes=late.whole("grace_minutes", 0, 0, 60 * 24 * 7, "minutes", owner="the workbook")),
        percent_per_day=_number(late, "percent_per_day", 0, 100),
        at_most=_number(late, "at_most", 100, 100),
        free_days=late.whole("free_days", 0, 0, 1000, "days", owner="the workbook"),
    )


def _labs(top: Table, zone: ZoneInfo | None, find: Callable[[str], list[str]]) -> dict[str, Terms]:
    tables = top.table("labs", "[labs]")
    labs: dict[str, Terms] = {}
    for name in tables:
        found = find(name)
        if len(found) != 1:
            could = (
                f"could be {' or '.join(map(quoted, found))}" if found else "is no lab of the gradebook or the course"
            )
            tables.refuse(quoted(name), could, "Write its number or its folder's name.")
        if found[0] in labs:
            tables.refuse(quoted(name), f"is {quoted(found[0])} again", "Leave one of the two out.")
        header = f"[labs.{name if name.isascii() and name.isprintable() else quoted(name)}]"
        table = tables.table(name, header, ("due", "weight", "column"))
        weight, column = _number(table, "weight", 1, 1_000_000), table.line("column", found[0])
        if column in (terms.column for terms in labs.values()):
            table.refuse("column", f"{quoted(column)} is another lab's too", "Give each its own.")
        labs[found[0]] = Terms(column, weight, _due(table, zone))
    return labs


def _number(table: Table, key: str, default: int, most: int) -> Fraction:
    value = table.value(key) if key in table else default
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= most:
        table.refuse(key, f"{quoted(value)} is no number from 0 to {most}", f"Write {key} = {default or 10}, say.")
    return Fraction(str(value))


def _due(table: Table, zone: ZoneInfo | None) -> datetime | None:
    value = table.value("due")
    if value is None:
        return None
    if not isinstance(value, datetime):
        only_date = isinstance(value, date)
        words = "is a date, and the time of that day is not said" if only_date else "is no time as TOML writes it"
        day = value.isoformat() if only_date else "2026-11-02"
        table.refuse("due", words, f"Write due = {day}T23:59:00, without quotes.")
    if value.tzinfo is None and zone is None:
        words = "names no time zone"
        cure = 'Write timezone = "Europe/Oslo" at the top of the file, or the offset behind the time (+02:00).'
        table.refuse("due", words, cure)
    return value if value.tzinfo else value.replace(tzinfo=zone)
