"""Where a command works: the course, its labs and the student's progress; and how a command is written here."""

import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from workbook.cli.exits import Exit, Stop
from workbook.course.labs import Course, Lab, NoCourse

REPOSITORY = Path(__file__).resolve().parents[3]


def say(command: str) -> str:
    """The command as the user types it on this system."""
    return f"py lab {command}".rstrip() if sys.platform == "win32" else f"./lab {command}".rstrip()


def say_for(lab: Lab, verb: str, rest: str = "") -> str:
    """The command for that lab, as the user types it; a function of one's own needs no number."""
    return say(" ".join(part for part in (verb, "" if lab.alone else str(lab.number), rest) if part))


def shorten(path: Path) -> str:
    """The path as seen from the current folder, when it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class Workspace:
    """The course that `--course`, WORKBOOK_COURSE, the current folder or the repository names."""

    def __init__(self, override: Path | None) -> None:
        self._override = override

    @cached_property
    def course(self) -> Course:
        """Raises NoCourse."""
        found = self._locate()
        if found.root.resolve() != REPOSITORY:  # whose starters set-up has kept
            _keep_starters(found)
        return found

    def _locate(self) -> Course:
        try:
            return Course.locate(Path.cwd(), self._override)
        except NoCourse:
            if self._override is None and (REPOSITORY / "labs").is_dir():
                return Course(REPOSITORY)
            raise

    def find(self, name: str | None) -> Lab:
        """The lab that goes by `name`, or the current one. Raises UnknownLab."""
        return self.course.find(name) if name else self.current()

    def current(self) -> Lab:
        """The lab whose folder one stands in, else the first that is not done."""
        from workbook.course.progress import next_step, read

        here = Path.cwd()
        for lab in self.course.labs:
            if here.is_relative_to(lab.folder):
                return lab
        progress = read(self.course.root)
        step = next_step(self.course, progress)
        if step.lab:
            return step.lab
        if not self.course.labs:
            raise Stop(f"{self.course.root / 'labs'} holds no lab.", Exit.USAGE)
        return next((lab for lab in self.course.labs if lab.id == progress.current), self.course.labs[-1])


def _keep_starters(course: Course) -> None:
    """Keep the starters of each lab that is met for the first time, where the course may be written to."""
    kept = course.root / ".workbook" / "starters"
    if all((kept / lab.id).is_dir() for lab in course.labs):
        return
    from workbook.course.starters import StarterError, take_snapshot

    with suppress(StarterError):
        take_snapshot(course)
