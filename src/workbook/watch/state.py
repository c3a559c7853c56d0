"""What `lab watch` knows, as one value: what there is to show, and what is asked of the student."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from workbook.course.hints import Hint
from workbook.course.labs import Lab
from workbook.course.manifest import Task
from workbook.course.progress import LabProgress
from workbook.grading.document import CheckResult, Result, Status, Submission


class Phase(StrEnum):
    """Of the bench: it warms up, judges, has judged, or cannot be used."""

    STARTING = "starting"
    JUDGING = "judging"
    JUDGED = "judged"
    BROKEN = "broken"


class Question(StrEnum):
    """What a page asks the student: nothing, whether to begin again, or which of its lines."""

    NONE = "none"
    RESET = "reset"
    LAB = "lab"
    EVENT = "event"


@dataclass(frozen=True)
class Declared:
    """A check as its suite declares it."""

    id: str
    task: int
    title: str
    points: int
    needs: str | None
    slow: bool


@dataclass(frozen=True)
class Fault:
    """A syntax error: the file, its line from 1 and column from 1 (0: unknown), that line's text, what is wrong."""

    file: str
    line: int
    column: int
    text: str
    problem: str


@dataclass(frozen=True)
class Page:
    """What is shown instead of the verdict: a text, with terminal colours or as Markdown, perhaps to choose from;
    `choices` are what is typed for each, and what it stands for."""

    title: str
    text: str
    is_markdown: bool = False
    question: Question = Question.NONE
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class State:
    """Of the lab on the screen. `verdicts` are those of the current run, by the check's id; `after` is the lab to go on
    with, `polling` why files are looked at again and again, `offset` the lines that were scrolled past; `is_leaving`:
    it ends with the next verdict."""

    lab: Lab
    known: LabProgress = field(default_factory=LabProgress)
    after: str | None = None
    phase: Phase = Phase.STARTING
    run: int = 0
    declared: tuple[Declared, ...] = ()
    verdicts: Mapping[str, CheckResult] = field(default_factory=lambda: MappingProxyType({}))
    seconds: float = 0.0
    fault: Fault | None = None
    rejected: str | None = None
    broken: str | None = None
    hints: tuple[Hint, ...] = ()
    page: Page | None = None
    typed: str = ""
    notice: str = ""
    polling: str | None = None
    offset: int = 0
    is_leaving: bool = False

    @property
    def results(self) -> tuple[CheckResult, ...]:
        """The verdicts that are there, in the suite's order."""
        return tuple(self.verdicts[check.id] for check in self.declared if check.id in self.verdicts)

    @property
    def is_whole(self) -> bool:
        """Whether every check has its verdict."""
        return bool(self.declared) and len(self.results) == len(self.declared)

    @property
    def has_quick_ones(self) -> bool:
        """Whether every check that is not slow has its verdict."""
        return self.is_whole or self.waits_for_slow_ones

    @property
    def waits_for_slow_ones(self) -> bool:
        """Whether only checks that take their time are still to come."""
        missing = [check for check in self.declared if check.id not in self.verdicts]
        return bool(missing) and all(check.slow for check in missing)

    @property
    def first_failure(self) -> CheckResult | None:
        """The first check that did not pass, once those before it have their verdicts, or at least the quick ones."""
        for check in self.declared:
            found = self.verdicts.get(check.id)
            if found is None and not check.slow:
                return None
            if found is not None and found.status is not Status.PASSED:
                return found
        return None

    @property
    def has_passed(self) -> bool:
        return self.is_whole and all(found.status is Status.PASSED for found in self.results)

    @property
    def task(self) -> Task | None:
        """The task to work on: that of the first failure, else the first that is not known to pass."""
        failure = self.first_failure
        wanted = failure.task if failure else None
        for task in self.lab.manifest.tasks:
            if task.number == wanted or (wanted is None and task.number not in self.known.tasks):
                return task
        return None

    def result(self, sha256: str = "") -> Result:
        """The run as a result, for the record."""
        return Result(
            self.lab.id,
            Submission(self.lab.id, sha256),
            self.results,
            seconds=self.seconds,
            rejected=self.rejected,
            max_score_if_rejected=sum(check.points for check in self.declared) if self.rejected else 0,
        )
