"""`lab policy`: the execution role's policy that a lab's function needs."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.cloud import Call

OWN_BUCKET = re.compile(r"readings-[0-9a-f]{8}")  # the fixture `bucket` makes one for each check


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
        click.echo(f"The usual actions; narrower: {say(f'policy {lab.number} --observed')}", err=True)
    else:
        calls = _observe(lab, _source(lab, code, solution))
        from workbook.cloud.permissions import find_needs

        needs = [need for call in calls for need in find_needs(call.service, call.operation, call.parameters)]
        document = grant_observed(settings.name, needs, _renamed(lab, calls))
        click.echo(f"From {len(calls)} calls that succeeded.", err=True)
    click.echo(json.dumps(document, indent=2))


def _source(lab: Lab, code: Path | None, solution: bool) -> Path | None:
    if code and not code.exists():
        raise click.UsageError(f"--code {code}: there is no such file or folder.")
    if solution and lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    return lab.solution if solution else code


def _observe(lab: Lab, source: Path | None) -> "list[Call]":
    """The calls of a whole run of the suite that AWS answered without an error."""
    from workbook.bench import BenchError
    from workbook.grading.judge import grade

    calls: list[Call] = []
    try:
        result = grade(lab, source, on_calls=calls.extend)
    except BenchError as error:
        raise Stop(str(error), Exit.BENCH) from error
    if result.rejected is not None:
        raise Stop(result.rejected, Exit.FAILED)
    if result.status != "passed":
        click.echo(f"Not every check passed ({result.score} of {result.max_score}): more may be needed.", err=True)
    return [call for call in calls if call.error is None]


def _renamed(lab: Lab, calls: "list[Call]") -> dict[str, str]:
    """The checks' own buckets, each as the bucket that the manifest gives the function."""
    own = lab.manifest.function.environment.get("BUCKET_NAME")
    buckets = {str(call.parameters.get("Bucket")) for call in calls}
    return {bucket: own for bucket in buckets if own and OWN_BUCKET.fullmatch(bucket)}
