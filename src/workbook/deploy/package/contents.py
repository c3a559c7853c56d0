"""What a package holds that Lambda cannot use, that should not travel, or that is no longer what its folder holds."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator

from workbook.deploy.package.archive import Archive, Member
from workbook.deploy.package.compiled import find_mismatch, is_compiled
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Finding, Severity, list_names
from workbook.deploy.package.secret import looks_secret
from workbook.runtime.code import LAB_FILES, LAB_FOLDERS, LITTER_FILES, LITTER_FOLDERS

ENVIRONMENTS = {"venv", ".venv"}


def examine_contents(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    yield from _examine_freshness(archive, expected)
    yield from _examine_compiled(archive, expected)
    yield from _examine_secrets(archive, expected)
    yield from _examine_litter(archive, expected)


def _examine_freshness(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    code = expected.code or {}
    changed = [
        name for name, member in archive.by_name.items() if name in code and not _is_same(archive, member, code[name])
    ]
    if changed:
        yield Finding(
            "stale",
            f"{list_names(changed)} is not what the lab's folder holds now: the zip is older, or of other code.",
            "Build it again after the last change.",
        )
    if expected.handler_file not in archive.by_name:
        return
    if absent := [name for name in code if name.endswith(".py") and name not in archive.by_name]:
        yield Finding(
            "file-missing",
            f"{list_names(absent)} is in the lab's folder and not in the zip.",
            "Pack it too, if the function imports it.",
            Severity.ADVICE,
        )


def _is_same(archive: Archive, member: Member, content: bytes) -> bool:
    if hashlib.sha256(content).hexdigest() == member.sha256:
        return True
    if abs(len(content) - member.size) > max(len(content), member.size) // 2:
        return False
    return archive.read(member).replace(b"\r\n", b"\n") == content.replace(b"\r\n", b"\n")


def _examine_compiled(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    wrong = defaultdict(list)
    for member in archive.members:
        if is_compiled(member.name, member.head) and (
            built_for := find_mismatch(member.name, member.head, expected.target)
        ):
            wrong[built_for].append(member.name)
    for built_for, names in wrong.items():
        yield Finding(
            "wrong-platform",
            f"{list_names(names, 2)}: compiled for {built_for}; the function runs under {expected.target}.",
            f"Install for Lambda: pip install --only-binary=:all: --platform manylinux2014_{expected.target.machine} "
            f"--python-version {expected.target.version} --target FOLDER, with a --platform for each newer tag, "
            f"such as {expected.target.platforms[0]}; or let lab package do it.",
        )


def _examine_secrets(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    found = [
        member.name
        for member in archive.members
        if not _is_installed(archive, expected, member.name)
        and looks_secret(member.name, lambda member=member: archive.read(member))  # type: ignore[misc]
    ]
    if found:
        yield Finding(
            "secrets",
            f"{list_names(found)} looks like a secret: whoever may read the function's code could read it.",
            "Take it out. Settings belong in environment variables, secrets in Secrets Manager.",
        )


def _is_installed(archive: Archive, expected: Expectation, name: str) -> bool:
    """Whether the file is part of an installed package: some bring test keys of their own."""
    top = name.partition("/")[0]
    return not expected.owns(name) and f"{top}/__init__.py" in archive.by_name


def _examine_litter(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    names = list(archive.by_name)
    if bytecode := [name for name in names if "__pycache__/" in name or name.endswith((".pyc", ".pyo"))]:
        yield Finding(
            "bytecode",
            f"{len(bytecode)} files of bytecode ({list_names(bytecode, 1)}): of no use to another Python, and part of "
            "the size.",
            'Leave them out: zip -r lambda_deploy.zip . -x "*.pyc" "*/__pycache__/*", pip install --no-compile.',
        )
    tops = {name.partition("/")[0] for name in names if "/" in name}
    environments = {name.rpartition("/")[0] or "." for name in names if name.rpartition("/")[2] == "pyvenv.cfg"}
    if environments := environments | (tops & ENVIRONMENTS):
        yield Finding(
            "virtual-environment",
            f"{list_names(sorted(environments))} is a virtual environment; Lambda does not look for packages there.",
            "Install the packages beside the handler (--target), and leave the environment out.",
        )
    litter = sorted(tops & (LITTER_FOLDERS - ENVIRONMENTS - {"__pycache__"}))
    litter += [name for name in names if name.rpartition("/")[2] in LITTER_FILES]
    if litter:
        yield Finding("litter", f"{list_names(litter)}: left by tools.", "Leave them out.", Severity.ADVICE)
    if zips := [name for name in names if "/" not in name and name.endswith(".zip")]:
        yield Finding(
            "zip-inside",
            f"{list_names(zips)} is inside: an earlier package, packed again.",
            "Remove it before zipping, or leave it out: zip -r lambda_deploy.zip . -x lambda_deploy.zip",
            Severity.ADVICE,
        )
    course = [name for name in names if _is_of_the_course(name) and name not in (expected.code or {})]
    if course:
        yield Finding(
            "course-files",
            f"{list_names(course)}: of the lab, not of the function.",
            "Leave them out; Lambda has no use for them.",
            Severity.ADVICE,
        )


def _is_of_the_course(name: str) -> bool:
    top, slash, _ = name.partition("/")
    if slash:
        return top in LAB_FOLDERS
    return name in LAB_FILES or (name.startswith("test_") and name.endswith(".py"))
