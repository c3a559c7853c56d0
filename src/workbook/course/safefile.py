"""Files that are never met half-written."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

_Answer = TypeVar("_Answer")
_PATIENCE = 10  # tries of 20 ms each: Windows refuses while another process holds the file


def read_file(path: Path, limit: int) -> bytes:
    """The content of a regular file. Raises OSError, also when it is larger than `limit` bytes."""
    if path.exists() and not path.is_file():
        raise OSError(0, "it is no file", str(path))
    content = _patiently(lambda: _read(path, limit + 1))
    if len(content) > limit:
        raise OSError(0, f"it is larger than {limit} bytes", str(path))
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Writes the file, and its folders, so that a reader or a crash meets the old or the new. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _patiently(lambda: os.replace(temporary, path))
    finally:
        temporary.unlink(missing_ok=True)


def _read(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        return file.read(size)


def _patiently(action: Callable[[], _Answer]) -> _Answer:
    for _ in range(_PATIENCE if os.name == "nt" else 0):
        try:
            return action()
        except PermissionError:
            time.sleep(0.02)
    return action()
