"""What a lab's facts are drawn from, each read once."""

from functools import cached_property
from pathlib import Path

from workbook.course.labs import Lab
from workbook.grading.check import Check
from workbook.grading.document import Visibility
from workbook.proof.answers import Answers, read_answers


class Evidence:
    """A lab under proof: its files, its declared checks, and the answers kept with its solution."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.root = lab.root
        self.solution = self.root / "solutions" / lab.id

    def name(self, path: Path) -> str:
        """The path from the course's folder, with `/`."""
        return path.relative_to(self.root).as_posix()

    @cached_property
    def readme(self) -> str:
        return read_text(self.lab.folder / "README.md")

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """Public and hidden checks, in order. Raises BenchError when a suite cannot be read."""
        from workbook.grading.judge import collect

        return collect(self.lab, hidden=True)

    @property
    def public(self) -> list[Check]:
        return [check for check in self.checks if check.visibility is Visibility.PUBLIC]

    @cached_property
    def answers(self) -> Answers:
        """Raises ManifestError."""
        return read_answers(self.lab)


def read_text(path: Path) -> str:
    """The file's text, whatever its bytes are; none when it cannot be read."""
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""
