"""Submissions as an instructor has them: which there are, whose each is, and their bytes.

Nothing here looks into what was handed in: no zip is opened, no Python parsed, no text decoded.
"""

import hashlib
import itertools
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from workbook.submissions.downloads import METADATA, Student, System, given_names, is_export, plain, read_name
from workbook.submissions.names import Refused, check_name, check_wanted, shown
from workbook.submissions.reading import MAX_BYTES, REFUSALS, Item, Kind, Reading, list_folder, read_file
from workbook.submissions.roster import Person, Roster

# A folder or file of a submission, and the name that the student gave it: empty where it is the folder of all that was
# handed in, None where it is text that was typed into a system.
Part = tuple[Item, str | None]


class IntakeError(ValueError):
    """There is nothing where submissions should be; the text says where, and what to do."""


@dataclass(frozen=True)
class HandIn:
    """One submission as it was taken in, not looked into.

    `id` is what its folder or file was called, or the roster's; `path` is where it was found. It has `files` (POSIX
    paths → bytes), or an `archive` (the bytes of the one zip that was handed in, still closed), or a `refusal` (why it
    is rejected, for the instructor and the student to read).
    """

    id: str
    path: Path
    files: Mapping[str, bytes] = field(default_factory=dict)
    archive: bytes | None = None
    refusal: str | None = None

    @property
    def sha256(self) -> str:
        """Hex SHA-256 over what was handed in, whoever did; of files the same as `workbook.grading.judge.digest`."""
        if self.refusal is not None:
            return hashlib.sha256(b"refused:" + self.refusal.encode()).hexdigest()
        if self.archive is not None:
            return hashlib.sha256(b"archive:" + self.archive).hexdigest()
        total = hashlib.sha256()
        for name, data in sorted(self.files.items()):
            total.update(f"{len(name)}:{name}{len(data)}:".encode())
            total.update(data)
        return total.hexdigest()


@dataclass(frozen=True)
class Entry:
    """One submission that was found; its bytes are read when it is taken in.

    `student` is whose it is by its name alone. With a roster, either `person` is who that is there, and the `id` is the
    roster's, or `remark` says why nobody was found. `refusal` is set where it can be refused unread. `parts` are all
    that belongs to it, and `files` what the lab asks for.
    """

    id: str
    path: Path
    student: Student
    parts: tuple[Part, ...]
    files: tuple[str, ...]
    refusal: str | None = None
    person: Person | None = None
    remark: str | None = None

    def take_in(self) -> HandIn:
        """Read it. Never raises: what cannot be taken in is refused, with the reason."""
        if self.refusal is not None:
            return HandIn(self.id, self.path, refusal=self.refusal)
        try:
            return self._read()
        except Refused as error:
            return HandIn(self.id, self.path, refusal=str(error))

    def _read(self) -> HandIn:
        reading = Reading(self.files)
        offered = self._unfold(reading)
        if len(offered) == 1:
            item, name = offered[0]
            as_file = self.parts[0][0].kind is Kind.FILE or self.student.system is not None
            if name.lower().endswith(".zip") and name not in self.files and item.kind is Kind.FILE:
                return HandIn(self.id, self.path, archive=read_file(item, name, MAX_BYTES))
            if name.lower().endswith(".py") and name not in self.files and as_file:
                offered = [(item, self.files[0])]
        reading.add(offered)
        check_wanted(reading.files, self.files, [name for _, name in offered])
        return HandIn(self.id, self.path, dict(sorted(reading.files.items())))

    def _unfold(self, reading: Reading) -> list[tuple[Item, str]]:
        """What is at the submission's root, and its names there; a folder alone in the folder is taken off, once."""
        offered: list[tuple[Item, str]] = []
        for part, name in self.parts:
            item = Item.at(part.path)
            if name is not None and item.kind is not Kind.FOLDER:
                offered.append((item, name or item.name))
            elif name is not None:
                inner = reading.look_into(item.path)
                if len(inner) == 1 and inner[0].kind is Kind.FOLDER:
                    check_name(inner[0].name)
                    inner = reading.look_into(inner[0].path, inner[0].name)
                offered += [(found, found.name) for found in inner]
        if self.student.system is System.CANVAS:
            names = given_names([name for _, name in offered], self.files)
            return [(item, name) for (item, _), name in zip(offered, names, strict=True)]
        return offered


def find_hand_ins(
    paths: Sequence[Path],
    *,
    files: Sequence[str],
    roster: Roster | None = None,
    leave_out: Collection[Path] = (),
) -> list[Entry]:
    """The submissions at `paths`, in order; each thing found is part of exactly one. Nothing is read yet.

    `files` are those that the lab asks for. A path is one submission: a .py file, a .zip, or a folder that holds one of
    `files`; or a folder of submissions, each a folder, a .py file or a .zip, mixed, or a bulk download of Moodle,
    Canvas or Gradescope, unpacked. Of several folders either all are submissions (if one of them is) or none. What
    tools and systems leave behind is not looked at, neither are the paths in `leave_out`; everything else that is no
    submission (a link, a pipe, notes.txt) is found too, and refused. No id is given twice: a second submission of one
    id is refused under another. With a `roster`, people's ids are used.

    Raises IntakeError where a path does not exist.
    """
    given = [Item.at(_place(path)) for path in paths]
    for item, path in zip(given, paths, strict=True):
        if not os.path.lexists(item.path):
            raise IntakeError(f"{path} does not exist. Give a folder of submissions, or submissions.")
    hidden = set(map(_place, leave_out))
    found = {item.path: item for item in _open_classes(given, files) if item.path not in hidden}
    entries = [_found(student, parts, tuple(files)) for student, parts in _sort_by_student(found.values(), files)]
    if roster is not None:
        matches = roster.match_all([entry.student for entry in entries])
        entries = [
            replace(entry, id=match.person.id if match.person else entry.id, person=match.person, remark=match.remark)
            for entry, match in zip(entries, matches, strict=True)
        ]
    return _tell_apart(entries)


