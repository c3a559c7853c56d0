"""A function's code as files: a folder, a single file or a zip, and the place where it is unfolded to run."""

import io
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

MAX_BYTES = 262_144_000  # unzipped, layers included: Lambda's own quota
MAX_FILES = 10_000
MAX_NAME_BYTES = 255

# What stands at the root of a lab's or solution's folder and is no part of the function.
LAB_FILES = {".gitignore", "README.md", "api.json", "conftest.py", "design.md", "lab", "lab.toml"}
LAB_FOLDERS = {"events", "mistakes", "variants"}
# What tools leave anywhere.
LITTER_FILES = {".DS_Store", "Thumbs.db"}
LITTER_FOLDERS = {
    ".git", ".hg", ".idea", ".ipynb_checkpoints", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", ".vscode",
    ".workbook", "__MACOSX", "__pycache__", "node_modules", "venv",
}  # fmt: skip


class CodeError(ValueError):
    """The code cannot be taken as it is; the text says what is wrong and what to do."""


class Code(Mapping[str, bytes]):
    """Files by their POSIX path inside the deployment; `path` is where they came from.

    Reading is lazy: a value is the file's bytes. Iteration is in sorted order.
    """

    def __init__(self, path: Path, sources: Mapping[str, Path | bytes]) -> None:
        self.path = path
        self._sources = dict(sorted(sources.items()))

    @classmethod
    def open(cls, path: Path, *, files: Sequence[str] = ("lambda_function.py",)) -> "Code":
        """The code at `path`: a folder (a lab's own files left out), a zip, or one Python file. Raises CodeError.

        `files` are those that a student hands in: a Python file is deployed under the name of the first, and a zip
        at the root of a folder counts only if it is among them.
        """
        if path.is_dir():
            return cls(path, dict(_walk(path, files)))
        if not path.exists():
            raise CodeError(f"{path} does not exist. Give a folder, a .py file or a .zip.")
        if not path.is_file():
            raise CodeError(f"{path} is neither a file nor a folder. Give a folder, a .py file or a .zip.")
        if path.suffix.lower() == ".zip":
            return cls(path, _unzip(path, path.name))
        if path.suffix == ".py":
            return cls(path, {files[0]: path})
        raise CodeError(f"{path.name} is neither a folder, a .py file nor a .zip.")

    def overlaid(self, other: "Code") -> "Code":
        """These files with the other's laid over them."""
        return Code(other.path, {**self._sources, **other._sources})

    def unpack(self, name: str) -> "Code":
        """The code in one of these files, a zip. Raises CodeError."""
        return Code(self.path, _unzip(io.BytesIO(self[name]), name))

    def __getitem__(self, name: str) -> bytes:
        source = self._sources[name]
        return source if isinstance(source, bytes) else source.read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def unfold(self, root: Path) -> None:
        """Write every file below `root`, an empty folder. Raises CodeError."""
        for name, source in self._sources.items():
            target = root.joinpath(*PurePosixPath(name).parts)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(source, bytes):
                    target.write_bytes(source)
                else:
                    shutil.copyfile(source, target)
            except OSError as error:
                raise CodeError(f"{self.path.name}: {name!r} cannot be unfolded: {error.strerror}.") from error


class Stage:
    """A folder that stands for /var/task: the code unfolded once, read-only, shared by every function made from it.

    Raises CodeError.
    """

    def __init__(self, code: Code) -> None:
        self.code = code
        self._folder = tempfile.TemporaryDirectory(prefix="workbook-task-", ignore_cleanup_errors=True)
        self.root = Path(os.path.realpath(self._folder.name))
        try:
            code.unfold(self.root)
        except CodeError:
            self._folder.cleanup()
            raise
        for parent, _, files in os.walk(self.root, topdown=False):
            for name in files:
                os.chmod(os.path.join(parent, name), 0o444)
            os.chmod(parent, 0o555)

    def close(self) -> None:
        self._folder.cleanup()


