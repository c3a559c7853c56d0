"""What is proved by running code: the starter, the solution, its variants and its mistakes."""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

from workbook.grading.document import CheckResult, Result, Status, Visibility
from workbook.proof.answers import Mistake, find_faults, miss, tell
from workbook.proof.evidence import Evidence
from workbook.proof.fact import Fact, Finding, count, settle
from workbook.proof.files import read_events
from workbook.proof.trials import Trials, wait
from workbook.runtime import CodeError, Invocation

# What a starter that is meant to run fails with by accident alone; every `Runtime.` error is one too.
ACCIDENTS = {
    "ImportError", "IndentationError", "ModuleNotFoundError", "NameError", "Sandbox.Timedout", "SyntaxError",
    "UnboundLocalError",
}  # fmt: skip
BUDGET_SHARE = 0.5


def prove_starter(evidence: Evidence, trials: Trials) -> Iterator[Fact]:
    """The starter runs, unless its package has to be built first, and fails each task by what it answers, or as
    `[starter] says` has it."""
    lab = evidence.lab
    events = [event for _, event in read_events(evidence)] or [{}]
    judged = trials.judge(lab.folder, hidden=False)
    place = evidence.name(lab.folder / lab.manifest.files[0])
    if lab.manifest.package is None:
        invoked = trials.invoke(lab.folder, events[:1])
        yield from settle("starter", "the starter imports and runs", _find_not_running(place, invoked))
    result = wait(judged)
    says = evidence.answers.starter_says
    missed = f"{len(miss(result))} of {count(len(result.checks), 'check')}"
    proved = f"the starter fails {missed}, some of each task, " + ("as declared" if says else "by what it answers")
    yield from settle("starter-tasks", proved, _find_starter(evidence, place, result, says))


def prove_solution(evidence: Evidence, trials: Trials) -> Iterator[Fact]:
    """The solution and its variants score full marks, in half of the budget, and take every sample event."""
    lab, events = evidence.lab, read_events(evidence)
    place = evidence.name(evidence.solution / lab.manifest.files[0])
    judged = trials.judge(evidence.solution)
    deployed = evidence.solution / lab.manifest.package if lab.manifest.package else evidence.solution
    invoked = trials.invoke(deployed, [event for _, event in events])
    variants = [(path, trials.judge_answer(path)) for path in evidence.answers.variants]
    result = wait(judged)
    yield from settle("solution", f"the solution scores full marks: {_marks(result)}", _find_missed(place, judged))
    yield from _prove_budget(evidence, result)
    names = [name for name, _ in events]
    proved = f"the solution takes {count(len(events), 'sample event')}, each in its time"
    yield from settle("events-run", proved, _find_untaken(names, invoked))
    for path, trial in variants:
        proved = f"{path.name}, a variant, passes every check"
        yield from settle(f"variant.{path.stem}", proved, _find_missed(evidence.name(path), trial))


def prove_mistakes(evidence: Evidence, trials: Trials) -> Iterator[Fact]:
    """Each mistake fails exactly the checks that it declares, with its words."""
    mistakes = [mistake for mistake in evidence.answers.mistakes if mistake.path.exists()]
    for mistake, trial in [(mistake, trials.judge_answer(mistake.path)) for mistake in mistakes]:
        told = f"{count(len(mistake.fails), 'check')} as declared, with {count(len(mistake.says), 'text')}"
        proved = f"{mistake.path.name}, a mistake, fails {told}"
        yield from settle(f"mistake.{mistake.path.stem}", proved, _find_undeclared(evidence, mistake, trial))


def _find_not_running(place: str, trial: Future[list[Invocation]]) -> Iterator[Finding]:
    cure = "A starter runs: the student begins with a function that answers."
    try:
        invocation = wait(trial)[0]
    except CodeError as refusal:
        yield Finding(place, f"the starter cannot be taken in: {refusal}", cure)
        return
    error = invocation.error
    if error and (invocation.in_init or _is_accident(error.type)):
        yield Finding(place, f"the starter does not run: {error}", cure)


