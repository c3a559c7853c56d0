"""A schedule expression in a terminal, and a function's simulated firings as they end."""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console, print_indented

Document = Mapping[str, Any]

SERVICES = {"rules": "an EventBridge rule", "scheduler": "EventBridge Scheduler"}
STYLES = {"succeeded": "bold green", "retried": "bold yellow", "lost": "bold red"}
FOLD_ABOVE = 48  # firings, two days by the hour: of more, those like the ones before are counted
SHOWN_ALIKE = 3
CALLS = 5
TEXT = 60


def print_schedule(document: Document, timezone: str | None, drawing: Sequence[str]) -> None:
    """Print the document of `lab schedule --json` for a person; `drawing` is a calendar of the firings, in
    `timezone` or, where none is given, in UTC."""
    to = console()
    _print_head(document, to)
    if timezone and document["service"] == "rules":
        print_indented(f"A rule reads its expression in UTC; {inert(timezone)} is only how times are shown.", to, 2)
    if not document["firings"]:
        return
    to.print(Text("\nNext firings", style="bold"))
    to.print(Text(f"  {'UTC':<26}{inert(timezone) if timezone else 'this computer'}", style="dim"))
    for firing in document["firings"]:
        to.print(Text(f"  {_clock(firing['utc']):<26}{_clock(firing['local'])} {firing['local'][19:]}"))
    if drawing:
        to.print()
        for line in drawing:
            to.print(Text(f"  {line}".rstrip()))
        to.print(Text(f"  Days and hours in {inert(timezone or 'UTC')}.", style="dim"))


def print_refusal(document: Document, instead: str | None) -> None:
    """Print the document of a refused expression; `instead` is the command to type, if there is a guess."""
    to, error = console(), document["error"]
    service = SERVICES[document["service"]]
    to.print(Text.assemble((_short(document["expression"]), "bold"), "  ", ("refused", "bold red"), f" by {service}"))
    print_indented(f"The {error['field']}: {inert(error['problem'])}.", to, 2)
    if error["aws"]:
        print_indented(f"AWS would answer: ValidationException: {_short(error['aws'], 120)}", to, 2)
    if instead:
        to.print(Text.assemble("  Try: ", (instead, "bold")), soft_wrap=True)


class SimulationReport:
    """Prints a simulation's firings as they end; of many, those like the ones before are counted."""

    def __init__(self, document: Document, function: str) -> None:
        """`document` is that of `lab schedule --json`; `function` says whose code runs."""
        self._to = console()
        self._folds = len(document["firings"]) > FOLD_ABOVE
        self._kind: object = None
        self._alike = 0
        self._last = ""
        _print_head(document, self._to)
        self._to.print(Text.assemble("\n", ("Simulation", "bold"), f"  {inert(function)}"))
        note = "Times are virtual, UTC, and stand in the event; the function's own clock is this computer's."
        print_indented(note, self._to, 2)

    def show(self, firing: Document) -> None:
        """One firing, as `Firing.to_dict` has it."""
        kind = _kind(firing)
        if kind != self._kind:
            self._unfold()
            self._kind, self._alike = kind, 0
        self._alike += 1
        self._last = firing["time"]
        if not self._folds or self._alike <= SHOWN_ALIKE:
            self._print(firing)

    def close(self, summary: Document) -> None:
        """The end of the simulation, or what there was of it."""
        self._unfold()
        to = self._to
        if summary["stopped"]:
            print_indented(f"Stopped before the end: {summary['stopped']}.", to, 0, style="bold yellow")
        elif not summary["firings"]:
            to.print(Text("It does not fire in that time.", style="bold yellow"))
        succeeded = summary["succeeded"] + summary["retried"]
        retried = f" ({summary['retried']} after a retry)" if summary["retried"] else ""
        words = f"{_count(summary['firings'], 'firing')}: {succeeded} succeeded{retried}, {summary['lost']} lost"
        to.print(Text("\n" + words, style="bold"))
        if summary["unseen"]:
            words = f"{summary['unseen']} of the successes returned a statusCode of 400 or more: success for Lambda; "
            print_indented(words + "nobody sees these return values. Raise, and Lambda tries again.", to, 0)
        for bucket, objects in summary["objects"].items():
            to.print(Text(f"{inert(bucket)}: {_count(objects['count'], 'object')}"))
            for key in objects["keys"]:
                print_indented(inert(key), to, 2)
            if more := objects["count"] - len(objects["keys"]):
                to.print(Text(f"  and {more} more", style="dim"))

    def _print(self, firing: Document) -> None:
        to, attempts = self._to, firing["attempts"]
        outcome = (firing["outcome"], STYLES[firing["outcome"]])
        to.print(Text.assemble(_clock(firing["time"]), "  ", outcome))
        if len(attempts) == 1:
            _print_calls(attempts[0]["calls"], to, 6)
        else:
            for attempt in attempts:
                error = attempt["error"]
                came_to = _short(": ".join(filter(None, error.values())) or "failed") if error else "succeeded"
                to.print(Text(f"    {attempt['time'][11:19]}  {came_to}"))
                _print_calls(attempt["calls"], to, 14)
        if firing["outcome"] == "lost":
            print_indented("then to the failure destination; where there is none, the event is gone", to, 14)
        if firing["unseen_status"] is not None:
            words = f"returned statusCode {firing['unseen_status']}: success for Lambda; nobody sees this return value"
            print_indented(words, to, 6, style="yellow")

    def _unfold(self) -> None:
        if self._folds and self._alike > SHOWN_ALIKE:
            words = f"... and {self._alike - SHOWN_ALIKE} more like this, the last {_clock(self._last)}"
            self._to.print(Text(words, style="dim"))


