"""A bench process: judges one submission inside bubblewrap, and tells each verdict as it comes.

Started as `python -I -m workbook.grading.inside`. Its first line of input is one JSON document: `course` (a folder),
`lab` (a lab's folder name), `tier`, and `files` (a size by name) or `archive` (a size and no name); their bytes
follow. Its output is a JSON document a line: {"check": ...} for each verdict, then {"done": {"sha256": ...}},
{"rejected": why} or {"broken": why}.
"""

import json
import os
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, BinaryIO

from workbook.bench import BenchError
from workbook.course.labs import Course, Lab
from workbook.grading.judge import grade
from workbook.runtime import Code, CodeError
from workbook.runtime.launch import Launcher
from workbook.runtime.launchers.fork import make_launcher
from workbook.sandbox.launcher import ConfinedLauncher
from workbook.sandbox.tier import Tier

MAX_TEXT = 100_000  # characters of a message, a diagnosis or a log


def main() -> None:
    tell = _speaker()
    request = json.loads(sys.stdin.buffer.readline())
    lab = Course(Path(request["course"])).find(request["lab"])
    try:
        code = _take_in(request, sys.stdin.buffer, lab)
        result = grade(
            lab,
            code,
            hidden=True,
            make_launcher=_confined(lab) if request["tier"] == Tier.NAMESPACES else make_launcher,
            on_check=lambda check: tell({"check": _bounded(check.to_dict())}),
        )
        tell({"done": {"sha256": result.submission.sha256}})
    except CodeError as error:
        tell({"rejected": str(error)})
    except BenchError as error:
        tell({"broken": str(error)})


def _speaker() -> Callable[[Any], None]:
    """What writes to the pipe that standard output was; whatever prints from now on goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)

    def tell(document: Any) -> None:
        print(json.dumps(document), file=pipe, flush=True)

    return tell


def _take_in(request: Any, stream: BinaryIO, lab: Lab) -> Code:
    """The code that follows the request. Raises CodeError."""
    place = Path("submission")
    if "archive" in request:
        from workbook.submissions.archive import open_archive

        return open_archive(stream.read(request["archive"]), lab.manifest.files)
    return Code(place, {name: stream.read(size) for name, size in request["files"].items()})


def _bounded(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its texts cut in the middle where they are very long."""
    return {key: _cut(value) if isinstance(value, str) else value for key, value in document.items()}


def _cut(text: str) -> str:
    left_out = len(text) - MAX_TEXT
    if left_out <= 0:
        return text
    return f"{text[: MAX_TEXT // 2]}\n... {left_out:,} characters are left out here ...\n{text[-MAX_TEXT // 2 :]}"


def _confined(lab: Lab) -> Callable[[Collection[str]], Launcher]:
    layers = lab.folder.parents[1] / ".workbook" / "layers"
    return lambda services: ConfinedLauncher(services, [layers])


if __name__ == "__main__":
    main()
