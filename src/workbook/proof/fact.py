"""A fact about a lab: proved, or not, and then what to mend."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One line of a proof. `text` is what was proved, with its numbers; of a fact that does not hold, the file and
    what is wrong there, with the `cure` beside it."""

    id: str
    ok: bool
    text: str
    cure: str | None = None


@dataclass(frozen=True)
class Finding:
    """What speaks against a fact: the file, from the course's folder; the problem; what to do."""

    place: str
    problem: str
    cure: str


def settle(id: str, proved: str, findings: Iterable[Finding]) -> list[Fact]:
    """The fact as `proved` when nothing was found, else one fact that does not hold for each finding."""
    found = [Fact(id, False, f"{finding.place}: {finding.problem}", finding.cure) for finding in findings]
    return found or [Fact(id, True, proved)]


def count(number: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
