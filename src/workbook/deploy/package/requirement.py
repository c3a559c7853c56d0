"""What a requirements file asks for, read without installing anything."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.deploy.package.target import Target

if TYPE_CHECKING:
    from packaging.requirements import Requirement

LARGEST = 1 << 20


class RequirementsError(ValueError):
    """The requirements cannot be read; the text names the line and what to write."""


def read_requirements(path: Path, target: Target) -> "tuple[Requirement, ...]":
    """What the file asks for on `target`, in its order; options of installers are passed over.

    Raises RequirementsError.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    found = []
    for number, line in _lines(path):
        text = line.split(" #")[0].split("--hash=")[0].strip()
        if not text or text.startswith(("#", "-")):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise RequirementsError(
                f"{path.name}, line {number}: {text[:60]!a} names no package. Write a name and its version, "
                "such as requests==2.34.2."
            ) from error
        if applies(requirement, target.markers):
            found.append(requirement)
    return tuple(found)


def applies(requirement: "Requirement", markers: Mapping[str, str]) -> bool:
    """Whether its marker, if it has one, is true where the markers read so; a senseless one is."""
    try:
        return requirement.marker is None or requirement.marker.evaluate(dict(markers))
    except ValueError:  # packaging's UndefinedComparison, InvalidVersion
        return True


def is_pinned(requirement: "Requirement") -> bool:
    """Whether it names one version alone."""
    specifiers = list(requirement.specifier)
    return len(specifiers) == 1 and specifiers[0].operator in ("==", "===") and "*" not in specifiers[0].version


def find_unlocked(requirements: "Sequence[Requirement]", lock: "Sequence[Requirement]") -> list[str]:
    """Those of the requirements that the lock does not answer, since they were written after it."""
    from packaging.utils import canonicalize_name

    locked = {canonicalize_name(entry.name): entry for entry in lock}
    return [
        str(requirement)
        for requirement in requirements
        if not (entry := locked.get(canonicalize_name(requirement.name)))
        or not all(requirement.specifier.contains(one.version, prereleases=True) for one in entry.specifier)
    ]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, those that end in a backslash joined to the next."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise RequirementsError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise RequirementsError(
            f"{path.name} is not UTF-8 text (Windows PowerShell 5.1's > writes UTF-16). Save it as UTF-8."
        ) from error
    begun = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.endswith("\\"):
            begun += line[:-1] + " "
            continue
        yield number, begun + line
        begun = ""
    if begun:
        yield len(text.splitlines()), begun
