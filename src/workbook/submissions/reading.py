"""Reading what was handed in from a folder that anybody may have filled: no link is followed, nothing is waited for,
and no more is read than a submission may hold."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from workbook.submissions.names import Names, Refused, check_name, is_left_out, is_litter_file, is_litter_folder, shown

MAX_FILES = 500
MAX_BYTES = 20_000_000
MAX_PYTHON_BYTES = 2_000_000
MAX_LOOKED_AT = 5_000  # files and folders, those that are left out too

_FLAGS: int = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):  # each is missing on some system
    _FLAGS |= getattr(os, _flag, 0)
_JUNCTION = 0xA0000003  # Windows' IO_REPARSE_TAG_MOUNT_POINT


class Kind(Enum):
    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    SPECIAL = auto()  # a pipe, a socket, a device, or what is gone again


REFUSALS = {
    Kind.LINK: "{} is a link. Hand in a copy of what it stands for.",
    Kind.FOLDER: "{} is a folder where a file was. Grade it again.",
    Kind.SPECIAL: "{} is no regular file. Hand in files alone.",
}


@dataclass(frozen=True)
class Item:
    """Something in a folder, and what it was when it was looked at."""

    path: Path
    kind: Kind

    @classmethod
    def at(cls, path: Path) -> "Item":
        """What `path` is, links not followed."""
        try:
            return cls(path, _kind(os.lstat(path)))
        except (OSError, ValueError):
            return cls(path, Kind.SPECIAL)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_litter(self) -> bool:
        may_be_file, may_be_folder = self.kind is not Kind.FOLDER, self.kind is not Kind.FILE
        return (may_be_file and is_litter_file(self.name)) or (may_be_folder and is_litter_folder(self.name))


def list_folder(folder: Path) -> Iterator[Item]:
    """What the folder holds, in no order. Raises OSError."""
    with os.scandir(folder) as entries:
        for entry in entries:
            yield Item.at(folder / entry.name)


class Reading:
    """One submission's files as they are read, within the limits. `files` are those that the lab asks for."""

    def __init__(self, files: Collection[str]) -> None:
        self.files: dict[str, bytes] = {}
        self._wanted = files
        self._names = Names()
        self._left = MAX_BYTES
        self._looked_at = 0

    def look_into(self, folder: Path, name: str = "") -> list[Item]:
        """What the folder, called `name` in the submission, holds without litter, sorted. Raises Refused."""
        items = []
        try:
            for item in list_folder(folder):
                self._looked_at += 1
                if self._looked_at > MAX_LOOKED_AT:
                    raise Refused(
                        f"It holds more than {MAX_LOOKED_AT} files and folders. Hand in the function's alone."
                    )
                if not item.is_litter:
                    items.append(item)
        except OSError as error:
            raise Refused(f"{shown(name) if name else 'It'} cannot be read: {_reason(error)}.") from error
        return sorted(items, key=lambda item: item.name)

    def add(self, items: Iterable[tuple[Item, str]]) -> None:
        """Read every file among `items`, by their names at the submission's root, and in folders. Raises Refused."""
        waiting = list(items)
        while waiting:
            item, name = waiting.pop()
            if item.kind is Kind.FOLDER:
                if not is_left_out(f"{name}/", self._wanted):
                    check_name(name)
                    waiting += [(inner, f"{name}/{inner.name}") for inner in self.look_into(item.path, name)]
            elif not is_left_out(name, self._wanted):
                self._add_file(item, name)

    def _add_file(self, item: Item, name: str) -> None:
        self._names.add(name)
        if len(self._names) > MAX_FILES:
            raise Refused(f"It holds more than {MAX_FILES} files. Hand in the function's own files alone.")
        limit = MAX_PYTHON_BYTES if name.lower().endswith(".py") else MAX_BYTES
        self.files[name] = read_file(item, name, limit)
        self._left -= len(self.files[name])
        if self._left < 0:
            raise Refused(f"It holds more than {_megabytes(MAX_BYTES)}. Hand in the function's own files alone.")


def read_file(item: Item, name: str, limit: int) -> bytes:
    """The bytes of a regular file, called `name` in the submission. Raises Refused.

    What stands there must be the file that was looked at when it is opened, and have its size when it was read.
    """
    try:
        before = os.lstat(item.path)
        if refusal := REFUSALS.get(_kind(before)):
            raise Refused(refusal.format(shown(name)))
        handle = os.open(item.path, _FLAGS)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not os.path.samestat(before, status) or not stat.S_ISREG(status.st_mode):
                raise Refused(f"{shown(name)} was changed while it was read. Grade it again.")
            if status.st_size > limit:
                raise Refused(f"{shown(name)} is larger than {_megabytes(limit)}. Make it smaller.")
            data = file.read(status.st_size + 1)
    except OSError as error:
        raise Refused(f"{shown(name)} cannot be read: {_reason(error)}.") from error
    if len(data) != status.st_size:
        raise Refused(f"{shown(name)} was changed while it was read. Grade it again.")
    return data


def _kind(status: os.stat_result) -> Kind:
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
        return Kind.LINK
    if stat.S_ISDIR(status.st_mode):
        return Kind.FOLDER
    return Kind.FILE if stat.S_ISREG(status.st_mode) else Kind.SPECIAL


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _megabytes(count: int) -> str:
    return f"{count // 1_000_000} MB"
