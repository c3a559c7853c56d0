"""Whether the workbook is installed as its locks say."""

import platform
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from workbook.doctor.finding import LAB, REINSTALL, Finding, ok, problem, warning
from workbook.doctor.surroundings import Surroundings

OLDEST = (3, 11)
MOST_NAMED = 5


def check_python(place: Surroundings) -> Finding:
    """New enough, and the interpreter of the workbook's own .venv."""
    name = f"Python {platform.python_version()}, {sys.prefix}"
    if sys.version_info < OLDEST:
        return problem("python", name, f"The workbook needs 3.11 or newer: install it, then run {LAB}.")
    if sys.prefix == sys.base_prefix:
        return warning("python", f"{name}: no virtual environment", f"Start the workbook with {LAB}, which makes one.")
    own = place.repository / ".venv"
    if own.is_dir() and not own.samefile(sys.prefix):
        return warning("python", f"{name}: not the workbook's own", f"Start the workbook with {LAB}, which uses {own}.")
    return ok("python", name)


def check_packages(place: Surroundings) -> Finding:
    """The installed versions against the locks of all groups that set-up has installed here."""
    from workbook.doctor.locks import read_lock  # what it imports may not be installed

    locks = [place.repository / "requirements" / f"{group}.txt" for group in _groups(place.repository)]
    if not locks[0].is_file():
        return warning("packages", "requirements/student.txt is not here to compare with", "Work in a clone.")
    wanted = {locked.name: locked for lock in locks if lock.is_file() for locked in read_lock(lock)}
    installed = {name: _installed_version(name) for name in wanted}
    missing = [str(wanted[name]) for name, found in installed.items() if found is None]
    other = [
        f"{name} {found} (locked: {wanted[name].requirement.specifier})"
        for name, found in installed.items()
        if found is not None and not wanted[name].allows(found)
    ]
    if missing:
        return problem("packages", f"not installed: {_listed(missing)}", REINSTALL)
    if other:
        return warning("packages", f"other versions than the locks say: {_listed(other)}", REINSTALL)
    return ok("packages", f"{len(wanted)} installed as locked")


def check_uv(place: Surroundings) -> Finding:
    """uv, which installs a lab's requirements and builds packages; git is asked for by nothing."""
    command = [sys.executable, "-m", "uv", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=20)
    if done.returncode:
        return problem("uv", "does not run; labs with requirements need it", REINSTALL)
    return ok("uv", f"{done.stdout.split(' (')[0].strip()} (git is not needed)")


def _groups(repository: Path) -> list[str]:
    """The student's group, and those that the stamp in .venv names after its first word."""
    try:
        first = (repository / ".venv" / ".workbook").read_bytes().split(b"\n", 1)[0]
    except OSError:
        first = b""
    others = {group for group in first.decode("ascii", "replace").split()[1:] if group.isalnum()}
    return ["student", *sorted(others - {"student"})]


def _installed_version(name: str) -> str | None:
    try:
        return version(name) or None
    except (PackageNotFoundError, KeyError):  # KeyError: an installation without metadata, half removed
        return None


def _listed(names: Iterable[str]) -> str:
    known = sorted(names)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more