class Progress:
    """Says on stderr how far a long simulation is: after 2 seconds, then after twice as many each time.

    The first firing, a cold start, tells nothing of the others' speed: time counts from its end.
    """

    def __init__(
        self,
        total: int,
        clock: Callable[[], float] = time.monotonic,
        write: Callable[[str], object] = lambda line: print(line, file=sys.stderr, flush=True),
    ) -> None:
        self._total, self._clock, self._write = total, clock, write
        self._start: float | None = None
        self._next = 2.0

    def advance(self, done: int) -> None:
        """`done` of the firings have ended; to be called after each."""
        now = self._clock()
        self._start = now if self._start is None else self._start
        spent = now - self._start
        if spent < self._next or done >= self._total:
            return
        self._next = 2 * spent
        left = timedelta(seconds=round(spent / (done - 1) * (self._total - done)))
        self._write(f"{done} of {self._total} firings, about {left} to go")


def _print_head(document: Document, to: Console) -> None:
    service = SERVICES[document["service"]]
    to.print(Text.assemble((inert(document["expression"]), "bold"), "  ", ("valid", "bold green"), f" for {service}"))
    print_indented(inert(document["description"]), to, 2)
    for warning in document["warnings"]:
        print_indented(f"Note: {inert(warning)}", to, 2, hang=6, style="yellow")


def _print_calls(calls: Sequence[Document], to: Console, indent: int) -> None:
    for call in calls[:CALLS]:
        wanted = ", ".join(f"{key}={_cut(json.dumps(value), TEXT)}" for key, value in call["parameters"].items())
        result = call["error"] or call["status"]
        print_indented(inert(f"{call['service']}.{call['operation']}({_cut(wanted, 240)}) -> {result}"), to, indent)
    if len(calls) > CALLS:
        print_indented(f"and {len(calls) - CALLS} calls more", to, indent)


def _kind(firing: Document) -> object:
    """What two firings have in common that look alike."""
    attempts = [
        (
            attempt["error"] and attempt["error"]["type"],
            [(call["operation"], call["error"]) for call in attempt["calls"]],
        )
        for attempt in firing["attempts"]
    ]
    return firing["outcome"], firing["unseen_status"], attempts


def _clock(moment: str) -> str:
    found = datetime.fromisoformat(moment)
    return f"{found:%a} {found.isoformat(' ', 'seconds' if found.second else 'minutes')[: 19 if found.second else 16]}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _short(text: str, most: int = TEXT) -> str:
    return _cut(inert(text).replace("\n", " "), most)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
