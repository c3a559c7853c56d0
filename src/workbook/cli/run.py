"""`lab run`: any script, with a lab's variables and the local cloud."""

import os
import subprocess
import sys
from pathlib import Path

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace
from workbook.course.labs import Lab


@click.command(
    "run",
    short_help="Run a script with a lab's variables and the local cloud.",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("name", metavar="LAB")
@click.argument("script", type=click.Path(path_type=Path))
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(workspace: Workspace, name: str, script: Path, arguments: tuple[str, ...]) -> int:
    """Run SCRIPT with LAB's environment variables; its AWS calls reach the local cloud, never the real one.

    `import lambda_function` in it finds the lab's code. The exit code is the script's own, and is told at the end.
    """
    lab = workspace.find(name)
    found = next((path for path in (script, lab.folder / script) if path.is_file()), None)
    if found is None:
        raise Stop(f"{script} is not there, neither here nor in {lab.folder}.", Exit.USAGE)
    ended = run_script(lab, found, arguments)
    how = f"exit code {ended}" if ended >= 0 else f"signal {-ended}"
    click.echo(f"{script} ended with {how}", err=True)
    return ended


def run_script(lab: Lab, script: Path, arguments: tuple[str, ...]) -> int:
    """Run the script in a process of its own, the lab's world about it; returns its exit code."""
    from workbook.bench import Bench

    with Bench(lab) as bench:
        if "lambda" in lab.manifest.function.services:
            bench.deploy()
        bench.cloud.gate.open()
        try:
            return subprocess.run(
                [sys.executable, "-X", "utf8", str(script), *arguments],
                env=_environment(bench.environment, lab, bench.cloud.function_endpoint),
                check=False,
            ).returncode
        except OSError as error:
            raise Stop(f"{script} cannot be run: {error}", Exit.ENVIRONMENT) from error


def _environment(variables: dict[str, str], lab: Lab, endpoint: str) -> dict[str, str]:
    """The user's own environment without any of its AWS settings, and the lab's laid over it."""
    from workbook.runtime.variables import FAKE_CREDENTIALS, REGION

    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith("AWS_")}
    return {
        **kept,
        **FAKE_CREDENTIALS,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_LAMBDA_FUNCTION_NAME": lab.manifest.function.name,
        "PYTHONPATH": str(lab.folder),
        "PYTHONDONTWRITEBYTECODE": "1",
        **variables,
    }
