"""Names in the bulk downloads of learning management systems: whose file it is, and what the student called it.

Read in the systems' own sources where they are open: Moodle's mod/assign/classes/downloader.php, Canvas's
lib/content_zipper.rb; in exports seen for Gradescope.
"""

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    MOODLE = "Moodle"
    CANVAS = "Canvas"
    GRADESCOPE = "Gradescope"


@dataclass(frozen=True)
class Student:
    """Who handed something in, as far as the name of a folder or file tells.

    `name` is the student's name as it stands there, `number` the system's own number of the student (Gradescope: of
    the submission); both may be empty. Without a system, `name` is what the folder or file was called.
    """

    id: str
    name: str
    number: str = ""
    system: System | None = None


@dataclass(frozen=True)
class Download:
    """One folder or file of a bulk download. `file` is its name as the student gave it: empty for a folder, and None
    for text typed into the system, which is no file of the student's."""

    student: Student
    file: str | None


# `Ada Lovelace_12345_assignsubmission_file_`, as a folder or before a file's name. Underscores in the name of a
# student or team were turned into spaces; the default team has no number.
_MOODLE = re.compile(r"(?P<name>[^_]+)(_(?P<number>[0-9]+))?_assignsubmission_(?P<plugin>[a-z]+)(_(?P<file>.*))?")
# `lovelaceada_LATE_12345_67890_lambda_function.py`: name in lower case, user, attachment, file.
_CANVAS = re.compile(r"(?P<name>\w*?)(_LATE)?_(?P<number>[0-9]+)_([0-9]+_(?P<file>.+)|(text|link)\.html)")
_CANVAS_ANONYMOUS = re.compile(r"(LATE_)?(?P<name>anon_[A-Za-z0-9]+)_([0-9]+_(?P<file>.+)|(text|link)\.html)")
_GRADESCOPE = re.compile(r"submission_(?P<number>[0-9]+)")
_GRADESCOPE_EXPORT = re.compile(r"assignment_[0-9]+_export")
_COUNTED = re.compile(r"(?P<stem>.+)-[0-9]+(?P<suffix>\.[^.]+)")

METADATA = frozenset({"submission_metadata.yml"})


def read_name(name: str, *, is_folder: bool) -> Download | None:
    """What a folder or file of this name is in a bulk download; None for every other name."""
    if found := _MOODLE.fullmatch(name):
        parts = [found["name"], found["number"]]
        student = Student("_".join(filter(None, parts)), found["name"], found["number"] or "", System.MOODLE)
        return Download(student, None if found["plugin"] != "file" else found["file"] or "")
    if is_folder:
        found = _GRADESCOPE.fullmatch(name)
        return Download(Student(name, "", found["number"], System.GRADESCOPE), "") if found else None
    if found := _CANVAS_ANONYMOUS.fullmatch(name):
        return Download(Student(found["name"], "", "", System.CANVAS), found["file"])
    found = _CANVAS.fullmatch(name)
    if found and found["name"] == found["name"].lower():
        student = Student(f"{found['name']}_{found['number']}", found["name"], found["number"], System.CANVAS)
        return Download(student, found["file"])
    return None


def is_export(folder: str) -> bool:
    """Whether a folder of this name is a whole bulk download, as Gradescope unpacks it."""
    return _GRADESCOPE_EXPORT.fullmatch(folder) is not None


def given_names(names: Sequence[str], files: Collection[str]) -> list[str]:
    """The names that one student's files had before Canvas counted them: a file uploaded again is called
    `lambda_function-1.py`.

    The number goes where it leaves the name of one of the lab's `files` or of a Python file, since no module's name
    holds a hyphen, and where no other file has that name already.
    """
    return [_uncounted(name, names, files) for name in names]


def _uncounted(name: str, names: Sequence[str], files: Collection[str]) -> str:
    counted = _COUNTED.fullmatch(name)
    if name in files or not counted:
        return name
    before = counted["stem"] + counted["suffix"]
    meant = before in files or before.endswith(".py")
    return before if meant and before not in names else name


def plain(name: str) -> Student:
    """The student whose folder or file has a name of the instructor's own making."""
    stem, suffix = os.path.splitext(name)
    return Student(name, stem if suffix.lower() in (".py", ".zip") else name)
