"""`lab notebook`: a lab's notebook, opened with the workbook's kernel."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say
from workbook.course.labs import Lab


@click.command("notebook", short_help="Open a lab's notebook: explore before you write.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--no-browser", is_flag=True, help="Print the address, open no browser.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen here; without it, 8888 or the next that is free.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, no_browser: bool, port: int | None) -> None:
    """Open LAB's notebook in Jupyter, in your browser; without LAB, that of the current lab.

    The first time installs Jupyter. Ctrl+C ends it.
    """
    lab = workspace.find(name)
    notebook = _find_notebook(workspace.course.root, lab)
    start = _import_jupyter()
    _put_own_kernel_first()
    click.echo(f"Opening notebooks/{notebook.name}. Ctrl+C here ends Jupyter.")
    start(_arguments(workspace.course.root, notebook, no_browser, port))


def _find_notebook(root: Path, lab: Lab) -> Path:
    if lab.notebook:
        return lab.notebook
    others = [other.stem for other in sorted((root / "notebooks").glob("*.ipynb"))]
    here = f"Those that are here: {', '.join(others)}." if others else f"{root / 'notebooks'} holds none."
    raise Stop(f"{lab.id} has no notebook. {here}", Exit.USAGE)


def _import_jupyter() -> Any:
    try:
        return import_module("notebook.app").main
    except ImportError as error:
        everything = say("setup --all")
        message = f"Jupyter, which shows the notebooks, is not installed here ({error}). Install it: {everything}"
        raise Stop(message, Exit.ENVIRONMENT) from error


def _put_own_kernel_first() -> None:
    """The notebooks ask for the kernel `python3`; one of that name that the user has elsewhere has no workbook."""
    own = os.path.join(sys.prefix, "share", "jupyter")
    others = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([own, others] if others else [own])


def _arguments(root: Path, notebook: Path, no_browser: bool, port: int | None) -> list[str]:
    """Jupyter's own: it serves the whole course, so that a notebook's link to its lab works."""
    page = "/notebooks/" + quote(notebook.relative_to(root).as_posix())
    found = [f"--ServerApp.root_dir={root}", f"--JupyterNotebookApp.default_url={page}", "--log-level=WARN"]
    if no_browser:
        found.append("--no-browser")
    if port is not None:
        found.append(f"--port={port}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter listens on this machine alone
        found.append("--allow-root")
    return found
