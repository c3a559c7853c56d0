"""What is proved of the README: its parts, its tasks, and its contract's table against manifest, events and suites.

The contract is held to what a machine can decide: every environment variable of the manifest and every key of the
sample events is named in the README's code spans, and every status code that a suite compares a status with stands
in the contract's section.
"""

import ast
import json
import re
from collections.abc import Iterator

from workbook.proof.evidence import Evidence, read_text
from workbook.proof.fact import Fact, Finding, count, settle
from workbook.proof.suite import with_needed

OPENING = ("**Goal:**", "**Time:**", "**You need:**", "**You will learn**")
SECTIONS = (
    "The story", "The contract", "Tasks", "Try it", "In the console", "Common errors", "What the local cloud hides",
    "Go further",
)  # fmt: skip
LESSONS = 3
_TABLE = re.compile(r"^\|.*\|\n\|[ :|-]+\|\n\|", re.MULTILINE)
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^### Task (\d+): (.+?)\s*$", re.MULTILINE)


def prove_readme(evidence: Evidence) -> Iterator[Fact]:
    """For a lab whose suites can be read."""
    if not evidence.readme.strip():
        place = evidence.name(evidence.lab.folder / "README.md")
        yield Fact("readme", False, f"{place}: there is no such file, or nothing in it", "Write it.")
        return
    proved = f"README.md has its opening and {len(SECTIONS)} sections, and says {evidence.lab.manifest.minutes} minutes"
    yield from settle("readme", proved, _find_parts(evidence))
    tasks = len(evidence.lab.manifest.tasks)
    proved = f"README.md has {count(tasks, 'task')} as in lab.toml, each with its command and what that prints"
    yield from settle("tasks", proved, _find_tasks(evidence))
    variables, keys, statuses = _variables(evidence), _event_keys(evidence), _statuses(evidence)
    proved = (
        f"the contract has its table; the README names {count(len(variables), 'variable')}, "
        f"{count(len(keys), 'event key')} and {count(len(statuses), 'status code')}"
    )
    yield from settle("contract", proved, _find_contract(evidence, variables, keys, statuses))


