"""An invocation in a terminal: the answer, the log and the report line, as the console's Test tab has them."""

import json
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console, print_indented

LOG_LINES = 200
CALLS = 50


def print_invocation(document: Mapping[str, Any], event: str, diagnosis: str | None = None) -> None:
    """Print the document of `lab invoke --json` for a person; `event` says what was sent, `diagnosis` what a
    failure means."""
    to = console()
    failed = document["function_error"] is not None
    head = ("failed", "bold red") if failed else ("succeeded", "bold green")
    to.print(Text.assemble(("Executing function: ", "bold"), head))
    print_indented(f"event: {inert(event)}", to, 2, style="dim")
    for line in inert(json.dumps(document["payload"], indent=2, ensure_ascii=False)).split("\n"):
        print_indented(line, to, 2)
    if document["policy_fault"]:
        refused = f"AWS would not take this policy, so the role may do nothing. {document['policy_fault']}"
        print_indented(inert(refused), to, 2)
    for line in inert(diagnosis or "").splitlines():
        print_indented(line, to, 2, hang=10)
    to.print(Text("\nLog", style="bold"))
    lines = inert(document["log"]).rstrip("\n").split("\n")
    if len(lines) > LOG_LINES:
        to.print(Text(f"  ({len(lines) - LOG_LINES} lines left out)", style="dim"))
    for line in lines[-LOG_LINES:]:
        print_indented(line.replace("\t", "  "), to, 2)
    if document["calls"]:
        to.print(Text("\nCalls to AWS", style="bold"))
    for call in document["calls"][:CALLS]:
        wanted = ", ".join(f"{key}={_short(value)}" for key, value in call["parameters"].items())
        result = call["error"] or call["status"]
        print_indented(inert(f"{call['service']}.{call['operation']}({wanted}) -> {result}"), to, 2)


def _short(value: object, width: int = 60) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else text[: width - 4] + " ..."