def _find_starter(evidence: Evidence, place: str, result: Result, says: Sequence[str]) -> Iterator[Finding]:
    missed = miss(result)
    if result.rejected:
        yield Finding(place, f"the starter cannot be taken in: {result.rejected}", "Mend the files.")
        return
    for task in evidence.lab.manifest.tasks:
        own = [check for check in result.checks if check.task == task.number]
        if own and not any(check in missed for check in own):
            problem = f"the starter passes every check of task {task.number} before anything is written"
            yield Finding(place, problem, "Take that answer out of the starter, or judge the task more closely.")
    for check in missed:
        if (accident := _accident(check)) and not any(words in tell([check]) for words in says):
            problem = f"the starter fails {check.id} by accident: {accident}"
            yield Finding(place, problem, "Let it run and answer; or declare the words in [starter] says.")
    for words in says:
        if words not in tell(missed):
            declared = evidence.name(evidence.solution / "mistakes" / "mistakes.toml")
            yield Finding(declared, f"no failed check of the starter says {words!r}", "Mend [starter] says.")


def _accident(check: CheckResult) -> str | None:
    """What the check failed with, if no starter should: an error of its function that is no answer, or a timeout."""
    if check.status is Status.TIMEOUT:
        return "it timed out"
    failed = re.search(r"^failed +(([\w.]+).*)$", check.message or "", re.MULTILINE)
    return failed[1] if failed and _is_accident(failed[2]) else None


def _is_accident(error_type: str) -> bool:
    return error_type.startswith("Runtime.") or error_type in ACCIDENTS


def _find_missed(place: str, trial: Future[Result]) -> Iterator[Finding]:
    try:
        result = wait(trial)
    except CodeError as error:
        yield Finding(place, f"it cannot be taken in: {error}", "Mend the files.")
        return
    if result.rejected:
        yield Finding(place, f"it cannot be taken in: {result.rejected}", "Mend the files.")
    for check in miss(result):
        told = (check.message or "").partition("\n")[0]
        yield Finding(place, f"{check.id} is {check.status.replace('_', ' ')}: {told}", "Mend the code, or the check.")


def _marks(result: Result) -> str:
    parts = []
    for visibility in Visibility:
        checks = [check for check in result.checks if check.visibility is visibility]
        points = sum(check.max_score for check in checks)
        parts.append(f"{count(points, 'point')} in {count(len(checks), f'{visibility} check')}")
    return ", ".join(parts)


def _prove_budget(evidence: Evidence, result: Result) -> list[Fact]:
    budget = evidence.lab.manifest.budget
    spent = sum(check.function_seconds for check in result.checks if check.visibility is Visibility.PUBLIC)
    used = f"{spent:.1f} s of the budget of {budget:g} s"
    place = evidence.name(evidence.lab.folder / "lab.toml")
    problem = f"the public checks of the solution take {used}, more than half of it"
    cure = f"Write budget = {max(spent / BUDGET_SHARE, budget) + 1:.0f} or more, or make the checks shorter."
    found = [Finding(place, problem, cure)] if spent > BUDGET_SHARE * budget else []
    return settle("budget", f"the public checks of the solution take {used}", found)


def _find_untaken(names: list[str], trial: Future[list[Invocation]]) -> Iterator[Finding]:
    try:
        invocations = wait(trial)
    except CodeError:
        return  # told where it is judged
    for name, invocation in zip(names, invocations, strict=True):
        if invocation.timed_out:
            yield Finding(name, "the solution times out with it", "Send what it can take, or mend the solution.")


def _find_undeclared(evidence: Evidence, mistake: Mistake, trial: Future[Result]) -> Iterator[Finding]:
    place = evidence.name(mistake.path)
    for unknown in sorted(mistake.fails - {check.id for check in evidence.checks}):
        yield Finding(place, f"its fails names {unknown}, and there is no such check", "Mend the name.")
    try:
        faults = find_faults(mistake, wait(trial))
    except CodeError as error:
        yield Finding(place, f"it cannot be taken in: {error}", "Mend the files.")
        return
    for problem, cure in faults:
        yield Finding(place, problem, cure)
