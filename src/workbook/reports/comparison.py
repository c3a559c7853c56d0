"""Two answers of a function, line by line: what differs."""

import json
from collections.abc import Mapping
from difflib import unified_diff
from typing import Any

from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console

MOST_LINES = 2_000
STYLES = {"-": "red", "+": "green"}


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The lines of two answers, where they differ and three round about; each begins with `- ` (of the first
    alone), `+ ` (of the second alone) or two blanks. Empty when the two are equal.

    Takes documents of `lab invoke --json`. A text that is itself a JSON object or list, such as the body of an HTTP
    answer, is taken apart too; each request's own id is no difference.
    """
    one, other = (_write(document) for document in (first, second))
    lines: list[str] = []
    for line in unified_diff(one, other, n=3, lineterm=""):
        if line.startswith(("---", "+++")) and not lines:
            continue
        if line.startswith("@@"):
            lines += ["  ..."] if lines else []
        else:
            lines.append(f"{line[0]} {line[1:]}")
    return lines


def print_comparison(lines: list[str], first: str, second: str) -> None:
    """Print what `compare` found; `first` and `second` say which event each answer is to."""
    to = console()
    if not lines:
        to.print(Text("\nThe two answers are equal.", style="bold"))
        return
    to.print(Text("\nDifference of the answers", style="bold"))
    for sign, event in (("-", first), ("+", second)):
        to.print(Text(inert(f"  {sign} {event}"), style="dim"))
    for line in lines:
        to.print(Text(inert(f"  {line}"), style=STYLES.get(line[0], "")), soft_wrap=True)


def _write(document: Mapping[str, Any]) -> list[str]:
    payload = document["payload"]
    try:
        text = json.dumps(_unfold(payload), indent=2, ensure_ascii=False)
    except RecursionError:
        text = str(payload)
    lines = text.replace(document["report"]["request_id"], "(the request's id)").splitlines()
    return lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], f"({len(lines) - MOST_LINES} lines left out)"]


def _unfold(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unfold(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_unfold(held) for held in value]
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return _unfold(json.loads(value))
        except (ValueError, RecursionError):
            return value
    return value
