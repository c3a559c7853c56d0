"""One submission's record in full, for the instructor who answers an appeal: every check, public and hidden, with all
that was told about it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import LABELLED, NOT_JUDGED, console, print_indented

STYLES = {"passed": "green", "failed": "red", "timeout": "red", "not_judged": "yellow", "rejected": "yellow"}
HIDDEN = "Hidden checks stand here with the events that they send: this is for you, not for the student."


def print_explanation(
    document: Mapping[str, Any],
    tasks: Mapping[int, str],
    before: Sequence[tuple[datetime, Mapping[str, Any]]],
) -> None:
    """Print the result `document`. `tasks` are the lab's titles by number; `before` are the attempts that the gradebook
    had already, oldest first, each with its time."""
    to = console()
    submission = document["submission"]
    to.print()
    to.print(Text.assemble((inert(submission["id"]), "bold"), "  ", _mark(document)))
    to.print(f"SHA-256 {submission['sha256']}", style="dim")
    print_indented(_tell_attempts(document, before), to, 0, hang=0)
    if document["message"]:
        print_indented(inert(document["message"]), to, 2)
    if any(check["visibility"] == "hidden" for check in document["checks"]):
        print_indented(HIDDEN, to, 0, hang=0)
    task = 0
    for check in sorted(document["checks"], key=lambda check: check["task"]):
        if check["task"] != task:
            task = check["task"]
            to.print(Text.assemble("\n", (f"Task {task}", "bold"), "  ", inert(tasks.get(task, ""))))
        _print_check(check, to)


def _print_check(check: Mapping[str, Any], to: Console) -> None:
    waiting = NOT_JUDGED[check["reason"]] if check["reason"] else ""
    title = inert(f"{check['title']}{waiting} [{check['id']}, {check['visibility']}]")
    style = "" if check["status"] == "passed" else STYLES[check["status"]]
    print_indented(f"{_mark(check)}  {title}", to, 2, hang=4, style=style)
    for key in ("message", "diagnosis"):
        for line in inert(check[key] or "").splitlines():
            print_indented(line, to, 6, hang=10 if LABELLED.match(line) else 2)
    if check["log"]:
        to.print("      log")
        for line in inert(check["log"]).splitlines():
            to.print(Text(f"        {line}".rstrip(), style="dim"), soft_wrap=True)


def _tell_attempts(document: Mapping[str, Any], before: Sequence[tuple[datetime, Mapping[str, Any]]]) -> str:
    """How this verdict stands beside the last one."""
    told = f"Judged again, and recorded as attempt {len(before) + 1}."
    if not before:
        return "Judged, and recorded as attempt 1."
    time, last = before[-1]
    told += f" The last before it, of {time:%Y-%m-%d %H:%M} UTC,"
    if last["submission"]["sha256"] != document["submission"]["sha256"]:
        return f"{told} was of other files, and {_mark(last)}."
    was = {(check["visibility"], check["id"]): check["status"] for check in last["checks"]}
    now = {(check["visibility"], check["id"]): check["status"] for check in document["checks"]}
    if _mark(last) == _mark(document) and was == now:
        return f"{told} was of the same files and said the same."
    changed = ", ".join(sorted(name for _, name in was.keys() | now.keys() if _differs(name, was, now)))
    return f"{told} was of the same files, and {_mark(last)}. It differs in: {inert(changed) or 'the points'}."


def _differs(name: str, was: Mapping[tuple[str, str], str], now: Mapping[tuple[str, str], str]) -> bool:
    return any(was.get((kind, name)) != now.get((kind, name)) for kind in ("public", "hidden"))


def _mark(found: Mapping[str, Any]) -> str:
    score = "-" if found["score"] is None else found["score"]
    return f"{score}/{found['max_score']} {found['status'].replace('_', ' ')}"
