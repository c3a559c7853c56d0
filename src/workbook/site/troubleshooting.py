"""The page about troubleshooting: an entry for every diagnosis, for what the bench, the doctor and set-up say.

It is written to `docs/troubleshooting.md`, so that it can be read without the site too:
`python -m workbook.site.troubleshooting`.
"""

import re
import runpy
from collections.abc import Iterator
from pathlib import Path

from workbook.grading.diagnosis import PAGE, Entry, table
from workbook.reports.terminal import NOT_JUDGED
from workbook.site.findings import read_findings

ROOT = Path(__file__).resolve().parents[3]
COMMENT = "<!-- Written by `python -m workbook.site.troubleshooting`: change what it reads, not this page. -->"
INTRODUCTION = """\
When a check fails, `./lab check` says what it *means* in your code and what to *try*. Here is every such answer, by the
error that you see: in the check's report, in what `./lab invoke` prints, or in CloudWatch, where the same errors look
the same. Names in the examples are examples.

Nothing here fits? The last lines of the function's log often say more than the error: `./lab invoke` prints the whole
of it. `./lab hint` gives the next hint for the task that fails.
"""

PLATFORM = re.compile(r"(Runtime|Sandbox|Function)\.")
LAMBDA, RAISED, ANSWERED = (
    "Lambda itself says so",
    "Your function raised it",
    "Your function answered, but not as the check expects",
)

WAITING = {
    "needs": "It needs something that another check looks at, and that check failed. Mend the other one first.",
    "budget": "All checks of a lab share a time: three times the function's timeout and five seconds more. Look for a "
    "check above that timed out; the others are judged again when it does not.",
    "bench": "Something in the workbook broke, not in your code, and it costs you no mark. Run `./lab doctor`; then "
    "check again.",
}


def write_page() -> str:
    """The whole page as Markdown. Raises ValueError for an entry whose example is none of its kind."""
    sections: dict[str, list[str]] = {LAMBDA: [], RAISED: [], ANSWERED: []}
    for entry in table():
        sections[_section(entry)].append(_describe(entry))
    parts = ["# Troubleshooting", COMMENT, INTRODUCTION.strip()]
    for title, entries in sections.items():
        parts += [f"## {title}", *entries]
    parts += ["## A check was not judged", *_describe_waiting()]
    parts += ["## What `./lab doctor` finds", *_describe_findings()]
    parts += ["## Set-up stopped", *_describe_setup()]
    return "\n\n".join(parts) + "\n"


def fill(entry: Entry) -> tuple[str, str]:
    """What the example means and what to try. Raises ValueError when the entry's conditions do not fit it."""
    groups = {"where": "", "code": "", "failure": "its name and its error"}
    if entry.error:
        kind, _, words = entry.seen.partition(": ")
        found = entry.message.search(words) if entry.message else None
        if not entry.error.fullmatch(kind) or (entry.message and not found):
            raise ValueError(f"{entry.id}: its conditions do not fit what is `seen`: {entry.seen}")
        groups |= found.groupdict("") if found else {}
    return entry.means.format(**groups), entry.cure.format(**groups)


def _section(entry: Entry) -> str:
    if entry.error is None:
        return ANSWERED
    return LAMBDA if PLATFORM.match(entry.seen) else RAISED


def _describe(entry: Entry) -> str:
    means, cure = fill(entry)
    title = f"`{entry.seen}`" if entry.error else entry.seen
    return f'<a id="{entry.id}"></a>\n\n### {title}\n\n{means}\n\n**Try:** {cure}'


def _describe_waiting() -> Iterator[str]:
    for reason, words in NOT_JUDGED.items():
        title = words.strip(" ()").removeprefix("not judged: ")
        yield f'<a id="not-judged-{reason}"></a>\n\n### `{title}`\n\n{WAITING[reason]}'


def _describe_findings() -> Iterator[str]:
    yield "Where `…` stands, the doctor names what it found on your machine. On Windows it says `py lab`."
    findings = list(read_findings())
    for name in dict.fromkeys(finding.name for finding in findings):
        rows = [f"| {one.message} | {one.cure} |" for one in findings if one.name == name]
        yield "\n".join([f"### Doctor: {name}\n", "| it says | what to do |", "|---|---|", *rows])


def _describe_setup() -> Iterator[str]:
    yield "The first start, and `./lab setup`, say what stopped them, and one of these:"
    cures = runpy.run_path(str(ROOT / "lab"), run_name="lab")["CURES"]
    yield "\n".join(f"- {cure}" for _, cure in cures)


if __name__ == "__main__":
    (ROOT / PAGE).write_text(write_page(), "utf-8", newline="\n")
