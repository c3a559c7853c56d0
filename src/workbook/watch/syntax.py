"""Syntax errors in the student's files, found before anything runs."""

import ast
import warnings
from pathlib import Path

from workbook.course.labs import Lab
from workbook.watch.state import Fault

LARGEST = 1024 * 1024


def find_fault(lab: Lab) -> Fault | None:
    """The first syntax error in the Python files that the student hands in, as far as they can be read."""
    for name in lab.manifest.files:
        path = lab.folder / name
        if name.endswith(".py") and (fault := _parse(name, path)):
            return fault
    return None


def _parse(name: str, path: Path) -> Fault | None:
    try:
        if path.stat().st_size > LARGEST:
            return None
        source = path.read_bytes()
    except OSError:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source, name)
    except SyntaxError as error:
        return Fault(name, error.lineno or 0, error.offset or 0, (error.text or "").rstrip("\n"), error.msg)
    except (ValueError, RecursionError, MemoryError) as error:
        return Fault(name, 0, 0, "", str(error) or "it is nested too deeply")
    return None
