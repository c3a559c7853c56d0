"""A package judged by reading: every finding with its cure. What `build` refuses and `--check` finds is one thing."""

from collections import defaultdict
from dataclasses import dataclass

from workbook.course.facts import limits
from workbook.deploy.package.archive import Archive
from workbook.deploy.package.compiled import is_compiled
from workbook.deploy.package.contents import examine_contents
from workbook.deploy.package.distribution import Distribution, examine_distributions, read_distributions
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Finding, Severity
from workbook.deploy.package.layout import examine_layout

__all__ = ["Inspection", "Part", "inspect"]


@dataclass(frozen=True)
class Part:
    """What lies under one name at the root of a package: sizes in bytes."""

    name: str
    zipped: int
    unzipped: int


@dataclass(frozen=True)
class Inspection:
    """What reading a zip showed. `zipped` and `unzipped` are in bytes; `parts` begins with the heaviest;
    `compiled` names the files of machine code."""

    zipped: int
    unzipped: int
    files: int
    parts: tuple[Part, ...]
    compiled: tuple[str, ...]
    distributions: tuple[Distribution, ...]
    findings: tuple[Finding, ...]

    @property
    def problems(self) -> tuple[Finding, ...]:
        return tuple(found for found in self.findings if found.severity is Severity.PROBLEM)


def inspect(archive: Archive, expected: Expectation) -> Inspection:
    """Judge an opened zip. Reads; runs nothing."""
    findings = [
        *examine_layout(archive, expected),
        *examine_distributions(archive, expected),
        *examine_contents(archive, expected),
    ]
    if archive.size > (most := limits().zip_upload_bytes):
        findings.append(
            Finding(
                "too-large",
                f"It takes {archive.size / 1024 / 1024:.1f} MB; a direct upload takes {most // 1024 // 1024} MB.",
                "Leave out what the function does not import, or upload it to S3 and name the object in the console.",
            )
        )
    return Inspection(
        zipped=archive.size,
        unzipped=archive.unzipped,
        files=len(archive.members),
        parts=_weigh(archive),
        compiled=tuple(member.name for member in archive.members if is_compiled(member.name, member.head)),
        distributions=read_distributions(archive),
        findings=tuple(findings),
    )


def _weigh(archive: Archive) -> tuple[Part, ...]:
    zipped: dict[str, int] = defaultdict(int)
    unzipped: dict[str, int] = defaultdict(int)
    for member in archive.members:
        top = member.name.partition("/")[0] + ("/" if "/" in member.name else "")
        zipped[top] += member.zipped
        unzipped[top] += member.size
    parts = [Part(name, zipped[name], unzipped[name]) for name in zipped]
    return tuple(sorted(parts, key=lambda part: (-part.zipped, part.name)))
