"""The workbook's own files: those of the last commit, or, where git does not keep it, those that lie here."""

import fnmatch
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbook.course.labs import Course
from workbook.course.starters import starter_of

# Where the workbook's files lie, and what set-up, tests and people leave among them: read where git cannot tell.
FOLDERS = (
    ".devcontainer", ".vscode", "docs", "labs", "notebooks", "requirements", "solutions", "src", "tests", "typings",
)  # fmt: skip
FILES = (
    ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "lab", "mkdocs.yml",
    "pyproject.toml",
)  # fmt: skip
LEFT_BEHIND = (
    "*.egg-info", "*.pyc", ".*_cache", ".DS_Store", ".git", ".hypothesis", ".idea", ".ipynb_checkpoints", ".venv",
    ".workbook", "Thumbs.db", "__MACOSX", "__pycache__", "gradebook.db*", "hand-in", "lambda_deploy.zip",
)  # fmt: skip
_REDIRECTIONS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")  # set where a hook runs


class ReleaseError(ValueError):
    """No edition can be made; the text says why and what to do."""


@dataclass(frozen=True)
class Stock:
    """`files` by their POSIX paths. `commit` is the hash that they are of, None where they were read from the disk;
    `uncommitted` are paths that look otherwise on the disk, or are there alone."""

    files: Mapping[str, bytes]
    commit: str | None = None
    uncommitted: tuple[str, ...] = ()

    @classmethod
    def take(cls, root: Path) -> "Stock":
        """Raises ReleaseError for a link, and for what cannot be read."""
        return _take_committed(root) or Stock(dict(sorted(_read_disk(root))))


def _take_committed(root: Path) -> Stock | None:
    """The last commit's files; None where git is not here, or keeps no workbook in this folder."""
    listed = _git(root, "ls-tree", "-r", "-z", "HEAD")
    entries = [entry.partition(b"\t") for entry in (listed or b"").split(b"\0") if entry]
    blobs = {os.fsdecode(name): about.split() for about, _, name in entries}
    if "lab" not in blobs:
        return None
    for name, (mode, *_) in blobs.items():
        if mode not in (b"100644", b"100755"):
            raise ReleaseError(f"{name} is a link or a submodule in git. Put a file in its place, and commit it.")
    hashes = [about[2] for about in blobs.values()]
    read = _git(root, "cat-file", "--batch", given=b"\n".join(hashes) + b"\n")
    commit = _git(root, "rev-parse", "HEAD")
    changed = _git(root, "diff", "--name-only", "--relative", "-z", "HEAD")
    added = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if read is None or commit is None or changed is None or added is None:
        raise ReleaseError("git does not give what it keeps. Try `git status` here, and mend what it says.")
    names = {os.fsdecode(name) for name in [*changed.split(b"\0"), *added.split(b"\0")] if name}
    contents = dict(sorted(zip(blobs, _part(read), strict=True)))
    return Stock(contents, commit.decode().strip(), tuple(sorted(names)))


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes | None:
    """What the command prints; None where it fails."""
    environment = {name: value for name, value in os.environ.items() if name not in _REDIRECTIONS}
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], input=given, capture_output=True, env=environment, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def _part(batch: bytes) -> Iterator[bytes]:
    """The contents in what `git cat-file --batch` prints: a line with type and size before each, a newline after."""
    place = 0
    while place < len(batch):
        end = batch.index(b"\n", place)
        size = int(batch[place:end].split()[2])
        yield batch[end + 1 : end + 1 + size]
        place = end + 1 + size + 1


def _read_disk(root: Path) -> Iterator[tuple[str, bytes]]:
    starters = _find_starters(root)
    try:
        for name in [*FILES, *_walk(root, FOLDERS)]:
            path = starters.get(name, root / name)
            if path and path.is_file():
                yield name, path.read_bytes()
    except OSError as error:
        raise ReleaseError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _find_starters(root: Path) -> dict[str, Path | None]:
    """What stands for a student's file: the starter that set-up kept of it; None where the lab came without one."""
    course, found = Course(root), dict[str, Path | None]()
    for lab in course.labs:
        if (root / ".workbook" / "starters" / lab.id).is_dir():
            found |= {f"labs/{lab.id}/{file}": starter_of(course, lab, file) for file in lab.manifest.files}
    return found


def _walk(folder: Path, names: Sequence[str], inside: str = "") -> Iterator[str]:
    for name in names:
        path = folder / name
        if path.is_symlink():
            raise ReleaseError(f"{inside}{name} is a link. Put what it stands for in its place.")
        if any(fnmatch.fnmatchcase(name, left) for left in LEFT_BEHIND):
            continue
        if path.is_dir():
            yield from _walk(path, sorted(os.listdir(path)), f"{inside}{name}/")
        elif path.is_file():
            yield f"{inside}{name}"
