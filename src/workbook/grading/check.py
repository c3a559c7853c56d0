"""A check, as its author declared it: the mark, the docstring, and the lab that it belongs to."""

import inspect
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.course.labs import Lab
from workbook.grading.document import Visibility


@dataclass(frozen=True)
class Check:
    """One graded test. `id` is its name in the suite, `title` the line that the student sees, `provokes` the error code
    of AWS ("NoSuchBucket") that it calls forth on purpose, and that is therefore not diagnosed."""

    id: str
    task: int
    points: int
    needs: str | None
    provokes: str | None
    title: str
    visibility: Visibility


def declare(item: pytest.Item, lab: Lab, visibility: Visibility) -> Check:
    """Read the check's mark and docstring; a test of a function of one's own needs no mark, and is of task 1.

    Raises UsageError when the author declared it wrongly.
    """
    mark = item.get_closest_marker("task") or (pytest.mark.task(1).mark if lab.alone else None)
    if mark is None:
        raise pytest.UsageError(
            f"{item.nodeid}: a check needs @pytest.mark.task(NUMBER, points=1, needs=None, provokes=None)."
        )
    try:
        task, points, needs, provokes = _read_mark(*mark.args, **mark.kwargs)
    except TypeError as error:
        raise pytest.UsageError(f"{item.nodeid}: {error}") from error
    test = getattr(item, "function", None)
    doc = inspect.getdoc(test) if test else None
    title = " ".join(doc.split("\n\n")[0].split()) if doc else item.name.removeprefix("test_").replace("_", " ")
    callspec = getattr(item, "callspec", None)
    if callspec is not None:
        title = f"{title} [{callspec.id}]"
    return Check(item.nodeid.split("::", 1)[-1], task, points, needs, provokes, title, visibility)


def _read_mark(
    task: int, *, points: int = 1, needs: str | None = None, provokes: str | None = None
) -> tuple[int, int, str | None, str | None]:
    if not isinstance(task, int) or task < 1 or not isinstance(points, int) or points < 0:
        raise TypeError("task(NUMBER, points=POINTS) takes whole numbers from 1, points from 0")
    return task, points, needs, provokes


def find_lab(suite: Path) -> tuple[Lab, Visibility] | None:
    """The lab that the suite file judges, and whether its checks are shown; None for any other test file."""
    from workbook.course.labs import SHELVES, Course, NoCourse, stands_alone

    folder = suite.parent
    if stands_alone(folder):
        return Course(folder).labs[0], Visibility.PUBLIC
    shelf, root = folder.parent.name, folder.parent.parent
    if shelf not in SHELVES:
        return None
    try:
        course = Course(root)
    except NoCourse:
        return None
    lab = next((lab for lab in course.labs if lab.id == folder.name), None)
    if lab is None:
        return None
    return lab, Visibility.PUBLIC if shelf == "labs" else Visibility.HIDDEN
