"""What is proved of the suites as they are declared, before any check runs."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from workbook.grading.check import Check
from workbook.grading.document import Visibility
from workbook.proof.evidence import Evidence, read_text
from workbook.proof.fact import Fact, Finding, count, settle

TOTALS = (10, 20, 30)
FEWEST, MOST = 8, 14


def prove_suite(evidence: Evidence) -> Iterator[Fact]:
    """For suites that can be read."""
    public, hidden = evidence.public, len(evidence.checks) - len(evidence.public)
    points = sum(check.points for check in public)
    proved = (
        f"{count(len(public), 'public check')} for {count(points, 'point')}, at least one for each task; "
        f"{count(hidden, 'hidden check')}"
    )
    yield from settle("suite", proved, _find_totals(evidence))
    yield from settle(
        "docstrings", f"{count(len(evidence.checks), 'check')} told by different lines", _find_words(evidence)
    )
    needy = sum(check.needs is not None for check in evidence.checks)
    proved = f"{count(needy, 'check')} with needs, each naming one that stands before it"
    yield from settle("needs", proved, _find_needs(evidence))


def with_needed(checks: Sequence[Check], task: int) -> list[Check]:
    """The checks that `lab check --task` runs: the task's own, and what those need."""
    wanted = {_function(check) for check in checks if check.task == task}
    while missing := {check.needs for check in checks if _function(check) in wanted and check.needs} - wanted:
        if not missing & {_function(check) for check in checks}:
            break
        wanted |= missing
    return [check for check in checks if _function(check) in wanted]


def suite_of(evidence: Evidence, visibility: Visibility) -> Path:
    """The file that declares the checks of this visibility."""
    hidden = evidence.lab.hidden_suite
    return hidden if visibility is Visibility.HIDDEN and hidden else evidence.lab.suite


def _function(check: Check) -> str:
    return check.id.partition("[")[0]


def _find_totals(evidence: Evidence) -> Iterator[Finding]:
    place, public = evidence.name(evidence.lab.suite), evidence.public
    tasks = range(1, len(evidence.lab.manifest.tasks) + 1)
    if not FEWEST <= len(public) <= MOST:
        problem = f"it has {count(len(public), 'check')}, and should have {FEWEST} to {MOST}"
        yield Finding(place, problem, "Part a check that judges several things, or join some that judge the same.")
    points = sum(check.points for check in public)
    if points not in TOTALS:
        problem = f"its checks total {count(points, 'point')}, and should total 10, 20 or 30"
        yield Finding(place, problem, "Change points=... in the marks.")
    for task in tasks:
        if not any(check.task == task for check in public):
            yield Finding(place, f"no check judges task {task}", f"Write one, marked @pytest.mark.task({task}).")
    for check in evidence.checks:
        if check.task not in tasks:
            place = evidence.name(suite_of(evidence, check.visibility))
            problem = f"{check.id} belongs to task {check.task}, and lab.toml has {count(len(tasks), 'task')}"
            yield Finding(place, problem, "Mend the mark's number, or add the task.")


def _find_words(evidence: Evidence) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for visibility in Visibility:
        checks = [check for check in evidence.checks if check.visibility is visibility]
        if not checks:
            continue
        suite = suite_of(evidence, visibility)
        written = _docstrings(suite)
        for check in checks:
            if not written.get(_function(check).rpartition("::")[2]):
                yield Finding(
                    evidence.name(suite), f"{check.id} has no docstring", "Write the line that the student sees."
                )
            elif check.title in seen:
                problem = f"{check.id} has the same docstring as {seen[check.title]}: {check.title!r}"
                yield Finding(evidence.name(suite), problem, "Say in each what it judges.")
            seen[check.title] = check.id


def _docstrings(suite: Path) -> dict[str, str]:
    functions = [node for node in ast.walk(ast.parse(read_text(suite))) if isinstance(node, ast.FunctionDef)]
    return {node.name: ast.get_docstring(node) or "" for node in functions}


def _find_needs(evidence: Evidence) -> Iterator[Finding]:
    before: dict[Visibility, set[str]] = {visibility: set() for visibility in Visibility}
    for check in evidence.checks:
        if check.needs and check.needs not in before[check.visibility]:
            place = evidence.name(suite_of(evidence, check.visibility))
            problem = f"{check.id} needs {check.needs}, and no check of that name stands before it"
            yield Finding(place, problem, "Mend the name, or move the check that is needed up.")
        before[check.visibility].add(_function(check))
