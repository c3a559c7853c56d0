"""Any zip, read without trust: whole and bounded, or refused in one line."""

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Self

from workbook.course.facts import limits
from workbook.deploy.package.compiled import HEAD_BYTES

MAX_FILES = 20_000
MAX_ZIP_BYTES = 300_000_000  # more than anything that unfolds to Lambda's 250 MB
CHUNK = 1 << 20
UNIX = 3


class ArchiveRefused(ValueError):
    """The zip cannot be judged at all; the text says why and what to do, in one line."""


@dataclass(frozen=True)
class Member:
    """A file of the zip: its `name` parted by `/`, `raw` as the zip has it, POSIX `mode` (None: not told), its
    sizes in bytes, its first bytes and the SHA-256 of its content."""

    name: str
    raw: str
    mode: int | None
    size: int
    zipped: int
    head: bytes
    sha256: str

    @property
    def is_link(self) -> bool:
        return self.mode is not None and stat.S_IFMT(self.mode) not in (0, stat.S_IFREG)


class Archive:
    """An opened zip, read once from end to end. Use it as a context manager.

    `members` are its files in its own order, `folders` the modes of its entries for folders, `size` is in bytes.
    Raises ArchiveRefused for what is no zip, cut short, damaged, encrypted or larger than Lambda takes, or has
    names that leave its folder.
    """

    def __init__(self, source: Path | bytes, name: str = "the zip") -> None:
        self.name = source.name if isinstance(source, Path) else name
        self._stream = self._open(source)
        try:
            self.size = self._stream.seek(0, io.SEEK_END)
            if self.size > MAX_ZIP_BYTES:
                raise ArchiveRefused(f"{self.name} takes {_mb(self.size)}: far more than Lambda, which takes 50 MB.")
            self._zip = zipfile.ZipFile(self._stream)
            self.members, self.folders = self._read_entries()
        except ArchiveRefused:
            self.close()
            raise
        except Exception as error:  # zipfile promises nothing about what it raises for a hostile file
            self.close()
            words = str(error) or type(error).__name__
            raise ArchiveRefused(
                f"{self.name} cannot be read as a zip ({_plain(words)}). It is damaged, cut short or no zip: "
                "build it again."
            ) from error

    def read(self, member: Member) -> bytes:
        """The content, read before without a fault."""
        return self._zip.read(self._entries[member.name])

    def read_all(self) -> dict[str, bytes]:
        """Every file's content by its name."""
        return {member.name: self.read(member) for member in self.members}

    @cached_property
    def by_name(self) -> dict[str, Member]:
        return {member.name: member for member in self.members}

    @property
    def unzipped(self) -> int:
        """What the files take on Lambda, in bytes."""
        return sum(member.size for member in self.members)

    def close(self) -> None:
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self, source: Path | bytes) -> IO[bytes]:
        if isinstance(source, bytes):
            return io.BytesIO(source)
        try:
            if not source.is_file():
                raise ArchiveRefused(f"{source} is no file. Name a zip, such as lambda_deploy.zip.")
            return source.open("rb")
        except OSError as error:
            raise ArchiveRefused(f"{source} cannot be read: {error.strerror}.") from error

    def _read_entries(self) -> tuple[tuple[Member, ...], dict[str, int]]:
        entries = self._zip.infolist()
        self._refuse_excess(entries)
        self._entries: dict[str, zipfile.ZipInfo] = {}
        members, folders = [], {}
        for entry in entries:
            name = self._check_name(entry.orig_filename)
            if entry.flag_bits & 0x1:
                raise ArchiveRefused(
                    f"{self.name} is encrypted, and Lambda knows no password. Build it again without one."
                )
            mode = (entry.external_attr >> 16) or None if entry.create_system == UNIX else None
            if entry.orig_filename.endswith(("/", "\\")):
                if mode:
                    folders[name] = mode
                continue
            self._entries[name] = entry
            members.append(self._read_member(entry, name, mode))
        return tuple(members), folders

    def _refuse_excess(self, entries: list[zipfile.ZipInfo]) -> None:
        """Held to the sizes that the entries declare: reading one yields no byte more."""
        most = limits().unzipped_bytes
        if (total := sum(entry.file_size for entry in entries)) > most:
            raise ArchiveRefused(
                f"{self.name} would unfold to {_mb(total)}, and Lambda takes {_mb(most)}. Leave out what the "
                "function does not import."
            )
        if len(entries) > MAX_FILES:
            raise ArchiveRefused(f"{self.name} holds {len(entries)} entries; {MAX_FILES} is the most judged here.")

    def _check_name(self, raw: str) -> str:
        name = raw.replace("\\", "/")
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise ArchiveRefused(
                f"{self.name} holds the name {_plain(raw)}, which leaves the folder that it is unfolded in. "
                "Build the zip from inside the function's own folder."
            )
        if not name.isprintable() or len(name) > 1000:
            raise ArchiveRefused(f"{self.name} holds a name that no folder takes: {_plain(raw)}. Rename that file.")
        return "/".join(parts)

    def _read_member(self, entry: zipfile.ZipInfo, name: str, mode: int | None) -> Member:
        digest, head = hashlib.sha256(), b""
        with self._zip.open(entry) as stream:
            for chunk in _chunks(stream):
                head = head or chunk[:HEAD_BYTES]
                digest.update(chunk)
        return Member(name, entry.orig_filename, mode, entry.file_size, entry.compress_size, head, digest.hexdigest())


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:,.0f} MB"


def _plain(text: str) -> str:
    """The text on one line, in characters that every terminal shows, cut short."""
    return ascii(text if len(text) <= 80 else text[:77] + "...").strip("'\"")
