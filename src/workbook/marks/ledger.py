"""The course's table: a row for each person, a column for each lab, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from workbook.marks.lateness import Lateness, find_lateness
from workbook.marks.scheme import Scheme, Terms
from workbook.submissions.roster import KNOWN, Person

MISSING, NOT_JUDGED = "missing", "not_judged"
IDENTITY = {*KNOWN, "section"}  # the roster's columns that the table begins with

Cell = str | int | float | None


@dataclass(frozen=True)
class Mark:
    """One person's result in one lab; `score` is None where the bench could not judge it."""

    score: int | None
    max_score: int

    @property
    def is_counted(self) -> bool:
        return self.score is not None and self.max_score > 0


@dataclass(frozen=True)
class Ledger:
    """`marks` and `times` (when it was handed in) by (lab, person's id); what is not there is missing, or not known."""

    people: Sequence[Person]
    marks: Mapping[tuple[str, str], Mark]
    scheme: Scheme
    times: Mapping[tuple[str, str], datetime] = field(default_factory=dict)

    def rows(self) -> Iterator[Sequence[Cell]]:
        """The header, then a row for each person: the roster's own columns as they are, a mark for each lab and
        whether it was late where that can be known, the total in percent, and how many labs it counts."""
        columns = self._identity()
        labs = [name for lab, terms in self.scheme.labs.items() for name in self._headers(lab, terms)]
        yield [*columns, *labs, "total", "counted"]
        for person in self.people:
            yield [*(person.columns.get(name, "") for name in columns), *self._cells(person)]

    @property
    def own_columns(self) -> int:
        """How many of a row's first cells are the roster's."""
        return len(self._identity())

    def _identity(self) -> list[str]:
        return [name for name in (self.people[0].columns if self.people else ()) if name.casefold() in IDENTITY]

    def _headers(self, lab: str, terms: Terms) -> list[str]:
        return [terms.column, f"{terms.column} late"] if self._knows_times(lab) else [terms.column]

    def _knows_times(self, lab: str) -> bool:
        """Whether lateness can be told of anybody: without a due date or any time, nothing is claimed."""
        return self.scheme.labs[lab].due is not None and any(known == lab for known, _ in self.times)

    def _cells(self, person: Person) -> Iterator[Cell]:
        lateness = self._judge(person)
        earned = possible = Fraction(0)
        counted = 0
        for lab, terms in self.scheme.labs.items():
            mark, late = self.marks.get((lab, person.id)), lateness.get(lab)
            kept = late.kept if late else Fraction(1)
            yield _tell(mark, kept)
            if self._knows_times(lab):
                yield _tell_lateness(late) if mark else None
            if (mark and mark.is_counted) or (mark is None and self.scheme.missing_is_zero):
                counted += 1
                possible += terms.weight
            if mark and mark.is_counted:
                earned += terms.weight * Fraction(mark.score or 0, mark.max_score) * kept
        yield to_cell(100 * earned / possible) if possible else None
        yield f"{counted} of {len(self.scheme.labs)}"

    def _judge(self, person: Person) -> dict[str, Lateness]:
        """What is known of the person's lateness, by lab; the free days go to what was due first."""
        known = sorted(
            (terms.due.astimezone(UTC), place, lab, find_lateness(self.times[lab, person.id], terms.due))
            for place, (lab, terms) in enumerate(self.scheme.labs.items())
            if terms.due and (lab, person.id) in self.times and (lab, person.id) in self.marks
        )
        judged = self.scheme.policy.judge([late for *_, late in known])
        return {lab: one for (_, _, lab, _), one in zip(known, judged, strict=True)}


def to_cell(number: Fraction) -> int | float:
    """To two decimals, halves up."""
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    found = float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return int(found) if found.is_integer() else found


def _tell(mark: Mark | None, kept: Fraction) -> Cell:
    if mark is None:
        return MISSING
    return NOT_JUDGED if mark.score is None else to_cell(mark.score * kept)


def _tell_lateness(late: Lateness | None) -> str:
    if late is None:
        return "not known"
    if not late.days:
        return "on time"
    words = [f"late: {late.days} day{'' if late.days == 1 else 's'}"]
    words += [f"{late.free} free"] if late.free else []
    words += [f"{to_cell(100 * (1 - late.kept))} % off"] if late.kept < 1 else []
    return "; ".join(words)


def to_mark(document: Mapping[str, Any]) -> Mark:
    """The mark that a result document gives."""
    return Mark(document["score"], document["max_score"])
