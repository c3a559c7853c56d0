"""What tests of the watch share: a state to begin with, and verdicts."""

from collections.abc import Callable

import pytest

from workbook.grading.document import CheckResult, Status
from workbook.watch.screen import Look
from workbook.watch.state import Declared, State

DECLARED = (
    Declared("test_answers", 1, "answers with status code 200", 4, None, slow=False),
    Declared("test_greets", 2, "greets the station by name", 5, "test_answers", slow=False),
    Declared("test_waits", 2, "gives up in time", 1, None, slow=True),
)


@pytest.fixture
def declared() -> tuple[Declared, ...]:
    return DECLARED


@pytest.fixture
def state(make_lab) -> State:
    """Of a lab with two tasks, whose bench is still warming up."""
    return State(make_lab())


@pytest.fixture
def verdict() -> Callable[..., CheckResult]:
    """A check's result, passed unless a message says why not."""

    def make(name: str, message: str | None = None, status: Status | None = None) -> CheckResult:
        check = next(check for check in DECLARED if check.id == name)
        found = status or (Status.FAILED if message else Status.PASSED)
        return CheckResult(check.id, check.task, check.title, found, check.points, message=message, seconds=0.1)

    return make


@pytest.fixture
def look() -> Look:
    return Look(
        colour=False, encoding="utf-8", say=lambda words: f"./lab {words}", shorten=lambda path: str(path)[-20:]
    )
