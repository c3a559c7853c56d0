"""`lab new`: a function of one's own, outside the course, with the same tools."""

from pathlib import Path

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import REPOSITORY, say


@click.command("new", short_help="A function of your own, with the same tools.")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make the folder NAME for a function of your own: code, tests, an event, settings, and a `lab` command.

    NAME is the function's name too, so Lambda's rules hold: letters, digits, hyphens, underscores. With a path,
    such as ../weather, the folder is made there. What is there already is never changed.
    """
    from workbook.course.own import NotMade, make

    try:
        lab = make(folder, REPOSITORY)
    except NotMade as refused:
        raise Stop(str(refused), Exit.USAGE) from refused
    place = f'"{folder}"' if " " in str(folder) else folder
    steps = [
        (f"cd {place}", "every command works from in there"),
        (say("invoke"), "what the console's Test button shows"),
        (say("check"), f"its own tests, {lab.suite.name}"),
        (say("package"), "the zip for Lambda"),
        (say('schedule "rate(1 hour)" --simulate .'), "its runs on a schedule"),
    ]
    width = max(len(typed) for typed, _ in steps)
    click.echo(f"{place} holds a function that works. Next:\n")
    for typed, purpose in steps:
        click.echo(f"  {typed:<{width}}  {purpose}")
