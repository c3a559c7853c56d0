"""Secrets in what a student is about to hand in: credentials whose form alone tells what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.deploy.package.archive import Archive, ArchiveRefused
from workbook.deploy.package.secret import looks_secret

MAX_SCANNED = 2_000_000  # bytes of a file inside of a zip; code is shorter

_BEFORE, _AFTER = rb"(?<![A-Za-z0-9_])", rb"(?![A-Za-z0-9_])"
_ASSIGNED = rb"""["']?\]?\s*[:=,]\s*["']?"""
# By what each is. The forms are those that their issuers document, or that their own scanners look for.
KINDS = {
    "an AWS access key": _BEFORE + rb"(?:AKIA|ASIA)[A-Z2-7]{16}" + _AFTER,
    "an AWS secret access key": rb"(?i:aws_?secret_?(?:access_?)?key)" + _ASSIGNED + rb"[A-Za-z0-9/+]{40}" + _AFTER,
    "an AWS session token": rb"(?i:aws_?session_?token)" + _ASSIGNED + rb"[A-Za-z0-9/+=]{100,}",
    "a private key": rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    rb"""[\s"'+\\nr]{1,40}(?:[A-Za-z-]+: |[A-Za-z0-9+/]{20})""",
    "a GitHub token": _BEFORE + rb"(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})" + _AFTER,
    "a GitLab token": _BEFORE + rb"glpat-[A-Za-z0-9_-]{20,}",
    "a Slack token": _BEFORE + rb"xox[abeoprs]-[0-9]{6,}-[A-Za-z0-9-]{10,}",
    "a Google API key": _BEFORE + rb"AIza[A-Za-z0-9_-]{35}" + _AFTER,
    "a Stripe key": _BEFORE + rb"[sr]k_live_[A-Za-z0-9]{20,}",
    "a PyPI token": rb"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}",
}
# What AWS prints in its documentation.
_EXAMPLE = re.compile(rb"EXAMPLE(KEY)?$")
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in KINDS.items()}


@dataclass(frozen=True)
class Secret:
    """`place` is the file and the line that it begins on, or the file; `kind` what it is. The secret itself is in no
    field: it shall not be shown again."""

    place: str
    kind: str


def find_secrets(name: str, data: bytes) -> Iterator[Secret]:
    """The secrets in the file `name`; of a zip, those in its files, and files that are secrets by their name."""
    if name.lower().endswith(".zip"):
        yield from _find_packed(name, data)
    else:
        yield from _find_written(name, data)


def _find_written(name: str, data: bytes) -> Iterator[Secret]:
    for kind, pattern in _PATTERNS.items():
        for found in pattern.finditer(data):
            if not _EXAMPLE.search(found.group()):
                line = data.count(b"\n", 0, found.start()) + 1
                yield Secret(f"{name}, line {line}", kind)


def _find_packed(name: str, data: bytes) -> Iterator[Secret]:
    try:
        archive = Archive(data, name)
    except ArchiveRefused:  # no zip: then its bytes are all that there is
        yield from _find_written(name, data)
        return
    with archive:
        for member in archive.members:
            is_installed = f"{member.name.partition('/')[0]}/__init__.py" in archive.by_name
            if not is_installed and looks_secret(member.name, lambda: archive.read(member)):  # noqa: B023
                yield Secret(f"{member.name} in {name}", "a file that holds secrets")
            elif member.size <= MAX_SCANNED:
                for found in _find_written(member.name, archive.read(member)):
                    yield Secret(f"{found.place} in {name}", found.kind)
