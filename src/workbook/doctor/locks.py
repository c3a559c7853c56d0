"""Locks as `uv pip compile --generate-hashes` writes them: name, version, marker, hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True)
class Locked:
    """One package that this machine needs; `hashes` are SHA-256 in hexadecimal."""

    name: str
    requirement: Requirement
    hashes: frozenset[str]

    def allows(self, version: str) -> bool:
        return self.requirement.specifier.contains(version, prereleases=True)

    def __str__(self) -> str:
        return f"{self.name}{self.requirement.specifier}"


def read_lock(path: Path) -> Iterator[Locked]:
    """What the lock asks for on this machine: entries whose marker speaks of others are left out.

    Raises OSError, UnicodeDecodeError, packaging's InvalidRequirement.
    """
    for line in path.read_text("utf-8").replace("\\\n", " ").splitlines():
        text, *hashes = line.split("#")[0].split("--hash=sha256:")
        if not text.strip() or text.startswith("-"):
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate():
            found = frozenset(value.strip() for value in hashes)
            yield Locked(canonicalize_name(requirement.name), requirement, found)
