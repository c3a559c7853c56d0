"""Every lab's suites, on its solution, its starter, its mistakes and its variants.

A lab without `solutions/` (a student edition) is judged by its starter alone. Submissions are judged beside one
another, a process for each core, since each check starts a cold function.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import pytest

from workbook.course.labs import Course, Lab
from workbook.course.starters import starter_of
from workbook.grading.document import CheckResult, Reason, Result, Status, Visibility
from workbook.grading.judge import grade
from workbook.runtime import Code

ROOT = Path(__file__).resolve().parents[2]
COURSE = Course(ROOT)


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, as `mistakes/mistakes.toml` declares it: `path` is a file or a folder, laid over the
    solution; `fails` the checks that must not pass; `says` words that they must tell the student."""

    path: Path
    fails: frozenset[str]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """One submission to one lab: `starter`, `solution`, a variant's path or a mistake."""

    lab_id: str
    submission: str | Path | Mistake

    @property
    def lab(self) -> Lab:
        return COURSE.find(self.lab_id)

    @property
    def code(self) -> Code:
        if self.submission == "starter":
            return starter(self.lab)
        solution = Code.open(solution_of(self.lab))
        if self.submission == "solution":
            return solution
        if isinstance(self.submission, Mistake):
            return solution.overlaid(open_file_or_folder(self.submission.path, self.lab))
        return open_file_or_folder(Path(self.submission), self.lab)

    def __str__(self) -> str:
        named = self.submission.path if isinstance(self.submission, Mistake) else Path(self.submission)
        return f"{self.lab_id}-{named.stem}"


def solution_of(lab: Lab) -> Path:
    assert lab.solution
    return lab.solution


def open_file_or_folder(path: Path, lab: Lab) -> Code:
    return Code.open(path, single_file_name=lab.manifest.files[0])


def starter(lab: Lab) -> Code:
    """The lab's folder with its files as they came: the student may have changed them since."""
    kept = {file: found for file in lab.manifest.files if (found := starter_of(COURSE, lab, file))}
    return Code.open(lab.folder).overlaid(Code(lab.folder, kept))


def mistakes_of(lab: Lab) -> list[Mistake]:
    folder = solution_of(lab) / "mistakes"
    if not (folder / "mistakes.toml").is_file():
        return []  # test_every_mistake_is_declared says so
    declared = tomllib.loads((folder / "mistakes.toml").read_text("utf-8"))["mistake"]
    return [Mistake(folder / each["path"], frozenset(each["fails"]), tuple(each["says"])) for each in declared]


def submissions_in(folder: Path) -> list[Path]:
    """The files and folders that are handed in whole; none where the folder is missing."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix == ".py" or (path.is_dir() and path.name[0] != "_"))


SOLVED = [lab for lab in COURSE.labs if lab.solution]
STARTERS = [Case(lab.id, "starter") for lab in COURSE.labs]
SOLUTIONS = [Case(lab.id, "solution") for lab in SOLVED]
VARIANTS = [Case(lab.id, path) for lab in SOLVED for path in submissions_in(solution_of(lab) / "variants")]
MISTAKES = [Case(lab.id, mistake) for lab in SOLVED for mistake in mistakes_of(lab)]


@pytest.fixture(scope="session")
def judge(request: pytest.FixtureRequest) -> Iterator[Callable[[Case], Result]]:
    """The result of a case, by public and hidden checks; all that this session asks for are begun at once."""
    asked = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    cases = dict.fromkeys(case for case in asked if isinstance(case, Case))
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        judged = {case: pool.submit(grade, replace(case.lab), case.code, hidden=True) for case in cases}
        yield lambda case: judged[case].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", STARTERS, ids=str)
def test_starter_fails_every_task(case: Case, judge: Callable[[Case], Result]) -> None:
    checks = [check for check in judge(case).checks if check.visibility is Visibility.PUBLIC]
    failed = {check.task for check in checks if check.status is Status.FAILED}
    assert failed == {task.number for task in case.lab.manifest.tasks}
    assert not [check.id for check in checks if check.status is Status.TIMEOUT or check.reason is Reason.BENCH]


@pytest.mark.parametrize(
    "case", [*SOLUTIONS, *(pytest.param(case, marks=pytest.mark.slow) for case in VARIANTS)], ids=str
)
def test_right_answer_passes(case: Case, judge: Callable[[Case], Result]) -> None:
    assert {check.id: tell(check) for check in judge(case).checks if check.status is not Status.PASSED} == {}


@pytest.mark.slow
@pytest.mark.parametrize("case", MISTAKES, ids=str)
def test_mistake_fails_as_declared(case: Case, judge: Callable[[Case], Result]) -> None:
    assert isinstance(case.submission, Mistake)
    missed = [check for check in judge(case).checks if check.status is not Status.PASSED]
    assert {check.id for check in missed} == case.submission.fails, "\n\n".join(map(tell, missed))
    told = "\n".join(map(tell, missed))
    assert case.submission.says
    assert [words for words in case.submission.says if words not in told] == [], told


@pytest.mark.parametrize("lab", SOLVED, ids=lambda lab: lab.id)
def test_every_mistake_is_declared(lab: Lab) -> None:
    declared = [mistake.path for mistake in mistakes_of(lab)]
    assert declared, f"solutions/{lab.id}/mistakes/mistakes.toml declares none."
    assert sorted(declared) == submissions_in(solution_of(lab) / "mistakes")


@pytest.mark.parametrize("case", SOLUTIONS, ids=str)
def test_readme_and_manifest_agree_with_the_suite(case: Case, judge: Callable[[Case], Result]) -> None:
    checks = [check for check in judge(case).checks if check.visibility is Visibility.PUBLIC]
    assert 8 <= len(checks) <= 14
    assert sum(check.max_score for check in checks) in (10, 20, 30)
    readme = (case.lab.folder / "README.md").read_text("utf-8")
    tasks = case.lab.manifest.tasks
    assert re.findall(r"^### Task (\d+): (.+)$", readme, re.MULTILINE) == [(str(t.number), t.title) for t in tasks]
    sections = re.split(r"^### Task \d+: ", readme, flags=re.MULTILINE)[1:]
    for task, section in zip(tasks, sections, strict=True):
        assert len(task.hints) == 3
        own = [check for check in checks if check.task == task.number]
        points = sum(check.max_score for check in own)
        assert f"./lab check {case.lab.number} --task {task.number}\n" in section
        assert f"{len(own)} of {len(own)} checks passed, {points} of {points} points" in section


def tell(check: CheckResult) -> str:
    """What the student is told about a check that did not pass."""
    return "\n".join(filter(None, (check.id, check.message, check.diagnosis)))
