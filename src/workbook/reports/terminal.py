"""Result documents in a terminal: good at 80 columns, without colour, and on a light background."""

import os
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from workbook.reports.inert import inert

MARKS = {"passed": ("✓", "ok", "green"), "failed": ("✗", "x", "red"), "timeout": ("✗", "x", "red"),
         "not_judged": ("·", "-", "dim"), "rejected": ("✗", "x", "red")}  # fmt: skip
NOT_JUDGED = {
    "needs": " (waits for another check)",
    "budget": " (not judged: the time was spent)",
    "bench": " (not judged: the bench broke)",
}
LABELLED = re.compile(r"\w+ {2,}")
# What the platform writes round every invocation; `lab invoke` and the document have it.
PLATFORM = re.compile(r"(START|END|REPORT) RequestId: |\[WARNING\]\t\S+\t\tLAMBDA_WARNING: ")
REPORT = re.compile(r"^REPORT RequestId: .*\n", re.MULTILINE)
FRAME = re.compile(r"[\s\u00a0]+File \"")
LIBRARY = re.compile(r"[\s\u00a0]+File \"(/var/lang/|<frozen )")
INDENTED = re.compile(r"[\s\u00a0]{4}")
SEEN = ("called ", "returned ", "expected ", "got ", "differs ")
LOG_LINES = 12
HEADLINE = 200
WIDTH = 80


class ReportConsole(Console):
    """A console whose reader may leave (`lab check | head`): the rest is then said to nobody."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def console(stderr: bool = False) -> Console:
    """The console that every report prints to."""
    found = ReportConsole(file=sys.stderr if stderr else sys.stdout, highlight=False)
    if found.is_terminal and found.width < WIDTH:
        return found
    return ReportConsole(file=found.file, highlight=False, width=WIDTH)


class LiveReport:
    """Prints a lab's checks as they are judged, under their tasks; the first failure in full (`in_full`: each).

    What checks that fail in the same way, one after another, have in common is told once, below the last of them.
    Slow checks come last: their tasks are then named again, as their slow part.
    """

    def __init__(self, title: str, judged: str, tasks: Mapping[int, str], *, in_full: bool) -> None:
        self._console, self._tasks, self._in_full = console(), tasks, in_full
        self._task = self._furthest = 0
        self._told = False
        self._alike: list[Mapping[str, Any]] = []
        self._waiting: list[Mapping[str, Any]] = []
        self._left = 0
        self._status = self._console.status("starting the local cloud") if self._console.is_terminal else None
        self._console.print(Text.assemble((inert(title), "bold"), "  ", (inert(judged), "dim")))
        if self._status:
            self._status.start()

    def start(self, checks: int) -> None:
        self._left = checks
        self._announce()

    def show_check(self, check: Any) -> None:
        """One check's result; takes a check of the result document or an object with its fields."""
        found = check if isinstance(check, Mapping) else vars(check) | {"score": check.score}
        if found["reason"] == "needs" and _waits_for_one_of(self._alike, found):
            self._waiting.append(found)
        else:
            if self._alike and self._way(found) != self._way(self._alike[0]):
                self._tell_failure()
            for one in (*self._waiting, found):
                self._print_line(one)
            self._waiting.clear()
            if found["status"] != "passed":
                self._alike.append(found)
        self._left -= 1
        self._announce()

    def stop(self) -> None:
        if self._status:
            self._status.stop()
        self._tell_failure()

    def _way(self, check: Mapping[str, Any]) -> tuple[object, ...]:
        """In which way a check did not pass: where the function failed, else what its reader is told."""
        lines = str(check["message"] or "").splitlines()
        words = [line for line in lines if line.startswith(("failed ", "in "))]
        if not words:
            words = [] if self._in_full else [_headline(check)]
        return check["status"], check["reason"], *(words if any(words) else lines)

    def _tell_failure(self) -> None:
        if not self._alike:
            return
        first, count = self._alike[0], len(self._alike)
        headline = _headline(first)
        in_full = self._in_full or not self._told
        if count > 1 and (in_full or headline):
            same = f"The same for {'both' if count == 2 else f'all {count}'}"
            print_indented(f"{same}; the first of them:" if in_full else f"{same}:", self._console, 6, hang=0)
        if in_full:
            self._told = True
            print_details(first, self._console)
        elif headline:
            print_indented(headline, self._console, 6, hang=0, style="dim")
        for check in self._waiting:
            self._print_line(check)
            print_indented(_headline(check), self._console, 6, hang=0, style="dim")
        self._alike.clear()
        self._waiting.clear()

    def _print_line(self, check: Mapping[str, Any]) -> None:
        if check["task"] != self._task:
            self._task = check["task"]
            title = self._tasks.get(self._task, "")
            late = "" if self._task > self._furthest else ", slow part"
            self._furthest = max(self._furthest, self._task)
            self._console.print(Text.assemble("\n", (f"Task {self._task}{late}", "bold"), "  ", inert(title)))
        self._console.print(check_line(check, self._console))

    def _announce(self) -> None:
        if self._status:
            self._status.update(f"{self._left} checks to go")


