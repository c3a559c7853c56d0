"""A few of each lab's mutants, always the same: `lab prove --mutants` tries all of them."""

from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from workbook.course.labs import Course, Lab
from workbook.proof.mutants import prove_mutants
from workbook.proof.trials import Trials, trial_processes

COURSE = Course(Path(__file__).resolve().parents[2])
SOLVED = [lab for lab in COURSE.labs if lab.solution]
SAMPLE = 6


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with trial_processes() as found:
        yield found


@pytest.mark.parametrize("lab", SOLVED, ids=lambda lab: lab.id)
def test_slips_are_heard(lab: Lab, executor: Executor) -> None:
    facts = prove_mutants(lab, Trials(lab, executor), SAMPLE).facts
    assert facts
    assert [f"{fact.text} {fact.cure}" for fact in facts if not fact.ok] == []
