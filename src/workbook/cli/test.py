"""`lab test`: the workbook's own tests."""

import subprocess
import sys

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import REPOSITORY


@click.command("test", short_help="Run the workbook's own tests.", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> int:
    """Run the workbook's own tests with pytest; ARGUMENTS are pytest's."""
    if not (REPOSITORY / "tests").is_dir():
        raise Stop("The workbook's tests are not here: clone the repository to run them.", Exit.ENVIRONMENT)
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=REPOSITORY, check=False).returncode
