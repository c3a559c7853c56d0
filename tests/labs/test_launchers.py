"""A function forked from a template gets the verdicts that a fresh interpreter gets: in each lab, the solution and a
mistake."""

from pathlib import Path

import pytest

from workbook.course.labs import Course, Lab
from workbook.grading.judge import grade
from workbook.proof.answers import open_answer, read_answers
from workbook.runtime import Code, processes
from workbook.runtime.launchers.fork import ForkLauncher
from workbook.runtime.launchers.spawn import SpawnLauncher

COURSE = Course(Path(__file__).resolve().parents[2])
SOLVED = [lab for lab in COURSE.labs if lab.solution]
pytestmark = [
    pytest.mark.skipif(not processes.LINUX, reason="only Linux forks functions"),
    pytest.mark.skipif(not SOLVED, reason="a student edition has no solutions"),
]


def verdicts(lab: Lab, code: Code, make_launcher) -> list[tuple[object, ...]]:
    result = grade(lab, code, hidden=True, make_launcher=make_launcher)
    return [(check.id, check.status, check.reason, check.score, check.diagnosis) for check in result.checks]


@pytest.mark.parametrize("answer", ["solution", "mistake"])
@pytest.mark.parametrize("lab", SOLVED, ids=lambda lab: lab.id)
def test_forked_and_spawned_functions_get_the_same_verdicts(lab: Lab, answer: str) -> None:
    assert lab.solution
    code = Code.open(lab.solution, files=lab.manifest.files)
    if answer == "mistake":
        code = open_answer(lab, read_answers(lab).mistakes[-1].path)
    forked = verdicts(lab, code, ForkLauncher)
    spawned = verdicts(lab, code, lambda services: SpawnLauncher())
    for _ in range(2):  # on a busy machine a new interpreter takes so long that a function times out
        if spawned != forked:
            spawned = verdicts(lab, code, lambda services: SpawnLauncher())
    assert forked == spawned
    assert any(status == "passed" for _, status, *_ in forked) or answer != "solution"
