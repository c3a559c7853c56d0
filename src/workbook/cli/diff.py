"""`lab diff`: one's own code beside the solution, after full marks."""

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say
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

    Only after full marks, so that nobody reads the answer by accident. Exit code 0 also when the two differ.
    """
    lab = workspace.find(name)
    if lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    if not force and not read(workspace.course.root).lab(lab.id).is_full:
        raise Stop(f"The solution is shown after full marks: {say(f'check {lab.number}')}", Exit.FAILED)
    differs = False
    for line in _differences(lab, lab.solution):
        differs = True
        click.secho(inert(line), fg=COLOURS.get(line[:1]))
    if not differs:
        click.echo("Your code and the solution are the same.")
    return Exit.DONE


def _differences(lab: Lab, solution: Path) -> Iterator[str]:
    for file in lab.manifest.files:
        yours, theirs = _lines(lab.folder / file), _lines(solution / file)
        yield from unified_diff(yours, theirs, f"yours/{file}", f"solution/{file}", lineterm="")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}", Exit.ENVIRONMENT) from error
