"""`lab diff`: one's own code beside the solution, after full marks."""

import zipfile
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for
from workbook.course.labs import Lab
from workbook.course.progress import read
from workbook.reports.inert import inert

COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command("diff", short_help="Your code beside the solution, after full marks.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--force", is_flag=True, help="Before full marks too (for instructors).")
@click.pass_obj
def command(workspace: Workspace, name: str | None, force: bool) -> int:
    """Show how the reference solution of LAB differs from your code: - is yours, + is the solution's.

    Only after full marks, so that nobody reads the answer by accident. Of a zip, the list of what is in it is
    compared. Exit code 0 also when the two differ.
    """
    lab = workspace.find(name)
    if lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    if not force and not read(workspace.course.root).lab(lab.id).is_full:
        raise Stop(f"The solution is shown after full marks: {say_for(lab, 'check')}", Exit.FAILED)
    differs = False
    for line in _differences(lab, lab.solution):
        differs = True
        click.secho(inert(line), fg=COLOURS.get(line[:1]))
    if not differs:
        click.echo("Your code and the solution are the same.")
    return Exit.DONE


def _differences(lab: Lab, solution: Path) -> Iterator[str]:
    for file in lab.manifest.files:
        yours, theirs = lab.folder / file, solution / file
        try:
            yield from _compare(file, yours, theirs)
        except OSError as error:
            raise Stop(f"{error.filename} cannot be read: {error.strerror}", Exit.ENVIRONMENT) from error


def _compare(file: str, yours: Path, theirs: Path) -> Iterator[str]:
    mine, reference = _content(yours), _content(theirs)
    my_lines, reference_lines = _lines(yours, mine), _lines(theirs, reference)
    if my_lines is not None and reference_lines is not None:
        names = _name("yours", file, mine), _name("solution", file, reference)
        yield from unified_diff(my_lines, reference_lines, *names, lineterm="")
    elif mine != reference:
        yield f"{file} is no text: {_size('yours', mine)}, {_size('that of the solution', reference)}."


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _lines(path: Path, content: bytes | None) -> list[str] | None:
    """What there is to compare: a text's lines, a zip's entries; None for what is neither."""
    if content is None:
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        return [f"{entry.filename}  {entry.file_size} bytes, CRC {entry.CRC:08x}" for entry in entries]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None if b"\0" in content else content.decode("utf-8", "replace").splitlines()


def _name(whose: str, file: str, content: bytes | None) -> str:
    return f"{whose}/{file}" + (" (not there)" if content is None else "")


def _size(whose: str, content: bytes | None) -> str:
    return f"{whose} is not there" if content is None else f"{whose} has {len(content)} bytes"
