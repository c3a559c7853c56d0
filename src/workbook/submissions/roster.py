"""A class list: who is in the course, and whose each submission is."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, auto
from pathlib import Path
from types import MappingProxyType

from workbook.submissions.downloads import Student, System
from workbook.submissions.names import has_unseen, shown, some
from workbook.submissions.spreadsheet import Spreadsheet, SpreadsheetError

# Headers, in lower case. Of those that identify, the first that is there is the id: the instructor's own before
# Gradescope's, Moodle's and Canvas's (whose number is an `ID` too).
IDS = (
    "id", "student id", "sid", "identifier", "id number", "sis user id", "username", "sis login id", "email",
    "email address",
)  # fmt: skip
NAMES = ("name", "full name", "student", "student name")
FIRST_NAMES = ("first name",)
LAST_NAMES = ("last name", "surname")
# Where each system writes the number that stands in the names of its bulk downloads.
NUMBERS = {System.MOODLE: "identifier", System.CANVAS: "id", System.GRADESCOPE: "submission id"}
KNOWN = (*IDS, *NAMES, *FIRST_NAMES, *LAST_NAMES, *NUMBERS.values())


class RosterError(ValueError):
    """A file is no class list; the text says which, in which line, and what to do."""


@dataclass(frozen=True)
class Person:
    """One line of a roster. `columns` has all its cells, by the headers as they are spelled there."""

    id: str
    name: str
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)


class Evidence(IntEnum):
    """What a match rests on, strongest first."""

    ID = auto()
    ACCOUNT = auto()  # the id in another case, or another column that identifies: a login, an email address
    NUMBER = auto()  # the system's own; Canvas lets a name hold numbers, so there the name must agree
    NAME = auto()


@dataclass(frozen=True)
class Match:
    """Whose a submission is by the roster: a `person`, or a `remark` that says why nobody was found."""

    person: Person | None = None
    evidence: Evidence | None = None
    remark: str | None = None


class Roster:
    """The people of a course, in order, and whose a submission is among them."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = tuple(people)
        self._by_id = _index((person.id, person) for person in self.people)
        self._by_account = _index(
            (text.casefold(), person) for person in self.people for text in (person.id, *_cells(person, IDS))
        )
        self._by_number = _index(
            ((system, number), person)
            for person in self.people
            for system, header in NUMBERS.items()
            for text in _cells(person, (header,))
            for number in re.findall(r"(?:^|\s)([0-9]+)$", text)
        )
        self._by_name = _index((spelling, person) for person in self.people for spelling in _spellings(person.name))

    @classmethod
    def read(cls, path: Path) -> "Roster":
        """The class list in the CSV file at `path`.

        Its columns are found by their headers, in any case: `id` and `name`, or those that Moodle, Canvas and
        Gradescope write (IDS, NAMES, FIRST_NAMES with LAST_NAMES). Raises RosterError.
        """
        try:
            return cls(_people(Spreadsheet.read(path, KNOWN)))
        except SpreadsheetError as error:
            place = f"{path}, line {error.line}" if error.line else str(path)
            raise RosterError(f"{place}: {error}") from error

    def match(self, student: Student) -> Match:
        """The one person whose submission this is by its name, or none: never one of several."""
        called = dict.fromkeys([student.id] if student.system else [student.id, student.name])
        named = self._by_name.get(_plain(student.name), [])
        numbered = self._by_number.get((student.system, student.number), []) if student.system else []
        if student.system is System.CANVAS and numbered and not any(person in named for person in numbered):
            return Match(remark=f"Its number is that of {_list(numbered)}, its name {shown(student.name)} is not.")
        for evidence, people in (
            (Evidence.ID, [person for name in called for person in self._by_id.get(name, [])]),
            (Evidence.ACCOUNT, [person for name in called for person in self._by_account.get(name.casefold(), [])]),
            (Evidence.NUMBER, numbered),
            (Evidence.NAME, named),
        ):
            if len(people) == 1:
                return Match(people[0], evidence)
            if people:
                return Match(remark=f"It may be of {_list(people)}. Give its folder the id of one of them.")
        return Match(remark=f"Nobody in the roster is called {shown(student.name or student.id)}.")

    def match_all(self, students: Sequence[Student]) -> list[Match]:
        """A match for each, in order, nobody matched twice: of several for one person only the strongest stays, and
        none where two are as strong."""
        matches = [self.match(student) for student in students]
        by_person: dict[str, list[tuple[Evidence, int]]] = defaultdict(list)
        for place, match in enumerate(matches):
            if match.person and match.evidence:
                by_person[match.person.id].append((match.evidence, place))
        for person_id, found in by_person.items():
            strongest = min(evidence for evidence, _ in found)
            alone = sum(evidence == strongest for evidence, _ in found) == 1
            for evidence, place in found:
                if not alone or evidence != strongest:
                    others = [shown(students[other].id) for _, other in found if other != place]
                    remark = f"It may be of {shown(person_id)}, as may {some(others, 'and')}. Keep one of them."
                    matches[place] = Match(remark=remark)
        return matches


def _people(sheet: Spreadsheet) -> Iterator[Person]:
    headers = {header.casefold(): header for header in sheet.header}
    id_header = next((headers[known] for known in IDS if known in headers), None)
    name_headers = [headers[known] for known in NAMES if known in headers][:1] or [
        headers[known] for known in (*FIRST_NAMES, *LAST_NAMES) if known in headers
    ]
    if not id_header or not name_headers:
        lack = "name" if id_header else "id"
        raise SpreadsheetError(f"No column gives the {lack}. Write `{lack}` over the one that does.", sheet.line)
    lines: dict[str, int] = {}
    for row in sheet.rows:
        person_id, name = row.cells[id_header], " ".join(filter(None, (row.cells[header] for header in name_headers)))
        if not person_id and name.casefold() in ("", "points possible"):  # Canvas has such lines below its header
            continue
        if not person_id:
            raise SpreadsheetError(
                f"{shown(name)} has nothing under {shown(id_header)}. Fill it in, or write `id` over another column.",
                row.line,
            )
        if has_unseen(person_id):
            raise SpreadsheetError(
                f"The id {shown(person_id)} has a character that cannot be seen. Type it again.", row.line
            )
        if person_id in lines:
            raise SpreadsheetError(
                f"The id {shown(person_id)} is on line {lines[person_id]} too. Leave one of the lines out.", row.line
            )
        lines[person_id] = row.line
        yield Person(person_id, name, MappingProxyType(row.cells))


def _index(pairs: Iterable[tuple[Hashable, Person]]) -> dict[Hashable, list[Person]]:
    index: dict[Hashable, dict[str, Person]] = defaultdict(dict)
    for key, person in pairs:
        index[key][person.id] = person
    return {key: list(people.values()) for key, people in index.items()}


def _cells(person: Person, headers: Sequence[str]) -> list[str]:
    return [text for header, text in person.columns.items() if header.casefold() in headers and text]


def _spellings(name: str) -> set[str]:
    """The name as systems write it into names of files: its words in their order, begun at any of the first ten."""
    words = [_plain(word) for word in re.split(r"[\s,]+", name)]
    return {"".join(words[start:] + words[:start]) for start in range(min(len(words), 10))} - {""}


def _plain(name: str) -> str:
    """`name` in one case, its letters and digits alone, without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = (
        letter for letter in letters if unicodedata.category(letter)[0] in "LNM" and not unicodedata.combining(letter)
    )
    return "".join(kept)


def _list(people: Sequence[Person]) -> str:
    return some([f"{shown(person.name)} ({person.id})" for person in people], "or")
