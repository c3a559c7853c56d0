"""What can happen to `lab watch`, and what it can do about it."""

from dataclasses import dataclass
from enum import StrEnum

from workbook.course.hints import Hint
from workbook.course.labs import Lab
from workbook.course.progress import LabProgress
from workbook.grading.document import CheckResult
from workbook.watch.state import Declared, Fault, Page


@dataclass(frozen=True)
class Saved:
    """One of the student's files has changed; `fault` is a syntax error in them."""

    fault: Fault | None


@dataclass(frozen=True)
class SuiteChanged:
    """What judges has changed: the suite, the manifest, what lies beside them."""


@dataclass(frozen=True)
class SavedElsewhere:
    """Something was saved in another lab, by its id: the student has gone there."""

    lab: str


@dataclass(frozen=True)
class Polling:
    """Changes are not announced here, for this reason; files are looked at instead."""

    why: str


@dataclass(frozen=True)
class Collected:
    """The bench has read the suite."""

    declared: tuple[Declared, ...]


@dataclass(frozen=True)
class Ready:
    """The bench is warm, and waits."""


@dataclass(frozen=True)
class Judged:
    """A check's verdict in a run."""

    run: int
    result: CheckResult


@dataclass(frozen=True)
class Finished:
    """A run has judged all that it was asked to; `seconds` since its order."""

    run: int
    sha256: str
    seconds: float


@dataclass(frozen=True)
class Rejected:
    """The code of a run could not be taken in."""

    run: int
    why: str


@dataclass(frozen=True)
class Broken:
    """The bench cannot judge."""

    why: str


@dataclass(frozen=True)
class Key:
    """A key: a character, or the name of one that has none (`up`, `enter`)."""

    name: str


@dataclass(frozen=True)
class Hinted:
    """A hint was taken: the next one, or none when there are no more."""

    hint: Hint | None
    known: LabProgress
    notice: str = ""


@dataclass(frozen=True)
class Recorded:
    """A run was recorded: what is known of the lab now, and the lab to go on with."""

    known: LabProgress
    after: str | None
    notice: str = ""


@dataclass(frozen=True)
class Opened:
    """Another lab, or this one anew."""

    lab: Lab
    known: LabProgress
    after: str | None
    fault: Fault | None
    notice: str = ""


@dataclass(frozen=True)
class Shown:
    """There is a page to show."""

    page: Page


@dataclass(frozen=True)
class Told:
    """Something to say in a line."""

    notice: str


@dataclass(frozen=True)
class Leave:
    """Asked from outside to end: at once, or when there is a verdict."""

    at_once: bool = True


Event = (
    Saved | SuiteChanged | SavedElsewhere | Polling | Collected | Ready | Judged | Finished | Rejected | Broken | Key
    | Hinted | Recorded | Opened | Shown | Told | Leave
)  # fmt: skip


class Do(StrEnum):
    """What the session is to do; with some of them goes a choice (see `Effect`)."""

    JUDGE = "judge"
    START_BENCH = "start the bench"
    RECORD = "record"
    HINT = "hint"
    NEXT = "next"
    PREVIOUS = "previous"
    GO = "go"
    LIST = "list"
    EVENTS = "events"
    INVOKE = "invoke"
    DOCS = "docs"
    RESET = "reset"
    QUIT = "quit"


@dataclass(frozen=True)
class Effect:
    """One thing to do. `choice` is the lab's id of GO, the event's name of INVOKE, the code's digest of RECORD."""

    do: Do
    choice: str = ""
