"""That no verdict changes when checks share an execution environment: the proof that `lab grade` saves time by."""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

from workbook.course.labs import Lab
from workbook.grading.document import Result
from workbook.grading.reuse import keep_proof
from workbook.proof.answers import read_answers
from workbook.proof.fact import Fact, Finding, count, settle
from workbook.proof.trials import Trials, wait
from workbook.runtime import CodeError

CURE = "Let `lab grade` judge this lab afresh: take it out of labs/reuse.toml."


def prove_reuse(lab: Lab, executor: Executor) -> Iterator[Fact]:
    """A fact for the starter and the solution, one for the variants, one for the mistakes: each judged with a fresh
    environment for each check, and with shared ones. When all hold, that is written down with the solution.

    Raises BenchError when the bench broke, ManifestError for mistakes that are declared wrongly. `lab` has a solution.
    """
    assert lab.solution
    trials, answers, facts = Trials(lab, executor), read_answers(lab), []
    groups: dict[str, list[Path]] = {
        "the starter and the solution": [lab.folder, lab.solution],
        count(len(answers.variants), "variant"): list(answers.variants),
        count(len(answers.mistakes), "mistake"): [mistake.path for mistake in answers.mistakes],
    }
    for name, paths in groups.items():
        found = settle("reuse", f"{name}: the same verdicts with shared environments", _differences(trials, paths))
        facts += found
        yield from found
    if all(fact.ok for fact in facts):
        keep_proof(lab)


def _differences(trials: Trials, paths: list[Path]) -> Iterator[Finding]:
    begun = [(path, [trials.judge_with(path, reuse=reuse) for reuse in (False, True)]) for path in paths]
    for path, pair in begun:
        try:
            fresh, shared = (_verdicts(wait(trial)) for trial in pair)
        except CodeError:
            continue  # refused either way
        for (name, own), (_, other) in zip(fresh.items(), shared.items(), strict=True):
            if own != other:
                problem = f"{name} is {own[0]} alone, and {other[0]} in a shared environment"
                yield Finding(str(path.relative_to(trials.lab.root)), problem, CURE)


def _verdicts(result: Result) -> dict[str, tuple[object, ...]]:
    return {
        f"{check.visibility}:{check.id}": (check.status.value, check.reason, check.score) for check in result.checks
    }
