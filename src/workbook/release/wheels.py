"""The wheels that a room without a network needs, for machines like this one."""

import hashlib
import platform
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from workbook.release.stock import ReleaseError

GROUPS = ("student", "docs", "notebook")  # what students' verbs need
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def describe_system() -> str:
    """What wheels fetched here are for, in words: Python 3.11 on Linux (x86_64)."""
    return f"Python {platform.python_version().rpartition('.')[0]} on {platform.system()} ({platform.machine()})"


def gather(files: Mapping[str, bytes], set_up: Path, into: Path) -> tuple[Path, ...]:
    """The wheels, by name: of the groups in requirements/, fetched `into` a folder from the package index, each with a
    hash that its file names; and those of the labs' locks, which set-up has put into the folder `set_up`.

    Raises ReleaseError where one cannot be had.
    """
    pins = dict.fromkeys(pin for group in GROUPS for pin in _part(files[f"requirements/{group}.txt"]))
    oldest, newest = (_choose_pins(pins, patch) for patch in (0, 99))
    _fetch(oldest, into)
    _fetch([pin for pin in newest if pin not in oldest], into)
    locks = {name: data for name, data in files.items() if re.fullmatch(r"labs/[^/]+/requirements\.lock", name)}
    found = [*into.glob("*.whl"), *_choose_wheels(locks, set_up)]
    return tuple(sorted({wheel.name: wheel for wheel in found}.values(), key=lambda wheel: wheel.name))


def _part(requirements: bytes) -> list[str]:
    """The pins in a requirements file, each with its marker and its hashes, on several lines."""
    found = re.split(r"\n(?=[A-Za-z0-9])", requirements.decode())
    return [pin for pin in (re.sub(r"(?m)^ *#.*\n?", "", part).strip() for part in found) if pin]


def _choose_pins(pins: Iterable[str], patch: int) -> list[str]:
    """Those that a machine like this one needs, without their markers: a patch release of its Python may need others
    than this one."""
    from packaging.requirements import Requirement

    version = {"python_full_version": f"{sys.version_info.major}.{sys.version_info.minor}.{patch}"}
    chosen = []
    for pin in pins:
        head, _, hashes = pin.partition(" \\\n")
        asked = Requirement(head)
        if asked.marker is None or asked.marker.evaluate(version):
            chosen.append(f"{asked.name}{asked.specifier} \\\n{hashes}\n")
    return chosen


def _fetch(pins: Sequence[str], into: Path) -> None:
    if not pins:
        return
    path = into / "requirements.txt"
    path.write_text("".join(pins), "utf-8")
    done = subprocess.run(
        [
            sys.executable, "-I", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
            "--no-deps", "--require-hashes", "--only-binary=:all:", "--ignore-requires-python",
            "--dest", str(into), "-r", str(path),
        ],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        last = "\n".join(f"  {line}" for line in done.stderr.splitlines()[-3:])
        raise ReleaseError(
            f"The packages could not be fetched:\n{last}\nThe package index is needed for --wheels. Check the "
            "network, or leave --wheels out."
        )


def _choose_wheels(locks: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """The wheels in the folder that the locks name, for this machine and for Lambda. Raises ReleaseError where a lock
    has none."""
    wheels = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.whl"))}
    for name, lock in locks.items():
        for pin in _part(lock):
            found = [wheels[value] for value in _HASH.findall(pin) if value in wheels]
            if not found:
                package = pin.partition("=")[0]
                raise ReleaseError(f"The wheel of {package}, which {name} names, is not here. Run set-up first.")
            yield from found
