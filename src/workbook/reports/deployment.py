"""A deployment's plan and the deployment checklist in a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console, print_indented

ACTIONS = {
    "create": ("+", "green"),
    "change": ("~", "yellow"),
    "keep": ("=", "dim"),
    "remove": ("-", "red"),
    "conflict": ("!", "bold red"),
    "stay": ("!", "bold yellow"),
}
DONE = {"create": "created", "change": "changed", "remove": "removed"}
VERDICTS = {"held": ("✓", "ok", "green"), "broken": ("✗", "x", "red"), "unknown": ("?", "?", "yellow")}
INDENT = 14


def print_plan(document: Mapping[str, Any]) -> None:
    """What would be done, before it is."""
    to = console()
    verb = "Remove" if document["remove"] else "Deploy"
    where = "a local cloud" if document["local"] else "AWS"
    to.print(
        Text.assemble(
            (inert(f"{verb} {document['lab']}"), "bold"),
            inert(f": {document['function']} in account {document['account']}, {document['region']} ({where})\n"),
        ),
        soft_wrap=True,
    )
    for step in document["steps"]:
        sign, style = ACTIONS[step["action"]]
        name = inert(f"{step['kind']:<12}{step['name']}")
        to.print(Text.assemble("  ", (f"{sign} {step['action']:<10}", style), name), soft_wrap=True)
        for line in step["details"]:
            print_indented(inert(line), to, INDENT, hang=0, style="" if step["action"] == "conflict" else "dim")
    if not document["steps"]:
        to.print(Text("  There is nothing of it.", style="dim"))
    to.print()


def print_cost(document: Mapping[str, Any]) -> None:
    """The most that Lambda may bill for what is about to be deployed."""
    to = console()
    firings = document["firings"]
    span = (
        f"{firings:,} events in {document['days']} days" if firings is not None else "one event (there is no schedule)"
    )
    print_indented(
        f"Cost of Lambda at most: ${document['dollars']:,.4f} for {span}, if each of its three attempts runs into the "
        f"timeout ({document['gb_seconds']:,.0f} GB-seconds). The monthly free tier "
        f"{'covers that' if document['is_free'] else 'does not cover all of that'}. Prices of us-east-1 as of "
        f"{document['as_of']}; what S3 and CloudWatch Logs keep is billed besides.",
        to,
        0,
        hang=0,
    )


def print_done(step: Mapping[str, Any]) -> None:
    console().print(Text(inert(f"  {DONE[step['action']]:<9}{step['kind']} {step['name']}")), soft_wrap=True)


class ChecklistReport:
    """Prints the checklist's items as they are looked at."""

    def __init__(self, function: str, lab: str, region: str) -> None:
        self._to = console()
        self._counts = dict.fromkeys(VERDICTS, 0)
        self._head = Text.assemble((inert(function), "bold"), inert(f" in {region}, held against {lab}\n"))

    def show(self, item: Mapping[str, str]) -> None:
        """One item, as `Item.to_dict` has it."""
        if not any(self._counts.values()):
            self._to.print(self._head)
        self._counts[item["verdict"]] += 1
        mark, style = _mark(item["verdict"], self._to)
        self._to.print(Text.assemble("  ", (mark, style), " ", (inert(item["title"]), "bold")))
        for text in (item["text"], item["cure"]):
            if text:
                print_indented(inert(text), self._to, 4 + len(mark) - 1, hang=0)

    def close(self) -> None:
        counts = self._counts
        words = f"{counts['held']} in order, {counts['broken']} not, {counts['unknown']} could not be checked"
        self._to.print(Text(f"\n{words}", style="bold"))


def _mark(verdict: str, to: Console) -> tuple[str, str]:
    mark, plain, style = VERDICTS[verdict]
    try:
        mark.encode(to.encoding)
    except (UnicodeEncodeError, LookupError):
        mark = plain
    return mark, style
