"""What the doctor looks at, handed in, so that nothing is examined but what it was given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workbook.course.labs import Course


@dataclass(frozen=True)
class Surroundings:
    """`repository` holds requirements/ and .venv; `course` is None where there is none; `variables` are the
    environment's; `encoding` is the terminal's."""

    repository: Path
    course: Course | None
    home: Path
    encoding: str
    variables: Mapping[str, str] = field(repr=False)
