"""A small course that is sound, in `course/`, copied for each test to break."""

import shutil
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest

from workbook.course.labs import Course, Lab
from workbook.proof.trials import trial_processes

collect_ignore = ["course"]
COURSE = Path(__file__).with_name("course")


class Draft:
    """A copy of the course. A path begins with `lab`, `solution` or `notebooks`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))

    @property
    def lab(self) -> Lab:
        return Course(self.root).find("1")

    def path(self, name: str) -> Path:
        shelf, _, rest = name.partition("/")
        folders = {"lab": "labs/01_greeting", "solution": "solutions/01_greeting", "notebooks": "notebooks"}
        return self.root / folders[shelf] / rest

    def edit(self, name: str, old: str | None, new: str | None) -> None:
        """Replace `old` by `new`; without `old`, write the whole file; without `new`, remove file or folder."""
        path = self.path(name)
        if new is None:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        elif old is None:
            path.write_text(new, "utf-8")
        else:
            text = path.read_text("utf-8")
            assert old in text
            path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    return Draft(tmp_path / "course")


@pytest.fixture(scope="session")
def processes() -> Iterator[Executor]:
    with trial_processes() as pool:
        yield pool
