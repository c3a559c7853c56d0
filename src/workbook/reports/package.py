"""A deployment package in a terminal: its sizes, what is in it, what is wrong, and the way into the console."""

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from workbook.reports.inert import inert
from workbook.reports.terminal import console, print_indented

PARTS = 5
NAME_WIDTH = 40
BAR = 20
SHARE_SHOWN = 0.1  # percent
STATUS = {"built": "bold green", "sound": "bold green", "faulty": "bold red", "refused": "bold red"}
LINES = {
    "built": "built, ready to upload",
    "sound": "nothing is wrong with it",
    "faulty": "something is wrong with it",
    "refused": "refused",
}


def print_package(document: Mapping[str, Any], next_step: str) -> None:
    """Print one package of the document of `lab package --json`; `next_step` is what to type when all is well."""
    to = console()
    _print_head(document)
    if document["message"]:
        for line in inert(document["message"]).splitlines():
            print_indented(line, to, 2)
        return
    _print_findings(document)
    _print_sizes(document)
    _print_parts(document)
    _print_omissions(document)
    for warning in document["warnings"]:
        print_indented(inert(f"note: {warning}"), to, 2, hang=6)
    if document["digest"]:
        to.print(Text.assemble("\n  contents  ", (document["digest"], "dim")))
    _print_run(document)
    if document["status"] in ("built", "sound"):
        _print_steps(document)
        to.print(Text(f"\nNext: {inert(next_step)}"))


def print_line(document: Mapping[str, Any]) -> None:
    """One package in a line, for many labs: its size and how the run went, or the first line of what is wrong."""
    status, run = document["status"], document["run"]
    size = _size(document["zipped_bytes"]) if run else ""
    words = run["outcome"] if run else document["message"].partition("\n")[0]
    line = Text.assemble((f"{document['lab']:<26}", "bold"), (f"{status:<9}", STATUS[status]), f"{size:>9}  ")
    console().print(line.append(inert(words)), no_wrap=True, overflow="ellipsis")


def _print_head(document: Mapping[str, Any]) -> None:
    status, to = document["status"], console()
    to.print(Text.assemble((inert(document["path"]), "bold"), ": ", (LINES[status], STATUS[status])))
    to.print(Text(inert(f"for {document['runtime']} on {document['architecture']}"), style="dim"))


def _print_findings(document: Mapping[str, Any]) -> None:
    to = console()
    for found in document["findings"]:
        mark = "x" if found["severity"] == "problem" else "-"
        print_indented(inert(f"{mark} {found['problem']}"), to, 2)
        print_indented(inert(found["cure"]), to, 4, hang=0)


def _print_sizes(document: Mapping[str, Any]) -> None:
    limits, zipped, unzipped = document["limits"], document["zipped_bytes"], document["unzipped_bytes"]
    to = console()
    to.print(Text(f"\n  {document['files']} {'file' if document['files'] == 1 else 'files'}", style="bold"))
    for words, size, most in (
        ("zipped, direct upload", zipped, limits["zipped_bytes"]),
        ("unzipped, with layers", unzipped, limits["unzipped_bytes"]),
        ("zipped, console editor", zipped, limits["console_editor_bytes"]),
    ):
        to.print(
            Text(f"  {words:<24}{_size(size):>9} of {_size(most):>7}  {_share(size, most):>7}  {_bar(size, most)}")
        )
    if zipped > limits["console_editor_bytes"]:
        print_indented("Too large for the console's editor: it runs, and cannot be edited there.", to, 2)


def _print_parts(document: Mapping[str, Any]) -> None:
    to = console()
    parts = document["parts"]
    words = f"The {PARTS} heaviest of {len(parts)} parts" if len(parts) > PARTS else "Its parts"
    to.print(Text(f"\n  {words:<{NAME_WIDTH}}   zipped  unzipped", style="bold"))
    for part in parts[:PARTS]:
        name = _cut(inert(part["name"]))
        to.print(Text(f"  {name:<{NAME_WIDTH}}{_size(part['zipped_bytes']):>9} {_size(part['unzipped_bytes']):>9}"))


def _print_omissions(document: Mapping[str, Any]) -> None:
    if not document["left_out"]:
        return
    to = console()
    to.print(Text("\n  Left out", style="bold"))
    reasons: dict[str, list[str]] = {}
    for one in document["left_out"]:
        count = f" ({one['files']} files)" if (one["files"] or 0) > 1 else ""
        reasons.setdefault(one["reason"], []).append(f"{one['what']}{count}")
    for reason, names in reasons.items():
        print_indented(inert(f"{', '.join(names)}: {reason}"), to, 2)


def _print_run(document: Mapping[str, Any]) -> None:
    run = document["run"]
    reason = f": {run['reason']}" if run["reason"] else ""
    words = {
        "started": "Run: it starts under Lambda's runtime client, from what is in the zip.",
        "failed": f"Run: it does not start{reason}",
        "not run here": f"Run: not run here{reason}.",
    }[run["outcome"]]
    to = console()
    to.print()
    print_indented(inert(words), to, 2, style="bold red" if run["outcome"] == "failed" else "")


def _print_steps(document: Mapping[str, Any]) -> None:
    to = console()
    to.print(Text("\nIn the Lambda console, on the function's page", style="bold"))
    if document["zipped_bytes"] > document["limits"]["zipped_bytes"]:
        upload = "Code tab, Upload from, Amazon S3 location: put the zip into a bucket and paste its URL."
    else:
        upload = f"Code tab, Upload from, .zip file: choose {document['path']}, then Save."
    for number, step in enumerate(
        (
            upload,
            f"Runtime settings, Edit: Python {document['runtime'].removeprefix('python')}, handler "
            f"{document['handler']}, architecture {document['architecture']}.",
            "Test tab: paste an event, then Test. The log is below the answer.",
        ),
        1,
    ):
        print_indented(inert(f"{number}. {step}"), to, 2, hang=3)


def _size(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    kilobytes = size / 1024
    return f"{kilobytes:.0f} KB" if kilobytes < 1000 else f"{kilobytes / 1024:.1f} MB"


def _share(size: int, most: int) -> str:
    share = 100 * size / most
    return f"{share:.1f} %" if share >= SHARE_SHOWN else f"< {SHARE_SHOWN} %"


def _bar(size: int, most: int) -> str:
    filled = min(BAR, round(BAR * size / most))
    return "#" * filled + "." * (BAR - filled)


def _cut(name: str) -> str:
    return name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 3]}..."