def _waits_for_one_of(checks: list[Mapping[str, Any]], waiting: Mapping[str, Any]) -> bool:
    return any(str(waiting["message"]).endswith(f": {check['title']}") for check in checks)


def _headline(check: Mapping[str, Any]) -> str:
    """How the function failed, else the first line of the message that is a sentence."""
    lines = inert(str(check.get("message") or "")).splitlines()
    failed = [line for line in lines if line.startswith("failed ")]
    headline = next(iter(failed + [line for line in lines if not LABELLED.match(line)]), "")
    return headline if len(headline) <= HEADLINE else textwrap.shorten(headline, HEADLINE, placeholder=" ...")


def print_details(check: Mapping[str, Any], to: Console) -> None:
    """Why a check did not pass: what is wrong and what to try, what was seen of it, the end of the function's log."""
    told, seen = _part(inert(str(check.get("message") or "")).splitlines())
    for line in (*told, *inert(str(check.get("diagnosis") or "")).splitlines(), *seen):
        print_indented(line, to, 6, hang=10 if LABELLED.match(line) else 0)
    if check.get("log"):
        log = inert(str(check["log"]))
        reports = [report.end() for report in REPORT.finditer(log)]
        lines = list(_own_lines(log[reports[-2] :] if len(reports) > 1 else log))
        if not lines:
            return
        words = " of the last invocation" if len(reports) > 1 else ""
        words += f" (the last {LOG_LINES} of {len(lines)} lines)" if len(lines) > LOG_LINES else ""
        print_indented(f"log{words}", to, 6)
        for line in lines[-LOG_LINES:]:
            print_indented(line.replace("\t", "  "), to, 8, style="dim")


def _part(message: Sequence[str]) -> tuple[list[str], list[str]]:
    """The message's lines that say what is wrong, and those that say what went in and came out."""
    told: list[str] = []
    seen: list[str] = []
    lines = told
    for line in message:
        if LABELLED.match(line):
            lines = seen if line.startswith(SEEN) else told
        lines.append(line)
    return told, seen


def _own_lines(log: str) -> Iterator[str]:
    """The log's lines without the platform's and without the trace's frames in Python's own library."""
    in_library = False
    for line in log.splitlines():
        if FRAME.match(line):
            in_library = bool(LIBRARY.match(line))
        elif not INDENTED.match(line):
            in_library = False
        if line and not in_library and not PLATFORM.match(line):
            yield line


def print_indented(line: str, to: Console, indent: int, *, hang: int = 2, style: str = "") -> None:
    """Print one line, wrapped below itself, without trailing blanks."""
    for part in textwrap.wrap(
        line,
        max(20, to.width - indent),
        subsequent_indent=" " * hang,
        replace_whitespace=False,
        break_on_hyphens=False,  # an ARN is copied from here
    ) or [""]:
        to.print(Text(" " * indent + part, style=style))


def print_summary(document: Mapping[str, Any]) -> None:
    """The lab's line at the end: status, points, and the time that it took."""
    to = console()
    status = document["status"]
    if status == "rejected":
        to.print(Text.assemble("\n", ("Not taken in: ", "bold"), inert(document["message"] or "")))
        return
    passed = sum(check["status"] == "passed" for check in document["checks"])
    points = "no mark: the bench broke" if document["score"] is None else _points(document)
    words = f"{passed} of {len(document['checks'])} checks passed, {points}, {document['seconds']:.1f} s"
    to.print(Text.assemble("\n", mark_of(status, to), " ", (words, "bold")))


def print_totals(documents: list[dict[str, Any]]) -> None:
    """One line for many labs."""
    passed = sum(document["status"] == "passed" for document in documents)
    failed = ", ".join(document["lab"] for document in documents if document["status"] != "passed")
    words = f"{passed} of {len(documents)} labs passed" + (f"; not passed: {failed}" if failed else "")
    console().print(Text(inert(words), style="bold"))


def _points(document: Mapping[str, Any]) -> str:
    return f"{document['score']} of {document['max_score']} points"


def check_line(check: Mapping[str, Any], to: Console) -> Text:
    """The check's mark, title and points, as wide as the console."""
    score = "-" if check["score"] is None else check["score"]
    tail = f"{score}/{check['max_score']}"
    title = inert(str(check["title"]))
    if check["status"] == "timeout":
        title += " (timed out)"
    elif check["status"] == "not_judged":
        title += NOT_JUDGED[check["reason"]]
    lines = textwrap.wrap(title, max(20, to.width - 6 - len(tail))) or [""]
    mark, style = mark_of(check["status"], to)
    pad = max(2, to.width - 2 - len(mark) - 1 - len(lines[-1]) - len(tail))
    body = "\n    ".join(lines)
    return Text.assemble("  ", (mark, style), " ", body, " " * pad, (tail, "dim"))


def mark_of(status: str, to: Console) -> tuple[str, str]:
    """The sign of a status that the console can write, and its style."""
    mark, plain, style = MARKS[str(status)]
    try:
        mark.encode(to.encoding)
    except (UnicodeEncodeError, LookupError):
        mark = plain
    return mark, style
