"""Where a package's files lie, how they are named and who may read them: what Lambda's import trips over first."""

import re
import symtable
import sys
from collections import Counter
from collections.abc import Iterator

from workbook.deploy.package.archive import Archive
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Finding, Severity, list_names

ALL_READ = 0o004
ALL_ENTER = 0o005
_CURE_BACKSLASHES = (
    "Windows PowerShell 5.1's Compress-Archive writes such names. Zip with File Explorer (Send to, Compressed folder) "
    "or tar -a -c -f lambda_deploy.zip *"
)


def examine_layout(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    """Names and modes, then the handler."""
    yield from _examine_names(archive)
    yield from _examine_modes(archive)
    names = archive.by_name
    if is_found := expected.handler_file in names or f"{expected.module}/__init__.py" in names:
        yield from _examine_handler(archive, expected)
    layer = [name for name in names if name.startswith("python/")]
    if layer and (not is_found or any(".dist-info/" in name for name in layer)):
        yield Finding(
            "layer-layout",
            f"Its files lie in python/ ({list_names(layer, 1)}), as a layer's do. A function does not look there.",
            "Zip what is inside python/ (or python/lib/python3.*/site-packages/), not the folder.",
        )
    elif not is_found:
        yield _explain_absence(archive, expected)
    yield from _examine_package_folders(archive)


def _examine_package_folders(archive: Archive) -> Iterator[Finding]:
    """Packages that were installed into a folder that is none of Python's: `import` does not look there."""
    names = archive.by_name
    folders = {name.partition("/")[0] for name in names if re.fullmatch(r"[^/]+/[^/]+\.dist-info/METADATA", name)}
    for folder in sorted(folders - {"python"}):
        if f"{folder}/__init__.py" not in names:
            yield Finding(
                "packages-in-folder",
                f"Packages lie in {folder}/, and import looks for them at the root of the zip.",
                f"Zip what is inside {folder}/ beside the handler; lab package installs requirements.txt by itself.",
                Severity.ADVICE,
            )


def _examine_names(archive: Archive) -> Iterator[Finding]:
    if wrong := [member.raw for member in archive.members if "\\" in member.raw]:
        yield Finding(
            "backslash-names",
            f"{len(wrong)} names hold a backslash ({list_names(wrong, 1)}), and Lambda's Linux takes it for a letter.",
            _CURE_BACKSLASHES,
        )
    counts = Counter(member.name for member in archive.members)
    if twice := sorted(name for name, count in counts.items() if count > 1):
        yield Finding("duplicate-names", f"It holds {list_names(twice)} twice.", "Remove the zip, then build it anew.")
    if links := [member.name for member in archive.members if member.is_link]:
        yield Finding(
            "links",
            f"{list_names(links)} is a link, and nothing says that what it points to is on Lambda.",
            "Pack the file itself (zip does so without -y).",
        )


def _examine_modes(archive: Archive) -> Iterator[Finding]:
    closed = [
        member.name
        for member in archive.members
        if member.mode is not None and not member.is_link and not member.mode & ALL_READ
    ]
    closed += [f"{name}/" for name, mode in archive.folders.items() if mode & ALL_ENTER != ALL_ENTER]
    if closed:
        yield Finding(
            "unreadable",
            f"Not everybody may read {list_names(closed)}, and Lambda runs the function as another user: "
            "Permission denied.",
            "Before zipping: chmod -R a+rX . (a zip written by Python's writestr needs external_attr = 0o644 << 16).",
        )


def _examine_handler(archive: Archive, expected: Expectation) -> Iterator[Finding]:
    file, names = expected.handler_file, archive.by_name
    rivals = [
        name
        for name in names
        if name == f"{expected.module}/__init__.py" or re.fullmatch(rf"{re.escape(expected.module)}\.[^/]*\.?so", name)
    ]
    if file not in names:
        return
    if rivals:
        yield Finding(
            "handler-shadowed",
            f"{rivals[0]} is imported in place of {file}: Python prefers it.",
            "Rename one of them.",
        )
    try:
        bound = _find_bound(archive.read(names[file]), file)
    except SyntaxError as error:
        if sys.version_info[:2] >= expected.target.python:
            where = f"line {error.lineno}" if error.lineno else "somewhere"
            yield Finding(
                "handler-syntax",
                f"{file} is no Python that {expected.target.runtime} reads ({where}: {error.msg}).",
                "Mend that place, then build the package again.",
            )
    except (ValueError, RecursionError, MemoryError):
        yield Finding("handler-syntax", f"{file} cannot be read as Python.", "Save it as UTF-8 text.")
    else:
        if expected.function not in bound and "*" not in bound:
            yield Finding(
                "function-missing",
                f"{file} defines no {expected.function}, which the handler {expected.handler} names.",
                f"Name the function {expected.function}, or change the handler in the console.",
            )


def _find_bound(source: bytes, file: str) -> set[str]:
    """The names that the module binds; `*` among them when it imports all of another."""
    text = source.decode("utf-8-sig")
    symbols = symtable.symtable(text, file, "exec").get_symbols()
    bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    return bound | ({"*"} if re.search(r"^\s*from\s.+import\s*\*", text, re.MULTILINE) else set())


def _explain_absence(archive: Archive, expected: Expectation) -> Finding:
    file = expected.handler_file
    deeper = sorted((name for name in archive.by_name if name.endswith(f"/{file}")), key=lambda name: name.count("/"))
    if deeper:
        folder = deeper[0].removesuffix(file)
        is_of_a_lab = f"{folder}lab.toml" in archive.by_name
        return Finding(
            "wrapping-folder",
            f"{file} lies in {folder}, one folder too deep: Lambda says No module named "
            f"'{expected.module.replace('/', '.')}'.",
            "Zip what is inside a folder that holds nothing but the function, not the lab's own folder."
            if is_of_a_lab
            else f"Zip what is inside {folder}, not the folder itself.",
        )
    scripts = [name for name in sorted(archive.by_name) if "/" not in name and name.endswith(".py")]
    for name in scripts:
        try:
            is_renamed = expected.function in _find_bound(archive.read(archive.by_name[name]), name)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if is_renamed:
            return Finding(
                "handler-renamed",
                f"{expected.function} is in {name}, and the handler {expected.handler} looks for it in {file}.",
                f"Rename {name} to {file}, or set the handler to {name.removesuffix('.py')}.{expected.function}.",
            )
    found = f"At its root: {list_names(scripts)}." if scripts else "No .py file is at its root."
    return Finding("handler-missing", f"{file} is not in it. {found}", f"Put {file} at the root of the zip.")
