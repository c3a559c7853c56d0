"""`lab reset`: the starter again, the old file kept."""

from datetime import datetime

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for, shorten
from workbook.course.starters import StarterError, is_untouched, reset


@click.command("reset", short_help="Begin a lab again; your files are kept as backups.")
@click.argument("name", metavar="LAB")
@click.pass_obj
def command(workspace: Workspace, name: str) -> int:
    """Put LAB's starter back as set-up found it. What you wrote is kept, with its date, in .workbook/backups/."""
    lab = workspace.find(name)
    if is_untouched(workspace.course, lab):
        click.echo(f"Nothing to do: {lab.id} is as it came.")
        return Exit.DONE
    try:
        backups = reset(workspace.course, lab, datetime.now())
    except StarterError as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error
    for backup in backups:
        click.echo(f"Kept: {shorten(backup)}")
    click.echo(f"{lab.id} is as it came. Begin again: {say_for(lab, 'check')}")
    return Exit.DONE
