"""A package's files as they will lie on Lambda, and the zip that is the same whenever they are."""

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbook.deploy.package.compiled import HEAD_BYTES, is_executable

# What zip's own format can hold at the earliest; no file's real time goes in.
EPOCH = (1980, 1, 1, 0, 0, 0)
UNIX = 3
REGULAR = 0o100000
FILE, PROGRAM = 0o644, 0o755  # AWS: all may read, programs may be run (Lambda guide, "Working with .zip files")
LEVEL = 6


@dataclass(frozen=True)
class Bundle:
    """Files by their path inside the package, parted by `/`. Modes follow from the content, so that a package
    built on Windows is no other."""

    files: Mapping[str, bytes]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.files))

    def mode(self, name: str) -> int:
        return PROGRAM if is_executable(name, self.files[name][:HEAD_BYTES]) else FILE

    def digest(self) -> str:
        """SHA-256 in hexadecimal over the sorted names, modes and contents: the same on every system, where the
        compressed bytes may differ with the version of zlib."""
        digest = hashlib.sha256()
        for name in self:
            content = hashlib.sha256(self.files[name]).hexdigest()
            digest.update(f"{name}\0{self.mode(name):o}\0{content}\n".encode())
        return digest.hexdigest()

    def to_zip(self) -> bytes:
        """The zip: sorted, without times, without entries for folders."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name in self:
                archive.writestr(self._describe(name), self.files[name], compresslevel=LEVEL)
        return stream.getvalue()

    def _describe(self, name: str) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, EPOCH)
        entry.create_system = UNIX
        entry.external_attr = (REGULAR | self.mode(name)) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        return entry
