"""A function of one's own: its folder, with the course's tools, written from what lies in `files/`."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from workbook.course.facts import default_runtime, limits
from workbook.course.labs import SHELVES, Course, Lab
from workbook.course.rules import function_name_fault
from workbook.course.starters import StarterError, take_snapshot
from workbook.course.table import quoted

_FILES = Path(__file__).with_name("files")
_SUFFIX = ".txt"  # keeps the linters of this repository, and its editors, away from what is no code of its own
_DEVICES = re.compile(r"(?i)con|prn|aux|nul|com\d|lpt\d")


class NotMade(ValueError):
    """No folder was made; the text says why, and what to try."""


def make(folder: Path, workbook: Path) -> Lab:
    """Writes the folder of a function that works and passes its own tests; its last part is the function's name.

    `workbook` is the folder of the workbook, whose `lab` the new folder's own `lab` runs. Raises NotMade, and then
    changes nothing that was there.
    """
    import json

    name = folder.name
    _refuse_name(name)
    _refuse_place(folder)
    words = {
        "name": name,
        "module": re.sub(r"\W", "_", name),
        "runtime": default_runtime(),
        "wrapper": ascii(str(workbook / "lab")),
        "interpreter": json.dumps(str(workbook / ".venv")),
        "typings": json.dumps(str(workbook / "typings")),
    }
    try:
        folder.mkdir()
        for path, text in _write(words):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(text, "utf-8", newline="\n")
        (folder / "lab").chmod(0o755)
        made = Course(folder)
        take_snapshot(made)
    except (OSError, StarterError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise NotMade(
            f"{folder} could not be written ({reason}). Remove what is there of it, and try again."
        ) from error
    return made.labs[0]


def _write(words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The path of each file within the folder, and its text."""
    for source in sorted(path for path in _FILES.rglob("*") if path.is_file()):
        path = source.relative_to(_FILES).as_posix().removesuffix(_SUFFIX)
        yield Template(path).substitute(words), Template(source.read_text("utf-8")).substitute(words)


def _refuse_name(name: str) -> None:
    if fault := function_name_fault(name):
        problem, cure = fault
        better = re.sub(r"[^a-zA-Z0-9_]+", "-", name).strip("-")[: limits().function_name_length]
        example = f" Such as: {better}" if better and not _DEVICES.fullmatch(better) else ""
        raise NotMade(f"{problem}. {cure}{example}")
    if _DEVICES.fullmatch(name):
        raise NotMade(f"{quoted(name)} is a device on Windows, and no folder there. Choose another name.")


def _refuse_place(folder: Path) -> None:
    if folder.is_symlink() or folder.exists():
        raise NotMade(f"{folder} is there already, and stays as it is. Choose another name, or remove it first.")
    if not folder.parent.is_dir():
        raise NotMade(f"{folder.parent} is no folder. Make it first, or choose another place.")
    if folder.absolute().parent.name in SHELVES:
        raise NotMade(
            f"{folder.absolute().parent} is for a course's labs. Choose another place, such as ../{folder.name}"
        )
