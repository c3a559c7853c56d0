"""The course's folder and its labs, in order; or a function of one's own, a course of one."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from workbook.course.manifest import Manifest, load
from workbook.course.table import ManifestError, quoted

SHELVES = ("labs", "solutions")
_FOLDER = re.compile(r"(\d\d)_\w+", re.ASCII)


class NoCourse(LookupError):
    """No course is at or above the folder; the text says what to type."""


class UnknownLab(LookupError):
    """No single lab goes by that name; the text lists the labs and suggests the nearest."""


@dataclass(frozen=True)
class Lab:
    """A lab's folder `labs/NN_name`. `rivals` are other folders with the same number: then the lab cannot be used.
    `alone`: it belongs to no course, a function of one's own, and its folder may have any name."""

    number: int
    id: str
    folder: Path
    rivals: tuple[str, ...] = ()
    alone: bool = False

    @property
    def name(self) -> str:
        """As a sentence about it begins: `Lab 3`, or the name of a function of one's own."""
        return self.id if self.alone else f"Lab {self.number}"

    @property
    def heading(self) -> str:
        """Its title below its number, if it has one. Raises ManifestError."""
        return self.manifest.title if self.alone else f"{self.number:02} {self.manifest.title}"

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self.folder if self.alone else self.folder.parent.parent

    @cached_property
    def manifest(self) -> Manifest:
        """The lab's manifest, read once. Raises ManifestError, also when the folder is no usable lab."""
        path = self.folder / "lab.toml"
        if self.rivals:
            problem = f"the number {self.number} is also that of {', '.join(self.rivals)}"
            raise ManifestError(path, None, problem, "Give each lab's folder a number of its own.")
        manifest = load(path)
        _ = self.suite
        return manifest

    @cached_property
    def suite(self) -> Path:
        """The folder's one `test_*.py`. Raises ManifestError when there is none or more than one."""
        suites = sorted(self.folder.glob("test_*.py"))
        if len(suites) != 1:
            found = ", ".join(suite.name for suite in suites) or "none"
            path = self.folder / "test_*.py"
            raise ManifestError(path, None, f"a lab has one suite, here: {found}", "Keep one test_*.py there.")
        return suites[0]

    @property
    def solution(self) -> Path | None:
        """The folder `solutions/NN_name`, absent from a student edition."""
        folder = self.root / "solutions" / self.id
        return folder if folder.is_dir() else None

    @property
    def hidden_suite(self) -> Path | None:
        """The first `test_*.py` beside the solution."""
        return next(iter(sorted(self.solution.glob("test_*.py"))), None) if self.solution else None

    @property
    def notebook(self) -> Path | None:
        path = self.root / "notebooks" / f"{self.id}.ipynb"
        return path if path.is_file() else None

    @property
    def events(self) -> tuple[Path, ...]:
        """The sample events `events/*.json`, by name."""
        return tuple(sorted((self.folder / "events").glob("*.json")))


class Course:
    """A folder with `labs/`, and perhaps `solutions/` and `notebooks/`; or the folder of a function of one's own."""

    def __init__(self, root: Path) -> None:
        """Lists the labs without opening any. Raises NoCourse when `root` holds no `labs/` and is no function's."""
        self.root = root
        if stands_alone(root):
            self.labs: tuple[Lab, ...] = (Lab(1, root.name, root, alone=True),)
            return
        try:
            folders = _lab_folders(root)
        except OSError as error:
            raise NoCourse(
                f"{root} is no course: it has no folder labs/ that can be read. Name a folder that has: "
                "lab --course FOLDER list"
            ) from error
        numbers = [int(folder.name[:2]) for folder in folders]
        self.labs = tuple(
            Lab(number, folder.name, folder, _rivals(folder, folders))
            for number, folder in zip(numbers, folders, strict=True)
        )

    @classmethod
    def locate(cls, start: Path, override: Path | None = None) -> Self:
        """The course at `override`, else at the nearest of `start` and its parents. Raises NoCourse."""
        if override is not None:
            return cls(override.absolute())
        start = start.absolute()
        holders = [
            folder for folder in (start, *start.parents) if os.path.isdir(folder / "labs") or stands_alone(folder)
        ]
        if not holders:
            raise NoCourse(
                f"Neither {start} nor a folder above it has labs/. Change to the workbook's folder, or name it: "
                "lab --course FOLDER list"
            )
        return cls(next((folder for folder in holders if _has_labs(folder)), holders[0]))

    def find(self, text: str) -> Lab:
        """The lab with that number (`3`, `03`), folder name, part of it, or path inside it. Raises UnknownLab."""
        wanted = text.strip().casefold()
        candidates = self._named(wanted)
        if len(candidates) != 1:
            inside = self._lab_at(text)
            candidates = [inside] if inside else candidates
        if len(candidates) != 1:
            raise UnknownLab(self._explain(text, candidates))
        return candidates[0]

    def _named(self, wanted: str) -> list[Lab]:
        if re.fullmatch(r"[0-9]{1,9}", wanted):
            return [lab for lab in self.labs if lab.number == int(wanted)]
        exact = [lab for lab in self.labs if lab.id.casefold() == wanted]
        return exact or [lab for lab in self.labs if wanted and wanted in lab.id.casefold()]

    def _lab_at(self, text: str) -> Lab | None:
        try:
            path = Path(text).resolve(strict=True)
            return next((lab for lab in self.labs if path.is_relative_to(lab.folder.resolve())), None)
        except (OSError, ValueError, RuntimeError):  # no such path, a NUL in it, a loop of links
            return None

    def _explain(self, text: str, candidates: list[Lab]) -> str:
        if not self.labs:
            return f"{self.root / 'labs'} holds no lab yet: a lab's folder is named like 01_handler_basics."
        listed = f"The labs: {', '.join(lab.id for lab in self.labs)}."
        if not text.strip():
            return f"An empty name is no lab. {listed}"
        if candidates:
            return f"{quoted(text)} could be {' or '.join(lab.id for lab in candidates)}: write more of the name."
        from difflib import get_close_matches

        names = {lab.id.partition("_")[2]: lab.id for lab in self.labs} | {lab.id: lab.id for lab in self.labs}
        near = get_close_matches(text.strip().casefold()[:60], names, n=1, cutoff=0.5)
        guess = f" Did you mean {names[near[0]]}?" if near else ""
        return f"There is no lab {quoted(text)}.{guess} {listed}"


def stands_alone(folder: Path) -> bool:
    """Whether the folder is that of a function of one's own: a manifest, and neither a lab nor a course."""
    return (
        os.path.isfile(folder / "lab.toml") and not os.path.isdir(folder / "labs") and folder.parent.name not in SHELVES
    )


def _lab_folders(root: Path) -> list[Path]:
    return sorted(path for path in (root / "labs").iterdir() if _FOLDER.fullmatch(path.name) and path.is_dir())


def _has_labs(root: Path) -> bool:
    try:
        return stands_alone(root) or bool(_lab_folders(root))
    except OSError:
        return False


def _rivals(folder: Path, folders: list[Path]) -> tuple[str, ...]:
    return tuple(other.name for other in folders if other != folder and other.name[:2] == folder.name[:2])
