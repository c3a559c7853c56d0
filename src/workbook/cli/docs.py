"""`lab docs`: the site, built strictly into a folder, or served on this machine while one reads or writes."""

import os
import socket
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import REPOSITORY, say, shorten

HOST = "127.0.0.1"
FIRST_PORT, LAST_PORT = 8000, 8049
MARK = "404.html"  # in every site that mkdocs built


@click.group("docs", short_help="The site: read it in your browser, or build it into a folder.")
def command() -> None:
    """The site: reference, console walkthroughs, the labs.

    The first time installs mkdocs.
    """


@command.command("serve", short_help="Read the site in your browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="Listen here; without it, 8000 or the next that is free.")
@click.option("--open", "in_browser", is_flag=True, help="Open it in your browser.")
def serve(port: int | None, in_browser: bool) -> int:
    """Serve the site to this machine alone, and again after each change to a page or a lab's README.

    The address is told when the site is built. Ctrl+C ends it.
    """
    run = _import_mkdocs()
    if port is None:
        port = next(filter(_is_free, range(FIRST_PORT, LAST_PORT + 1)), None)
        if port is None:
            raise Stop(f"No port from {FIRST_PORT} to {LAST_PORT} is free: name one with --port.", Exit.ENVIRONMENT)
    elif not _is_free(port):
        raise Stop(f"Port {port} is taken: name another with --port, or leave it out.", Exit.ENVIRONMENT)
    arguments = ["serve", "--no-strict", "--livereload", "--dev-addr", f"{HOST}:{port}", "--watch", "labs"]
    return run([*arguments, "--open"] if in_browser else arguments)


@command.command("build", short_help="Build the site into a folder.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder; without it, site/ in the workbook's own.",
)
def build(out: Path | None) -> int:
    """Build the site into a folder that any web server can serve.

    What an earlier build left there is removed. A wrong link, anchor, fact or sketch fails the build. Exit code 0:
    built; 1: a page is wrong.
    """
    out = (out or REPOSITORY / "site").absolute()
    _refuse_other_folders(out)
    folder = shorten(out)
    code = _import_mkdocs()(["build", "--strict", "--site-dir", str(out)])
    if code == Exit.DONE:
        click.echo(f"The site is in {folder}. To read it here: {say('docs serve')}")
    return code


def _refuse_other_folders(out: Path) -> None:
    """mkdocs empties the folder first: it must be a site, or hold nothing."""
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise Stop(
            f"{shorten(out)} holds files that are no site, and a build would remove them: name another.", Exit.USAGE
        )


def _import_mkdocs() -> Callable[[list[str]], int]:
    if not (REPOSITORY / "mkdocs.yml").is_file():
        raise Stop("The site's pages are not in this edition: clone the repository to read them.", Exit.ENVIRONMENT)
    try:
        import_module("material")
        cli: Any = import_module("mkdocs.__main__").cli
    except ImportError as error:
        everything = say("setup --all")
        message = f"mkdocs, which builds the site, is not installed here ({error}). Install it: {everything}"
        raise Stop(message, Exit.ENVIRONMENT) from error
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.chdir(REPOSITORY)  # from where pages name the files that they cut code out of

    def run(arguments: list[str]) -> int:
        try:
            cli.main(arguments, prog_name="mkdocs", standalone_mode=False)
        except click.ClickException as error:
            error.show()
            return Exit.FAILED
        return Exit.DONE

    return run


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) != 0
