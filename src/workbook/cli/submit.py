"""`lab submit`: the file that a student hands in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say, say_for, shorten
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.submissions.parcel import Parcel

FOLDER = "hand-in"


@click.command("submit", short_help="Write the file that you hand in.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help=f"Write here, not to {FOLDER}/LAB.zip.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, output: Path | None) -> int:
    """Write LAB's hand-in file: a zip of exactly the files that the lab asks for, with a digest of each.

    The same code gives the same file. Nothing is sent anywhere, and no check is run: `lab check` says what your code
    is worth. Exit code 1: there is nothing to hand in, or a file holds a secret such as an AWS access key.
    """
    lab = workspace.find(name)
    if lab.alone:
        raise Stop(
            f"{lab.id} is a function of your own: nobody asks for it. Build what runs on AWS: {say('package')}",
            Exit.USAGE,
        )
    path = output or workspace.course.root / FOLDER / f"{lab.id}.zip"
    _refuse_place(path, lab)
    parcel = _pack(lab)
    _refuse_secrets(parcel)
    from workbook.course.safefile import replace_file

    content = parcel.to_zip()
    try:
        replace_file(path.absolute(), content)
    except OSError as error:
        raise Stop(
            f"{path} cannot be written: {error.strerror}. Name another with --output.", Exit.ENVIRONMENT
        ) from error
    click.echo(f"{shorten(path.absolute())}  {len(content):,} bytes, for lab {lab.number}, {lab.manifest.title}")
    _tell_contents(parcel)
    click.echo(_tell_checked(workspace, lab, parcel))
    click.echo("Hand that file in as it is. Each time that you change your code, write it anew.")
    return Exit.DONE


def _refuse_place(path: Path, lab: Lab) -> None:
    if path.suffix.lower() != ".zip":
        raise click.UsageError(f"--output {path}: a hand-in is a zip. Let its name end in .zip.")
    if path.is_dir():
        raise click.UsageError(f"--output {path} is a folder: name a file in it.")
    if path.resolve() in [(lab.folder / file).resolve() for file in lab.manifest.files]:
        raise click.UsageError(f"--output {path} is one of the files that you hand in. Name another.")


def _pack(lab: Lab) -> "Parcel":
    from workbook.runtime.code import CodeError
    from workbook.submissions.parcel import Parcel

    try:
        return Parcel.pack(lab)
    except CodeError as error:
        raise Stop(str(error), Exit.FAILED) from error


def _refuse_secrets(parcel: "Parcel") -> None:
    from workbook.submissions.secret import find_secrets

    found = [secret for file, data in parcel.files.items() for secret in find_secrets(file, data)]
    if found:
        listed = "\n".join(f"  {secret.place}: {secret.kind}" for secret in found)
        raise Stop(
            f"Nothing was written, since this looks secret:\n{listed}\n"
            "Take it out: a function reads its settings from os.environ, and AWS gives it its role's credentials.\n"
            "If it is real, make it invalid now, and get a new one: a copy may be anywhere.",
            Exit.FAILED,
        )


def _tell_contents(parcel: "Parcel") -> None:
    from workbook.reports.inert import inert
    from workbook.submissions.label import NAME

    width = max(map(len, [*parcel.files, *parcel.missing, NAME]))
    for file, data in parcel.files.items():
        click.echo(f"  {file:<{width}}  {len(data):,} bytes")
    for file in parcel.missing:
        click.echo(f"  {file:<{width}}  MISSING: the lab asks for it")
    click.echo(f"  {NAME:<{width}}  the lab, the workbook's version, a digest of each file")
    if parcel.others:
        listed = inert(", ".join(parcel.others))
        click.echo(f"Not in it: {listed}. The lab takes nothing else, so what your code needs of that will be missing.")


def _tell_checked(workspace: Workspace, lab: Lab, parcel: "Parcel") -> str:
    from workbook.course.progress import read
    from workbook.course.starters import is_untouched

    if is_untouched(workspace.course, lab):
        return "It is the starter as it came: nothing of yours is in it."
    known = read(workspace.course.root).lab(lab.id)
    if known.checked != parcel.judged:
        return f"Not checked since its last change: {say_for(lab, 'check')}"
    passed = [task for task in lab.manifest.tasks if task.number in known.tasks]
    counted = (
        "every task passes"
        if len(passed) == len(lab.manifest.tasks)
        else (f"{len(passed)} of {len(lab.manifest.tasks)} tasks pass")
    )
    return f"Checked as it is by {say_for(lab, 'check')}: {counted}."
