"""Which of the wheels that the labs' locks name are not here."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from workbook.doctor.locks import Locked, read_lock


@dataclass(frozen=True)
class Wheel:
    name: str
    version: str
    path: Path

    def serves(self, locked: Locked) -> bool:
        """Whether it is what the lock names, whole and unchanged."""
        return self.name == locked.name and locked.allows(self.version) and _hash(self.path) in locked.hashes


def find_missing(lock: Path, folder: Path) -> list[str]:
    """What the lock asks for and no wheel in the folder serves on this machine, as `requests==2.32.5`.

    Raises what `read_lock` raises.
    """
    wheels = list(_usable_wheels(folder))
    return [str(locked) for locked in read_lock(lock) if not any(wheel.serves(locked) for wheel in wheels)]


def _usable_wheels(folder: Path) -> Iterator[Wheel]:
    here = frozenset(sys_tags())
    for path in sorted(folder.glob("*.whl")):
        try:
            name, version, _, tags = parse_wheel_filename(path.name)
        except InvalidWheelFilename:
            continue
        if tags & here:
            yield Wheel(name, str(version), path)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
