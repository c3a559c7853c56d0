"""The wheels that a room without a network needs, for machines like this one."""

import hashlib
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from workbook.release.stock import ReleaseError

GROUPS = ("student", "docs", "notebook")  # what students' verbs need
_HASH = re.compile(rb"--hash=sha256:([0-9a-f]{64})")


def describe_system() -> str:
    """What wheels fetched here are for, in words: Python 3.11 on Linux (x86_64)."""
    return f"Python {platform.python_version().rpartition('.')[0]} on {platform.system()} ({platform.machine()})"


def gather(files: Mapping[str, bytes], set_up: Path, into: Path) -> tuple[Path, ...]:
    """The wheels, by name: of the groups in requirements/, fetched `into` a folder from the package index, each with a
    hash that its file names; and those of the labs' locks, which set-up has put into the folder `set_up`.

    Raises ReleaseError where one cannot be had.
    """
    fetched = _fetch([files[f"requirements/{group}.txt"] for group in GROUPS], into)
    wanted = {name: data for name, data in files.items() if re.fullmatch(r"labs/[^/]+/requirements\.lock", name)}
    found = [*fetched, *_choose(wanted, set_up)]
    return tuple(sorted({wheel.name: wheel for wheel in found}.values(), key=lambda wheel: wheel.name))


def _fetch(requirements: Sequence[bytes], into: Path) -> Iterator[Path]:
    for number, text in enumerate(requirements):
        path = into / f"{number}.txt"
        path.write_bytes(text)
        done = subprocess.run(
            [
                sys.executable, "-I", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
                "--no-deps", "--require-hashes", "--only-binary=:all:", "--find-links", str(into), "--dest", str(into),
                "-r", str(path),
            ],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            last = "\n".join(f"  {line}" for line in done.stderr.splitlines()[-3:])
            raise ReleaseError(
                f"The packages could not be fetched:\n{last}\nThe package index is needed for --wheels. Check the "
                "network, or leave --wheels out."
            )
    return iter(sorted(into.glob("*.whl")))


def _choose(locks: Mapping[str, bytes], folder: Path) -> Iterator[Path]:
    """The wheels in the folder that the locks name, for this machine and for Lambda. Raises ReleaseError where a lock
    has none."""
    wheels = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.whl"))}
    for name, lock in locks.items():
        for pin in re.split(rb"\n(?=[A-Za-z0-9])", lock):
            named = [value.decode() for value in _HASH.findall(pin)]
            found = [wheels[value] for value in named if value in wheels]
            if named and not found:
                package = pin.split(b"=")[0].decode("utf-8", "replace")
                raise ReleaseError(f"The wheel of {package}, which {name} names, is not here. Run set-up first.")
            yield from found