def section(readme: str, title: str) -> str | None:
    """The text below the heading `## TITLE`, up to the next of its rank."""
    parts = re.split(r"^## (.+?)\s*$", readme, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(title)


def _find_parts(evidence: Evidence) -> Iterator[Finding]:
    place = evidence.name(evidence.lab.folder / "README.md")
    lab, readme = evidence.lab, evidence.readme
    title = f"# Lab {lab.number:02}: {lab.manifest.title}"
    if readme.splitlines()[0].rstrip() != title:
        yield Finding(place, "its first line is not the manifest's title", f"Write: {title}")
    for words in OPENING:
        if words not in readme:
            yield Finding(place, f"it has no {words}", "Write it above the story.")
    time = re.search(r"\*\*Time:\*\*\s+(\d+) minutes", readme)
    if time and int(time[1]) != lab.manifest.minutes:
        problem = f"it says {time[1]} minutes, and lab.toml {lab.manifest.minutes}"
        yield Finding(place, problem, "Write the same number in both.")
    elif not time and "**Time:**" in readme:
        yield Finding(place, "it gives no time in minutes", f"Write: **Time:** {lab.manifest.minutes} minutes")
    learn = re.search(r"\*\*You will learn\*\*\s*\n(.*?)(?=\n## |\Z)", readme, re.DOTALL)
    lessons = len(re.findall(r"^- ", learn[1], re.MULTILINE)) if learn else LESSONS
    if lessons != LESSONS:
        yield Finding(
            place, f"You will learn lists {count(lessons, 'thing')}", f"Name {LESSONS}, each in a line with -."
        )
    for name in SECTIONS:
        found = section(readme, name)
        if found is None or not found.strip():
            yield Finding(place, f"it has no section {name}, or an empty one", f"Write it below: ## {name}")
    if (errors := section(readme, "Common errors")) and not _TABLE.search(errors):
        yield Finding(place, "Common errors has no table", "Write one: message, cause, cure.")


def _find_tasks(evidence: Evidence) -> Iterator[Finding]:
    place, lab = evidence.name(evidence.lab.folder / "README.md"), evidence.lab
    parts = _HEADING.split(evidence.readme)
    numbers, titles, bodies = parts[1::3], parts[2::3], parts[3::3]
    if [int(number) for number in numbers] != [task.number for task in lab.manifest.tasks]:
        found = ", ".join(numbers) or "none"
        problem = f"its tasks are {found}; lab.toml has {len(lab.manifest.tasks)}"
        yield Finding(place, problem, "Write a heading for each, in order: ### Task 1: TITLE")
        return
    for task, title, body in zip(lab.manifest.tasks, titles, bodies, strict=True):
        body = re.split(r"^## ", body, flags=re.MULTILINE)[0]
        if title != task.title:
            problem = f"task {task.number} is called {title!r}, in lab.toml {task.title!r}"
            yield Finding(place, problem, "Give it the same title in both.")
        command = f"./lab check {lab.number} --task {task.number}"
        if not re.search(rf"{re.escape(command)}(?!\d)", body):
            yield Finding(place, f"task {task.number} does not end in its command", f"Write: {command}")
        checks = with_needed(evidence.public, task.number)
        points = sum(check.points for check in checks)
        printed = f"{len(checks)} of {len(checks)} checks passed, {points} of {points} points"
        if printed not in body:
            yield Finding(place, f"task {task.number} does not say what its command prints", f"Write: {printed}")


def _find_contract(
    evidence: Evidence, variables: set[str], keys: dict[str, str], statuses: dict[int, str]
) -> Iterator[Finding]:
    place = evidence.name(evidence.lab.folder / "README.md")
    contract, code = section(evidence.readme, "The contract") or "", "\n".join(_CODE.findall(evidence.readme))
    if not _TABLE.search(contract):
        yield Finding(place, "The contract has no table", "Write one: event, variables, success, each failure.")
    for name in sorted(variables):
        if not _names(code, name):
            yield Finding(place, f"it does not name the variable {name}", "Name it in the contract's table.")
    for key, event in keys.items():
        if not _names(code, key):
            yield Finding(place, f"it does not name {key!r}, a key of {event}", "Name it in the contract's table.")
    for status, suite in statuses.items():
        if not _names(contract, str(status)):
            problem = f"The contract does not name the status code {status}, which {suite} judges"
            yield Finding(place, problem, "Promise it in the table, or do not judge it.")


def _names(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _variables(evidence: Evidence) -> set[str]:
    manifest = evidence.lab.manifest
    return set(manifest.function.environment) | ({"API_URL"} if manifest.api_responses else set())


def _event_keys(evidence: Evidence) -> dict[str, str]:
    """Each key of a sample event that is an object, with the event's file."""
    found: dict[str, str] = {}
    for path in evidence.lab.events:
        try:
            event = json.loads(read_text(path))
        except ValueError:
            continue
        if isinstance(event, dict):
            found |= {key: evidence.name(path) for key in event if key not in found}
    return found


def _statuses(evidence: Evidence) -> dict[int, str]:
    """Each HTTP status code that a suite compares something with that it calls a status, with the suite's file."""
    found: dict[int, str] = {}
    for suite in filter(None, (evidence.lab.suite, evidence.lab.hidden_suite)):
        for node in ast.walk(ast.parse(read_text(suite))):
            if isinstance(node, ast.Compare) and "status" in ast.unparse(node).lower():
                for part in ast.walk(node):
                    value = part.value if isinstance(part, ast.Constant) else None
                    if type(value) is int and 200 <= value <= 599:
                        found.setdefault(value, evidence.name(suite))
    return found
