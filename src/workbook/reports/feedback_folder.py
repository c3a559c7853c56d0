"""A folder of feedback pages for one lab, and `index.csv`, which says whose each is.

It is made beside and put in place whole. What stands there before is replaced only if it is what was written the last
time, file by file: nothing that anybody changed or added is lost.
"""

import csv
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from workbook.reports.feedback import to_feedback
from workbook.reports.filenames import name_files
from workbook.reports.spreadsheet import to_csv

INDEX = "index.csv"
HEADER = ["id", "name", "file", "sha256"]


class FolderInUse(Exception):
    """The folder holds what was not written here; the text says what, and what to do."""


def write_folder(folder: Path, read: Callable[[], Iterable[Mapping[str, Any]]], names: Mapping[str, str]) -> int:
    """Put a page for each result document into `folder`; how many there are. `names` are people's, by id.

    `read` gives the documents each time that it is called: they are not kept. Raises FolderInUse, and OSError.
    """
    require_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    token = os.urandom(6).hex()
    new, old = (folder.with_name(f".{folder.name}.{token}.{word}") for word in ("new", "old"))
    new.mkdir()
    try:
        count = _fill(new, read, names)
        require_free(folder)
        if folder.is_dir():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return count


def _fill(folder: Path, read: Callable[[], Iterable[Mapping[str, Any]]], names: Mapping[str, str]) -> int:
    files = name_files(document["submission"]["id"] for document in read())
    rows = []
    for document in read():
        student = document["submission"]["id"]
        if student in files:  # not when it was graded since
            name, file = names.get(student, ""), f"{files[student]}.html"
            content = to_feedback(document, name).encode()
            (folder / file).write_bytes(content)
            rows.append([student, name, file, hashlib.sha256(content).hexdigest()])
    (folder / INDEX).write_bytes("".join(to_csv([HEADER, *sorted(rows)])).encode("utf-8-sig"))
    return len(rows)


def require_free(folder: Path) -> None:
    """Raises FolderInUse unless `folder` is absent, empty, or as it was written here."""
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise FolderInUse(f"{folder} is no folder. Name another one.")
    found = {path.name: path for path in folder.iterdir()}
    if not found:
        return
    written = _read_index(found.pop(INDEX, None))
    for name, path in sorted(found.items()):
        if name not in written or not _is_unchanged(path, written[name]):
            word = "was changed since lab report wrote it" if name in written else "was not written by lab report"
            raise FolderInUse(f"{folder} is not replaced: {name!a} in it {word}. Name a new folder, or move that away.")


def _read_index(path: Path | None) -> dict[str, str]:
    """The digests that the index gives, by file; none where it is not as it was written."""
    try:
        text = path.read_text("utf-8-sig") if path else ""
        header, *rows = csv.reader(text.splitlines())
        return {row[2]: row[3] for row in rows} if header == HEADER else {}
    except (OSError, ValueError, IndexError, csv.Error):
        return {}


def _is_unchanged(path: Path, sha256: str) -> bool:
    return path.is_file() and not path.is_symlink() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
