"""The starters as set-up found them, kept in `.workbook/starters`, so that a lab can be begun again.

`python -m workbook.course.starters` keeps those of the course in the current folder.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from workbook.course.labs import Course, Lab, NoCourse
from workbook.course.safefile import replace_file
from workbook.course.table import ManifestError

_ABSENT = ".absent"  # marks a file that the lab did not come with: the student makes it


class StarterError(Exception):
    """A starter could not be kept or put back; the text says which and what to try."""


def take_snapshot(course: Course) -> int:
    """Keeps each starter that was not kept before and returns how many; a kept one is never overwritten.

    A lab with a broken manifest is left for a later time, and so is a starter that is a symbolic link.
    Raises StarterError when `.workbook` cannot be written.
    """
    taken = 0
    for lab in course.labs:
        try:
            files = lab.manifest.files
        except ManifestError:
            continue
        with _explained(f"The starters of {lab.id} could not be kept"):
            taken += sum(_take(course, lab, file) for file in files)
    return taken


def starter_of(course: Course, lab: Lab, file: str) -> Path | None:
    """The kept starter of one of the manifest's `files`; None when the lab came without it, or none was kept."""
    kept = _kept(course, lab, file)
    return kept if kept.is_file() and not _crosses_link(kept, course.root) else None


def is_untouched(course: Course, lab: Lab) -> bool:
    """Whether all the student's files are still as the lab came; False when that cannot be told."""
    try:
        return all(_was_kept(course, lab, file) and _is_as_it_came(course, lab, file) for file in lab.manifest.files)
    except OSError:
        return False


def reset(course: Course, lab: Lab, now: datetime) -> list[Path]:
    """Puts the starters back and returns the backups of what stood there, in `.workbook/backups/<lab id>/`.

    A file that the lab came without is moved to the backups too. Raises StarterError, before it touches
    anything when a starter was not kept; ManifestError when the lab's manifest is broken.
    """
    for file in lab.manifest.files:
        if not _was_kept(course, lab, file):
            raise StarterError(
                f"No starter of {file} in {lab.id} was kept. If the course came with git, "
                f"git restore labs/{lab.id}/{file} brings it back."
            )
        _refuse_links(lab.folder / file, lab.folder)
    with _explained(f"{lab.id} could not be reset"):
        backups = [_put_back(course, lab, file, now) for file in lab.manifest.files]
    return [backup for backup in backups if backup is not None]


def _take(course: Course, lab: Lab, file: str) -> bool:
    kept = _kept(course, lab, file)
    _refuse_links(kept, course.root)
    source = lab.folder / file
    if _was_kept(course, lab, file) or _crosses_link(source, lab.folder):
        return False
    content = _content(source)
    if content is None:
        replace_file(_mark(kept), b"")
        return False
    replace_file(kept, content)
    return True


def _put_back(course: Course, lab: Lab, file: str, now: datetime) -> Path | None:
    if _is_as_it_came(course, lab, file):
        return None
    path = lab.folder / file
    backup = None
    if os.path.lexists(path):
        backup = _free_backup(course, lab, file, now)
        backup.parent.mkdir(parents=True, exist_ok=True)
        path.rename(backup)
    if starter := starter_of(course, lab, file):
        replace_file(path, starter.read_bytes())
    return backup


def _free_backup(course: Course, lab: Lab, file: str, now: datetime) -> Path:
    path = course.root / ".workbook" / "backups" / lab.id / file
    _refuse_links(path, course.root)
    dated = f"{path.stem}.{now:%Y-%m-%d-%H%M%S}"
    backup, count = path.with_name(f"{dated}.bak{path.suffix}"), 1
    while os.path.lexists(backup):
        count += 1
        backup = path.with_name(f"{dated}-{count}.bak{path.suffix}")
    return backup


def _is_as_it_came(course: Course, lab: Lab, file: str) -> bool:
    path = lab.folder / file
    if _crosses_link(path, lab.folder):
        return False
    starter = starter_of(course, lab, file)
    if starter is None:
        return not os.path.lexists(path)
    return _content(path) == _content(starter)


def _was_kept(course: Course, lab: Lab, file: str) -> bool:
    return starter_of(course, lab, file) is not None or _mark(_kept(course, lab, file)).is_file()


def _kept(course: Course, lab: Lab, file: str) -> Path:
    return course.root / ".workbook" / "starters" / lab.id / file


def _mark(kept: Path) -> Path:
    return kept.with_name(kept.name + _ABSENT)


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _crosses_link(path: Path, base: Path) -> bool:
    """Whether the path, or a folder on the way to it from `base`, is a symbolic link."""
    return any(part.is_symlink() for part in (path, *path.parents) if part.is_relative_to(base) and part != base)


def _refuse_links(path: Path, base: Path) -> None:
    for folder in path.parents:
        if folder != base and folder.is_relative_to(base) and folder.is_symlink():
            where = folder.relative_to(base).as_posix()
            raise StarterError(f"{where} is a symbolic link, which is not followed. Put a real folder there.")


@contextmanager
def _explained(failure: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise StarterError(f"{failure} ({reason}). Check the folder's permissions and free space.") from error


def main() -> int:
    try:
        take_snapshot(Course(Path.cwd()))
    except (NoCourse, StarterError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
