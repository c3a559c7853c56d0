"""`lab watch`: save a file, and see the verdict at once."""

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit
from workbook.cli.workspace import Workspace, say, shorten

if TYPE_CHECKING:
    from workbook.watch.screen import Look
    from workbook.watch.session import Session


@click.command("watch", short_help="Judge each save at once, with hints and the next lab on a key.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--plain", is_flag=True, help="Add lines only, never redraw (for screen readers).")
@click.option("--poll", is_flag=True, help="Look at the files, where the system does not tell of a save.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, plain: bool, poll: bool) -> int:
    """Watch LAB's files, and judge them at each save: which tasks pass, and the first failure in full.

    Keys, which the screen shows too: the next hint, invoke with an event, the task's text, all labs, next and
    previous lab, reset, quit. Saving a file of another lab turns to that one. LAB is a number (3), a folder or
    part of its name; without it, the current lab.
    """
    lab = workspace.find(name)
    _ = lab.manifest
    from workbook.watch.session import Session

    if not plain and not (sys.stdin.isatty() and sys.stdout.isatty()):
        click.echo("This is no terminal, so lines are only added, as with --plain.")
        plain = True
    with closing(Session(workspace.course, lab, lambda: _list(workspace), poll=poll)) as session:
        _run_plain(session) if plain else _run_screen(session)
    return Exit.DONE


def _run_plain(session: "Session") -> None:
    from workbook.watch import events
    from workbook.watch.plain import PlainView, read_words

    read_words(session.press, lambda: session.post(events.Leave(at_once=False)))
    session.run(PlainView(_look(colour=False)))


def _run_screen(session: "Session") -> None:
    from workbook.watch import events
    from workbook.watch.terminal import ScreenView, Terminal

    with Terminal(session.press, lambda: session.post(None), lambda: session.post(events.Leave())) as terminal:
        look = _look(colour="NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb")
        session.run(ScreenView(terminal, look), terminal.check_size)


def _look(*, colour: bool) -> "Look":
    from workbook.watch.screen import Look

    return Look(colour, sys.stdout.encoding, say, lambda path: shorten(Path(str(path))))


def _list(workspace: Workspace) -> list[str]:
    from workbook.cli.listing import describe_lab
    from workbook.course.progress import read

    progress = read(workspace.course.root)
    return [describe_lab(lab, progress) for lab in workspace.course.labs]
