"""Where a verb's document goes: to standard output, or whole into a file."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from workbook.cli.exits import Exit, Stop


def write(pieces: Iterable[str], path: Path | None, *, mark: bool = False) -> None:
    """UTF-8, line ends as they are; a file is replaced when all of it is there. `mark`: a file begins with the mark by
    which spreadsheets know UTF-8. Raises Stop."""
    if path is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
        return
    if path.is_dir():
        raise Stop(f"{path} is a folder, and cannot be written as a file. Name a file in it.", Exit.USAGE)
    temporary = path.with_name(f".{path.name}.{os.urandom(6).hex()}.tmp")
    try:
        try:
            with temporary.open("xb") as file:
                file.write(b"\xef\xbb\xbf" if mark else b"")
                file.writelines(piece.encode() for piece in pieces)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise Stop(f"{path} cannot be written: {error.strerror or error}. Name another file.", Exit.USAGE) from error
