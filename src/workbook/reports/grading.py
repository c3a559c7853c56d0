"""A class as it is graded, in a terminal: a line for each submission, how far it is, and what it came to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console, print_indented

WORDS = {
    "passed": ("passed", "green"),
    "failed": ("failed", "red"),
    "timeout": ("timed out", "red"),
    "rejected": ("rejected", "yellow"),
    "not_judged": ("not judged", "yellow"),
}
ID_WIDTH = 46


class SpeedColumn(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.1f}/s")


class GradingReport:
    """Prints each record as it comes; on a terminal with a bar of how many are done and how long the rest takes.

    `hidden` are the points of the checks that students cannot see; `silent` leaves out all but the bar, which goes to
    standard error.
    """

    def __init__(self, title: str, count: int, sandbox: str, hidden: Sequence[int], *, silent: bool = False) -> None:
        self._out = None if silent else console()
        self._title, self._count, self._sandbox, self._hidden = title, count, sandbox, hidden
        self._remarks: Mapping[str, str] = {}
        self._documents: list[Mapping[str, Any]] = []
        self._kept = 0
        to = console(stderr=True) if silent else console()
        columns = (
            TextColumn("{task.description}"), BarColumn(20), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("left"), TimeRemainingColumn(), SpeedColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=to, transient=True, disable=not to.is_terminal)
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        if self._out:
            how = "isolated" if self._sandbox == "namespaces" else "NOT isolated"
            counted = f"{self._count} submission" + ("" if self._count == 1 else "s")
            self._out.print(Text.assemble((inert(self._title), "bold"), f"  {counted}, {how}"))
            if self._hidden:
                checks = "1 check is" if len(self._hidden) == 1 else f"{len(self._hidden)} checks are"
                worth = f"{checks} hidden from students, worth {sum(self._hidden)} points."
                self._out.print(worth, style="dim")
        self._progress.start()
        self._task = self._progress.add_task("grading", total=self._count)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()
        if self._out and kind is None:
            self._print_end()

    def show(self, document: Mapping[str, Any], *, kept: bool) -> None:
        """A submission's record; `kept`: it was there already."""
        self._documents.append(document)
        self._kept += kept
        if self._out:
            self._progress.console.print(_describe(document, kept))
        self._progress.advance(self._task)

    def note(self, remarks: Mapping[str, str]) -> None:
        """What is to be said about submissions besides, by their ids; it is printed at the end."""
        self._remarks = remarks

    def _print_end(self) -> None:
        assert self._out
        counts = Counter(document["status"] for document in self._documents)
        told = ", ".join(f"{counts[status]} {word}" for status, (word, _) in WORDS.items() if counts[status])
        self._out.print()
        self._out.print(f"{len(self._documents)} submissions: {told or 'none'}.", style="bold")
        if self._kept:
            self._out.print(f"{self._kept} had not changed, and kept their record.")
        for status, label in (("rejected", "Rejected"), ("not_judged", "Not judged, and without a mark")):
            found = [document for document in self._documents if document["status"] == status]
            self._print_list(label, {document["submission"]["id"]: _reason(document) for document in found})
        self._print_list("To look at", self._remarks)

    def _print_list(self, label: str, reasons: Mapping[str, str]) -> None:
        assert self._out
        if reasons:
            self._out.print(f"\n{label}:")
        for name, reason in reasons.items():
            self._out.print(Text(f"  {inert(name)}"))
            print_indented(inert(reason), self._out, 4)


def _describe(document: Mapping[str, Any], kept: bool) -> Text:
    word, colour = WORDS[document["status"]]
    name = inert(document["submission"]["id"]).replace("\n", "\\n").replace("\t", "\\t")
    name = name if len(name) <= ID_WIDTH else f"{name[: ID_WIDTH - 3]}..."
    score = "-" if document["score"] is None else document["score"]
    mark = f"{score}/{document['max_score']}"
    return Text.assemble(f"{name:<{ID_WIDTH}} {mark:>7}  ", (word, colour), "  (kept)" if kept else "")


def _reason(document: Mapping[str, Any]) -> str:
    """Why there is no verdict: the refusal, or what the bench said of the first check that it could not judge."""
    if document["message"]:
        return str(document["message"])[:500]
    broken = [check["message"] for check in document["checks"] if check["reason"] == "bench"]
    return str(broken[0])[:500] if broken else ""
