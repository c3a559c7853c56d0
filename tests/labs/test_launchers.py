"""A function forked from a template gets the verdicts that a fresh interpreter gets: each lab's solution, and a mistake
in the labs that wait for nothing."""

from collections.abc import Iterator
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


def open_codes(lab: Lab) -> Iterator[Code]:
    assert lab.solution
    yield Code.open(lab.solution, files=lab.manifest.files)
    if lab.number < 4:
        yield open_answer(lab, read_answers(lab).mistakes[-1].path)


@pytest.mark.parametrize("lab", SOLVED, ids=lambda lab: lab.id)
def test_forked_and_spawned_functions_get_the_same_verdicts(lab: Lab) -> None:
    for code in open_codes(lab):
        assert_same(lab, code)


def assert_same(lab: Lab, code: Code) -> None:
    forked = verdicts(lab, code, ForkLauncher)
    spawned = verdicts(lab, code, lambda services: SpawnLauncher())
    for _ in range(2):  # on a busy machine a new interpreter takes so long that a function times out
        if spawned != forked:
            spawned = verdicts(lab, code, lambda services: SpawnLauncher())
    assert forked == spawned
    assert any(status == "passed" for _, status, *_ in forked)
