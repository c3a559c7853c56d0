"""When hand-ins came, from a CSV file: the instructor's own (`id,submitted`, perhaps `lab`), or an export of Moodle's
or Gradescope's."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from workbook.submissions.downloads import Student
from workbook.submissions.names import shown
from workbook.submissions.roster import IDS, KNOWN, NAMES, Roster
from workbook.submissions.spreadsheet import Row, Spreadsheet, SpreadsheetError

# Headers in lower case: the instructor's own, Gradescope's, Moodle's (the grading worksheet).
TIMES = ("submitted", "submitted at", "submission time", "last modified (submission)")
LABS = ("lab", "assignment")
_MOODLE = "%A, %d %B %Y, %I:%M %p"
_OFFSET = re.compile(r"\s+(?=[+-][0-9]{2}:?[0-9]{2}$|Z$)")  # Gradescope parts it by a blank


class SubmittedError(ValueError):
    """The file does not say when hand-ins came; the text says where and what to do."""


@dataclass
class Submitted:
    """Times, each with its zone, by (lab, person's id); `unknown` are lines of nobody in the roster, in words."""

    times: dict[tuple[str, str], datetime] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def read(
        self, path: Path, lab: str | None, roster: Roster, find: Callable[[str], list[str]], zone: tzinfo | None
    ) -> None:
        """Add what the file at `path` says; all of it of `lab`, unless it has a column for that.

        `find` gives the labs that a name may mean, `zone` is that of times which name none. Raises SubmittedError.
        """
        try:
            sheet = Spreadsheet.read(path, (*KNOWN, *TIMES, *LABS))
            headers = {header.casefold(): header for header in sheet.header}
            at = _column(headers, TIMES) or _lack(sheet, "submitted", "says when")
            lab_at = _column(headers, LABS)
            if not lab and not lab_at:
                _lack(sheet, "lab", "says of which lab; or give the file as LAB=FILE")
            for row in sheet.rows:
                self._add(row, at, lab or _lab(row, lab_at or "", find), roster, zone)
        except SpreadsheetError as error:
            place = f"{path}, line {error.line}" if error.line else str(path)
            raise SubmittedError(f"{place}: {error}") from error

    def _add(self, row: Row, at: str, lab: str, roster: Roster, zone: tzinfo | None) -> None:
        text = row.cells[at]
        if text in ("", "-"):  # Moodle's, for one who handed in nothing
            return
        named = _identities(row)
        found = [match.person for student in named if (match := roster.match(student)).person]
        if not found:
            self.unknown.append(f"line {row.line} ({', '.join(shown(student.id) for student in named[:2]) or 'no id'})")
            return
        assert found[0]
        key = lab, found[0].id
        if key in self.times:
            words = f"{shown(found[0].id)} has two times for {shown(lab)}. Keep that of the hand-in that was graded."
            raise SpreadsheetError(words, row.line)
        self.times[key] = _read_time(text, zone, row.line)


def _column(headers: dict[str, str], known: Iterable[str]) -> str | None:
    return next((headers[name] for name in known if name in headers), None)


def _lack(sheet: Spreadsheet, header: str, what: str) -> str:
    raise SpreadsheetError(f"No column {what}. Write `{header}` over the one that does.", sheet.line)


def _lab(row: Row, header: str, find: Callable[[str], list[str]]) -> str:
    name = row.cells[header]
    found = find(name)
    if len(found) != 1:
        raise SpreadsheetError(f"{shown(name)} is no lab here. Write a lab's number or its folder's name.", row.line)
    return found[0]


def _identities(row: Row) -> list[Student]:
    """What tells whose the line is, the surest first."""
    cells = {header.casefold(): cell for header, cell in row.cells.items()}
    found = [Student(cells[header], "") for header in IDS if cells.get(header)]
    return found + [Student(cells[header], cells[header]) for header in NAMES if cells.get(header)]


def _read_time(text: str, zone: tzinfo | None, line: int) -> datetime:
    try:
        time = _parse_time(text)
    except ValueError:
        words = f"{shown(text)} is no time that can be read. Write it as 2026-11-02 23:59:00."
        raise SpreadsheetError(words, line) from None
    if time.tzinfo is None and zone is None:
        words = f'{shown(text)} names no time zone. Write timezone = "Europe/Oslo", say, in the file of --marks.'
        raise SpreadsheetError(words, line)
    return time if time.tzinfo else time.replace(tzinfo=zone)


def _parse_time(text: str) -> datetime:
    """Raises ValueError, for a date without a time too."""
    try:
        time = datetime.fromisoformat(_OFFSET.sub("", text))
    except ValueError:
        return datetime.strptime(text, _MOODLE)
    if ":" not in text:
        raise ValueError(text)
    return time