def _place(path: Path) -> Path:
    """Where `path` stands, if it is a link too: what it is in is spelled in one way, itself is not followed."""
    named = path if path.name not in ("", "..") else Path(os.path.realpath(path))
    return Path(os.path.realpath(named.parent), named.name)


def _open_classes(given: Sequence[Item], files: Sequence[str]) -> Iterator[Item]:
    """What may be a submission: `given`, and what is in those that are folders of submissions."""
    folders = {item.path for item in given if item.kind is Kind.FOLDER and not read_name(item.name, is_folder=True)}
    are_submissions = any(_is_submission(folder, files) for folder in folders)
    for item in given:
        if item.path not in folders or (are_submissions and not is_export(item.name)):
            yield item
            continue
        for inner in _open_class(item):
            is_class = inner.kind is Kind.FOLDER and is_export(inner.name) and inner is not item
            yield from _open_class(inner) if is_class else [inner]


def _open_class(folder: Item) -> list[Item]:
    """What is in a folder of submissions; the folder itself where nothing is, or where it cannot be read."""
    try:
        items = [item for item in list_folder(folder.path) if not item.is_litter and item.name not in METADATA]
    except OSError:
        return [folder]
    return sorted(items, key=lambda item: item.name) or [folder]


def _is_submission(folder: Path, files: Sequence[str]) -> bool:
    """Whether it holds one of `files`, and is no class into which somebody put one."""

    def holds_one(folder: Path) -> bool:
        return any(os.path.lexists(folder / file) for file in files)

    if not holds_one(folder):
        return False
    try:
        return sum(item.kind is Kind.FOLDER and holds_one(item.path) for item in list_folder(folder)) < 2
    except OSError:
        return True


def _sort_by_student(items: Iterable[Item], files: Sequence[str]) -> Iterator[tuple[Student, tuple[Part, ...]]]:
    """Whose each item is; what one student handed in is together where a bulk download has it apart."""
    sorted_out: dict[tuple[Path, str, System | None], list[tuple[Student, Part]]] = {}
    for item in items:
        is_readable = item.kind in (Kind.FILE, Kind.FOLDER)
        download = read_name(item.name, is_folder=item.kind is Kind.FOLDER) if is_readable else None
        student, name = (download.student, download.file) if download else (plain(item.name), item.name)
        sorted_out.setdefault((item.path.parent, student.id, student.system), []).append((student, (item, name)))
    for together in sorted_out.values():
        parts = tuple(part for _, part in together)
        if _is_mistaken(together[0][0], parts, files):
            yield from ((plain(item.name), ((item, item.name),)) for item, _ in parts)
        else:
            yield together[0][0], parts


def _is_mistaken(student: Student, parts: Sequence[Part], files: Sequence[str]) -> bool:
    """Whether `lab_3_17_ada.py` and `lab_3_18_bob.py` only look as if Canvas had named them: nobody is to be graded
    under another's name, so several files are one student's only if one of them is the lab's."""
    names = [name for _, name in parts if name is not None]
    return student.system is System.CANVAS and len(names) > 1 and not {*given_names(names, files)} & {*files}


def _found(student: Student, parts: tuple[Part, ...], files: tuple[str, ...]) -> Entry:
    item, name = parts[0]
    refusal = None
    if all(name is None for _, name in parts):
        refusal = f"It is text that was typed into {student.system}, and no file. Hand in a file."
    elif item.kind not in (Kind.FILE, Kind.FOLDER):
        refusal = REFUSALS[item.kind].format(shown(item.name))
    elif student.system is None and item.kind is Kind.FILE and name not in files and not _is_handed_in(item.name):
        refusal = f"{shown(item.name)} is no submission. Hand in a folder, a .py file or a .zip."
    student_id = student.id.encode("utf-8", "backslashreplace").decode()
    return Entry(student_id, item.path, student, parts, files, refusal)


def _is_handed_in(name: str) -> bool:
    return name.lower().endswith((".py", ".zip"))


def _tell_apart(entries: Sequence[Entry]) -> list[Entry]:
    """The entries; where an id comes again, it is refused under another, that no entry has."""
    taken, told = {entry.id for entry in entries}, list[Entry]()
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            number = next(number for number in itertools.count(2) if f"{entry.id} ({number})" not in taken)
            refusal = f"There is another submission {shown(entry.id)}. Rename one of them, or grade them apart."
            entry = replace(entry, id=f"{entry.id} ({number})", refusal=refusal)
            taken.add(entry.id)
        seen.add(entry.id)
        told.append(entry)
    return told
