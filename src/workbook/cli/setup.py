"""`lab setup`: what is installed. The wrapper `lab` at the root does the installing, before this runs."""

import platform
import sys

import click

from workbook.cli.workspace import REPOSITORY, Workspace, say

GROUPS = {
    "student": "the labs",
    "docs": "the site",
    "notebook": "the notebooks",
    "grading": "the gradebook of a class",
    "dev": "the workbook's own tests",
}


@click.command("setup", short_help="What is installed; `setup --all` installs every group.")
@click.option("--all", "every", is_flag=True, help="Install every group: site, notebooks, grading and development too.")
@click.pass_obj
def command(workspace: Workspace, every: bool) -> None:
    """Install or repair what the workbook needs (the wrapper has just done so), and say what is there."""
    installed = _installed_groups()
    click.echo(f"Python {platform.python_version()}, {sys.prefix}")
    for group, purpose in GROUPS.items():
        state = "installed" if group in installed else "not installed; comes when first used"
        click.echo(f"{group:<10}{purpose:<28}{state}")
    kept = workspace.course.root / ".workbook"
    click.echo(f"wheels    {len(list((kept / 'wheels').glob('*.whl')))} for the labs' requirements")
    starters = sum(1 for lab in workspace.course.labs if (kept / "starters" / lab.id).is_dir())
    click.echo(f"starters  kept of {starters} of {len(workspace.course.labs)} labs")
    if not every and len(installed) < len(GROUPS):
        click.echo(f"Everything at once, for a time without network: {say('setup --all')}")


def _installed_groups() -> set[str]:
    try:
        first = (REPOSITORY / ".venv" / ".workbook").read_bytes().split(b"\n", 1)[0]
    except OSError:
        return set()
    return set(first.decode("ascii", "replace").split()[1:])
