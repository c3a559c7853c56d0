"""Every lab is sound: its suites on its starter, its solution, its variants and its mistakes.

Without `solutions/` (a student edition) the starters alone are judged. A lab whose files a student has changed is
still proved, but for the facts about those files.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from workbook.course.labs import Course, Lab
from workbook.course.starters import is_untouched, starter_of
from workbook.grading.document import Reason, Status
from workbook.grading.judge import grade
from workbook.proof import Group, prove
from workbook.proof.trials import trial_processes
from workbook.runtime import Code

COURSE = Course(Path(__file__).resolve().parents[2])
SOLVED = [lab for lab in COURSE.labs if lab.solution]
OF_THE_STUDENTS_FILES = {Group.FILES, Group.STARTER}


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with trial_processes() as found:
        yield found


@pytest.mark.parametrize("lab", COURSE.labs, ids=lambda lab: lab.id)
def test_the_starter_fails_every_task(lab: Lab) -> None:
    kept = {file: found for file in lab.manifest.files if (found := starter_of(COURSE, lab, file))}
    checks = grade(lab, Code.open(lab.folder).overlaid(Code(lab.folder, kept))).checks
    failed = {check.task for check in checks if check.status is Status.FAILED}
    assert failed == {task.number for task in lab.manifest.tasks}
    assert [check.id for check in checks if check.status is Status.TIMEOUT or check.reason is Reason.BENCH] == []


@pytest.mark.parametrize("group", Group)
@pytest.mark.parametrize("lab", SOLVED, ids=lambda lab: lab.id)
def test_the_lab_is_sound(lab: Lab, group: Group, executor: Executor) -> None:
    if group in OF_THE_STUDENTS_FILES and not is_untouched(COURSE, lab):
        pytest.skip(f"{lab.id} has been worked on")
    facts = list(prove(lab, executor, {group}))
    assert facts
    assert [f"{fact.text} {fact.cure}" for fact in facts if not fact.ok] == []