class InPlace(Stage):
    """The code's own folder stands for /var/task: nothing is copied, so that an editor's breakpoints are met."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.root = Path(os.path.realpath(code.path))

    def close(self) -> None:
        """Leaves everything as it is."""


def _walk(folder: Path, handed_in: Collection[str]) -> Iterator[tuple[str, Path]]:
    total, count = 0, 0
    for parent, folders, files in os.walk(folder, onerror=_refuse_unreadable):
        left_out = LITTER_FOLDERS | LAB_FOLDERS if Path(parent) == folder else LITTER_FOLDERS
        folders[:] = sorted(name for name in folders if name not in left_out)
        links = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in sorted([*files, *links]):
            path = Path(parent, name)
            relative = path.relative_to(folder).as_posix()
            if relative not in handed_in and _is_left_out(relative, name):
                continue
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode):
                raise CodeError(f"{relative} is a link or a special file. Put a copy of what it stands for there.")
            total, count = total + status.st_size, count + 1
            if total > MAX_BYTES or count > MAX_FILES:
                raise CodeError(
                    f"{folder} holds more than Lambda takes (250 MB, here also {MAX_FILES} files). "
                    "Is it the folder of one function?"
                )
            yield relative, path


def _refuse_unreadable(error: OSError) -> None:
    raise CodeError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _is_left_out(relative: str, name: str) -> bool:
    if name in LITTER_FILES or name.endswith((".pyc", ".pyo")):
        return True
    is_suite = name.startswith("test_") and name.endswith(".py")
    return relative == name and (name in LAB_FILES or is_suite or name.endswith(".zip"))


def _unzip(source: Path | IO[bytes], name: str) -> dict[str, Path | bytes]:
    try:
        with zipfile.ZipFile(source) as archive:
            return dict(_entries(archive, name))
    except CodeError:
        raise
    except Exception as error:  # zipfile promises nothing about what it raises for a hostile file
        raise CodeError(f"{name} cannot be read as a zip: {error}. Build it again.") from error


def _entries(archive: zipfile.ZipFile, archive_name: str) -> Iterator[tuple[str, bytes]]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise CodeError(f"{archive_name} holds {len(entries)} files; {MAX_FILES} is the most taken here.")
    seen: set[str] = set()
    left = MAX_BYTES
    for entry in entries:
        name = _check_name(entry.filename, archive_name)
        if entry.flag_bits & 0x1:
            raise CodeError(f"{archive_name} is encrypted; Lambda cannot open it. Build it without a password.")
        mode = entry.external_attr >> 16
        if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
            raise CodeError(f"{archive_name}: {name!r} is a link or a special file. Pack the file itself.")
        if name in seen:
            raise CodeError(f"{archive_name} holds {name!r} twice. Build it again in an empty folder.")
        seen.add(name)
        with archive.open(entry) as stream:
            data = stream.read(left + 1)
        left -= len(data)
        if left < 0:
            raise CodeError(f"{archive_name} unfolds to more than Lambda takes (250 MB).")
        yield name, data


def _check_name(name: str, archive_name: str) -> str:
    """`name` without a leading `./`. Raises CodeError for one that could leave the folder, or that no folder takes."""
    parts = PurePosixPath(name).parts
    if "\\" in name:
        raise CodeError(
            f"{archive_name} holds the name {name!r}: folders are parted by /, never by a backslash. "
            "Windows PowerShell 5.1's Compress-Archive writes such names; build the zip with another tool."
        )
    if not parts or name.startswith("/") or ".." in parts or ":" in parts[0]:
        raise CodeError(f"{archive_name} holds the name {name!r}, which does not stay inside one folder.")
    if not name.isprintable() or any(len(part.encode()) > MAX_NAME_BYTES for part in parts):
        raise CodeError(f"{archive_name} holds a name that no folder takes: {name[:80]!a}.")
    return "/".join(parts)
