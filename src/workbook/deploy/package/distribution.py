"""The installed packages in a zip, by their dist-info: are they those asked for, whole, and for this target?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.parser import BytesHeaderParser

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.tags import parse_tag
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from workbook.deploy.package.archive import Archive
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Finding, Severity, list_names
from workbook.deploy.package.requirement import applies
from workbook.deploy.package.target import Target

# What every Python runtime of Lambda brings (docs.aws.amazon.com/lambda/latest/dg/python-package.html; boto3's own
# requirements).
IN_THE_RUNTIME = frozenset({"boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3"})
HEADER_BYTES = 1 << 16
MOST_DOTS = 20


@dataclass(frozen=True)
class Distribution:
    """One installed package; `requires` and `tags` as its own files state them."""

    name: str
    version: str
    requires: tuple[Requirement, ...]
    requires_python: SpecifierSet
    tags: tuple[str, ...]

    @property
    def key(self) -> str:
        return canonicalize_name(self.name)

    def fits(self, target: Target) -> bool:
        """Whether one of its wheel's tags is the target's; True when it states none."""
        return not self.tags or any(
            parsed in target.tags for tag in self.tags if _is_plain(tag) for parsed in parse_tag(tag)
        )

    def needs(self, markers: Mapping[str, str]) -> set[str]:
        """The names that it needs where the markers read so."""
        return {canonicalize_name(entry.name) for entry in self.requires if applies(entry, markers)}


def read_distributions(archive: Archive) -> tuple[Distribution, ...]:
    """The packages that state themselves at the root of the zip, by name; one that states nonsense is passed over."""
    found = (
        _read(archive, name.rpartition("/")[0])
        for name in archive.by_name
        if name.count("/") == 1 and name.endswith(".dist-info/METADATA")
    )
    return tuple(sorted((one for one in found if one), key=lambda one: one.key))


def examine_distributions(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    installed = {one.key: one for one in read_distributions(archive)}
    yield from _examine_requirements(archive, expected, installed)
    yield from _examine_wheels(expected, installed)
    yield from _examine_needs(expected, installed)
    asked = {canonicalize_name(requirement.name) for requirement in expected.requirements}
    if (extra := {"boto3", "botocore"} & installed.keys()) and not asked & {"boto3", "botocore"}:
        yield Finding(
            "boto3-packed",
            f"{' and '.join(sorted(extra))} is inside, though requirements.txt does not ask for it.",
            "Leave it out, since the runtime brings it; or pin it there, to fix its version.",
            Severity.ADVICE,
        )


def _examine_requirements(
    archive: Archive, expected: Expectation, installed: Mapping[str, Distribution]
) -> Iterator[Finding]:
    tops = {canonicalize_name(name.partition("/")[0].removesuffix(".py")) for name in archive.by_name}
    for requirement in expected.requirements:
        key = canonicalize_name(requirement.name)
        one = installed.get(key)
        if one and not requirement.specifier.contains(one.version, prereleases=True):
            yield Finding(
                "version-differs",
                f"{requirement.name} {one.version} is inside; requirements.txt asks for {requirement}.",
                "Install what the file names into an empty folder, then zip that.",
            )
        elif not one and key in tops:
            yield Finding(
                "version-unknown",
                f"{requirement.name} is inside without its .dist-info, so nobody can tell its version.",
                f"Keep {key.replace('-', '_')}-*.dist-info beside it.",
                Severity.ADVICE,
            )
        elif not one:
            yield Finding(
                "dependency-missing",
                f"requirements.txt asks for {requirement}, and it is not at the root of the zip.",
                "Install it beside the handler, for Lambda's platform: pip install --target FOLDER -r requirements.txt",
            )


def _examine_wheels(expected: Expectation, installed: Mapping[str, Distribution]) -> Iterator[Finding]:
    wrong = [one for one in installed.values() if not one.fits(expected.target)]
    if wrong:
        named = list_names([f"{one.name} {one.version} ({one.tags[0]})" for one in wrong], 2)
        yield Finding(
            "wrong-wheel",
            f"{named}: from a wheel for another system or Python than {expected.target}.",
            "Install with --platform, --python-version and --only-binary=:all:, or let lab package do it.",
        )


def _examine_needs(expected: Expectation, installed: Mapping[str, Distribution]) -> Iterator[Finding]:
    there = installed.keys() | IN_THE_RUNTIME | {canonicalize_name(one.name) for one in expected.requirements}
    for one in installed.values():
        if absent := sorted(one.needs(expected.target.markers) - there):
            yield Finding(
                "dependency-missing",
                f"{one.name} needs {list_names(absent)}, which is not in the zip.",
                "Install without --no-deps, and zip the whole folder.",
            )


def _is_plain(tag: str) -> bool:
    """A compressed tag stands for the product of its parts, which a hostile one makes endless."""
    return tag.count("-") == 2 and tag.count(".") <= MOST_DOTS


def _read(archive: Archive, folder: str) -> Distribution | None:
    metadata = _headers(archive, f"{folder}/METADATA")
    name, version = metadata.get("name", [""])[0], metadata.get("version", [""])[0]
    try:
        return Distribution(
            name=canonicalize_name(name, validate=True) and name,
            version=str(Version(version)),
            requires=tuple(Requirement(text) for text in metadata.get("requires-dist", ())),
            requires_python=SpecifierSet(metadata.get("requires-python", [""])[0]),
            tags=tuple(_headers(archive, f"{folder}/WHEEL").get("tag", ())),
        )
    except (InvalidRequirement, InvalidSpecifier, InvalidVersion, ValueError):
        return None


def _headers(archive: Archive, name: str) -> dict[str, list[str]]:
    member = archive.by_name.get(name)
    if member is None:
        return {}
    headers: dict[str, list[str]] = {}
    for key, value in BytesHeaderParser().parsebytes(archive.read(member)[:HEADER_BYTES]).items():
        headers.setdefault(key.lower(), []).append(str(value))
    return headers
