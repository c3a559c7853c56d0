"""A zip that was handed in, opened without trust. Only the bench of one submission does this, never what keeps the
gradebook."""

import io
import stat
import zipfile
from collections.abc import Sequence
from pathlib import Path

from workbook.runtime.code import Code, CodeError
from workbook.submissions.names import (
    Names,
    Refused,
    check_name,
    check_wanted,
    is_left_out,
    is_litter_file,
    is_litter_folder,
    shown,
)
from workbook.submissions.reading import MAX_BYTES, MAX_FILES, MAX_PYTHON_BYTES

MAX_RECORDS = 20_000  # of the directory, folders and litter too: what a directory costs in memory is bounded

_RECORD = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what Lambda takes as well


def open_archive(data: bytes, files: Sequence[str]) -> Code:
    """The files in the zip `data`, by the rules for a folder that is handed in: litter and a lab's own files are left
    out, a single top folder is taken off, and one of `files`, those that the lab asks for, must be there.

    Raises CodeError, also for what is encrypted, damaged, special, not deflated, or larger than its directory says or
    than a submission may be.
    """
    try:
        if len(data) > MAX_BYTES:
            raise Refused(
                f"The zip is larger than {MAX_BYTES // 1_000_000} MB. Hand in the function's own files alone."
            )
        if data.count(_RECORD) > MAX_RECORDS:
            raise Refused("The zip holds far too many entries. Hand in the function's own files alone.")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return Code(Path("submission.zip"), _read(archive, _choose(archive.infolist(), files)))
    except Refused as error:
        raise CodeError(str(error)) from error
    except Exception as error:  # zipfile promises nothing about what it raises for a hostile file
        raise CodeError(
            f"The zip cannot be read: {shown(str(error) or type(error).__name__)}. Build it again."
        ) from error


def _choose(entries: Sequence[zipfile.ZipInfo], files: Sequence[str]) -> dict[str, zipfile.ZipInfo]:
    """The entries that count, by their names in the submission, as the directory tells them."""
    kept = [(entry.orig_filename.removeprefix("./"), entry) for entry in entries if not _is_litter(entry.orig_filename)]
    for name, _ in kept:
        if name.endswith("/"):
            check_name(name[:-1])
    kept = [(name, entry) for name, entry in kept if not name.endswith("/")]
    tops = {name.partition("/")[0] for name, _ in kept}
    if len(tops) == 1 and all("/" in name for name, _ in kept):
        check_name(*tops)
        kept = [(name.partition("/")[2], entry) for name, entry in kept]
    chosen: dict[str, zipfile.ZipInfo] = {}
    names, total = Names(), 0
    for name, entry in kept:
        if is_left_out(name, files):
            continue
        names.add(name)
        _check(name, entry)
        chosen[name] = entry
        total += entry.file_size
        if len(chosen) > MAX_FILES:
            raise Refused(f"The zip holds more than {MAX_FILES} files. Hand in the function's own files alone.")
        if total > MAX_BYTES:
            raise Refused("The zip unfolds to more than 20 MB. Hand in the function's own files alone.")
    check_wanted(chosen, files, [name for name, _ in kept])
    return chosen


def _check(name: str, entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x1:
        raise Refused("The zip is encrypted. Build it without a password.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Refused(f"{shown(name)} in the zip is a link or a special file. Pack the file itself.")
    if entry.compress_type not in _METHODS:
        raise Refused(f"{shown(name)} is compressed in a way that Lambda does not take. Build the zip with deflate.")
    if name.lower().endswith(".py") and entry.file_size > MAX_PYTHON_BYTES:
        raise Refused(f"{shown(name)} is larger than {MAX_PYTHON_BYTES // 1_000_000} MB. Make it smaller.")


def _read(archive: zipfile.ZipFile, chosen: dict[str, zipfile.ZipInfo]) -> dict[str, Path | bytes]:
    """Their bytes; no more than the directory told are unfolded."""
    contents: dict[str, Path | bytes] = {}
    for name, entry in chosen.items():
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
        if len(data) != entry.file_size:
            raise Refused(f"{shown(name)} has not the size that the zip's directory tells. Build the zip again.")
        contents[name] = data
    return contents


def _is_litter(name: str) -> bool:
    *folders, file = name.split("/")
    return name == "./" or any(map(is_litter_folder, folders)) or is_litter_file(file)
