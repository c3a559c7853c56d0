"""What a class's results come to: how the marks are spread, which checks fail, what was diagnosed, who was slow."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, Self

STEP = 10  # percent
SLOWEST = 10
LOOKED_AT = 100
_LABELLED = re.compile(r"(\w+) +(.*)")


@dataclass
class CheckTally:
    """One check over all submissions. `failed` are those that had their chance; `waiting` were not tried, since a check
    that they need failed or the time was spent; `unjudged` are the bench's own breakdowns."""

    id: str
    title: str
    task: int
    is_hidden: bool
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def failed(self) -> int:
        return self.counts["failed"] + self.counts["timeout"]

    @property
    def waiting(self) -> int:
        return self.counts["needs"] + self.counts["budget"]

    @property
    def unjudged(self) -> int:
        return self.counts["bench"]


@dataclass(frozen=True)
class DiagnosisTally:
    """A diagnosis, in how many `submissions`, and what it said of the first of them."""

    id: str
    example: str
    submissions: int


@dataclass(frozen=True)
class Timing:
    id: str
    seconds: float
    status: str


@dataclass
class Tally:
    """One lab's results. All text in it is hostile."""

    lab: str
    missing: int = 0  # people without a submission, where there is a roster
    statuses: Counter[str] = field(default_factory=Counter)
    marks: list[tuple[int, int]] = field(
        default_factory=list
    )  # score, of how many; results without a mark are left out
    checks: dict[tuple[str, str], CheckTally] = field(default_factory=dict)
    slowest: list[Timing] = field(default_factory=list)
    without_mark: list[tuple[str, str, str]] = field(default_factory=list)  # id, status, why
    _diagnoses: Counter[str] = field(default_factory=Counter)
    _examples: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, lab: str, documents: Iterable[Mapping[str, Any]], missing: int = 0) -> Self:
        """The tally of the lab's result documents, which are not kept."""
        tally = cls(lab, missing)
        for document in documents:
            tally.add(document)
        return tally

    def add(self, document: Mapping[str, Any]) -> None:
        name, status = document["submission"]["id"], document["status"]
        self.statuses[status] += 1
        if document["score"] is not None:
            self.marks.append((document["score"], document["max_score"]))
        self.slowest = nlargest(
            SLOWEST, [*self.slowest, Timing(name, document["seconds"], status)], key=lambda timing: timing.seconds
        )
        if status in ("rejected", "not_judged") and len(self.without_mark) < LOOKED_AT:
            self.without_mark.append((name, status, reason(document)))
        for check in document["checks"]:
            self._add_check(check)
        found = [split_diagnosis(check["diagnosis"]) for check in document["checks"] if check["diagnosis"]]
        self._diagnoses.update({name for name, _ in found})
        self._examples = dict(found) | self._examples

    def _add_check(self, check: Mapping[str, Any]) -> None:
        visibility = check["visibility"]
        known = self.checks.setdefault(
            (visibility, check["id"]), CheckTally(check["id"], check["title"], check["task"], visibility == "hidden")
        )
        known.counts[check["reason"] or check["status"]] += 1

    @property
    def submissions(self) -> int:
        return self.statuses.total()

    @property
    def worst_checks(self) -> list[CheckTally]:
        """Those that somebody failed, the most failed first."""
        failed = (check for check in self.checks.values() if check.failed)
        return sorted(failed, key=lambda check: (-check.failed, check.task, check.id))

    @property
    def diagnoses(self) -> list[DiagnosisTally]:
        """By how many submissions have them."""
        found = sorted(self._diagnoses.items(), key=lambda pair: (-pair[1], pair[0]))
        return [DiagnosisTally(name, self._examples[name], count) for name, count in found]

    @property
    def spread(self) -> list[tuple[str, int]]:
        """How many marks lie in each tenth of the points, and how many are full: (`20–29`, 3)."""
        places = Counter(percent(score, most) // STEP for score, most in self.marks)
        ranges = [(f"{low}–{low + STEP - 1}", low // STEP) for low in range(0, 100, STEP)]
        return [(name, places[place]) for name, place in [*ranges, ("100", 100 // STEP)]]

    @property
    def median(self) -> str:
        return self._tell(statistics.median)

    @property
    def mean(self) -> str:
        return self._tell(statistics.fmean)

    def _tell(self, measure: Any) -> str:
        """Points where all marks are out of as many, else percent."""
        if not self.marks:
            return "–"
        most = {most for _, most in self.marks}
        if len(most) == 1:
            return f"{round(measure([score for score, _ in self.marks]), 1):g} of {most.pop()}"
        return f"{round(measure([100 * score / most if most else 0 for score, most in self.marks]), 1):g} %"


def percent(score: int, most: int) -> int:
    """Whole percent, rounded down: 100 only for full marks."""
    return 100 * score // most if most else 0


def reason(document: Mapping[str, Any]) -> str:
    """Why there is no verdict: the refusal, or what the bench said of the first check that it could not judge."""
    broken = (check["message"] for check in document["checks"] if check["reason"] == "bench")
    return str(document["message"] or next(broken, "") or "")[:500]


def split_diagnosis(text: str) -> tuple[str, str]:
    """A diagnosis's id, the anchor that its last line points to, and what it says that the failure means."""
    labelled = {found[1]: found[2] for line in text.splitlines() if (found := _LABELLED.fullmatch(line))}
    means = labelled.get("means", text.partition("\n")[0])
    return labelled.get("more", "").rpartition("#")[2] or means, means
