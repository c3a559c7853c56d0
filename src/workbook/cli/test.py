"""`lab test`: the workbook's own tests."""

import os
import subprocess
import sys
from importlib.util import find_spec

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import REPOSITORY


@click.command("test", short_help="Run the workbook's own tests.", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> int:
    """Run the workbook's own tests with pytest; ARGUMENTS are pytest's."""
    if not (REPOSITORY / "tests").is_dir():
        raise Stop("The workbook's tests are not in this edition: clone the repository to run them.", Exit.ENVIRONMENT)
    workers = [] if any(given.startswith(("-n", "--pdb", "--numprocesses")) for given in arguments) else _workers()
    command = [sys.executable, "-m", "pytest", *workers, *arguments]
    return subprocess.run(command, cwd=REPOSITORY, check=False).returncode


def _workers() -> list[str]:
    """One worker a core, where pytest-xdist is installed (the development group brings it)."""
    cores = os.cpu_count() or 1
    return ["-n", str(cores)] if cores > 1 and find_spec("xdist") else []
