"""`lab policy`: the execution role's policy that a lab's function needs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for
from workbook.cloud.permissions import ACCOUNT, REGION
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.deploy.observation import Observation


@click.command("policy", short_help="The execution role's policy that a lab's function needs.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--observed", is_flag=True, help="From the calls that the function makes in the lab's suite.")
@click.option("--code", type=click.Path(path_type=Path), metavar="PATH", help="Observe this folder, .py file or .zip.")
@click.option("--solution", is_flag=True, help="Observe the reference solution.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, observed: bool, code: Path | None, solution: bool) -> None:
    """Print a policy for the execution role of LAB's function: its log, and the services that the lab names.

    With --observed, only what the function really did in the lab's suite, on the resources that it touched.
    """
    from workbook.deploy.policy import grant_observed, grant_usual

    lab = workspace.find(name)
    settings = lab.manifest.function
    if not observed:
        if code or solution:
            raise click.UsageError("--code and --solution say what to observe: add --observed.")
        document = grant_usual(settings.name, settings.services, lab.manifest.buckets)
        click.echo(f"The usual actions; narrower: {say_for(lab, 'policy', '--observed')}", err=True)
    else:
        seen = _observe(lab, _source(lab, code, solution))
        document = grant_observed(settings.name, seen.needs)
        click.echo(f"What the function used in its suite; permissions: {len(seen.needs)}", err=True)
        if seen.gap:
            click.echo(f"Not the whole of it: {seen.gap}.", err=True)
    click.echo(json.dumps(document, indent=2))


def _source(lab: Lab, code: Path | None, solution: bool) -> Path | None:
    if code and not code.exists():
        raise click.UsageError(f"--code {code}: there is no such file or folder.")
    if solution and lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    return lab.solution if solution else code


def _observe(lab: Lab, source: Path | None) -> "Observation":
    from workbook.deploy.aws.place import Place
    from workbook.deploy.observation import Unobserved, observe

    try:
        return observe(lab, source or lab.folder, Place(ACCOUNT, REGION), {})
    except Unobserved as error:
        raise Stop(f"{lab.id} cannot be observed: {error}", Exit.FAILED) from error
