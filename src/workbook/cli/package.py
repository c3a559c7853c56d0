"""`lab package`: the zip that one uploads, built or judged."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for, shorten
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.deploy.package.expectation import Expectation
    from workbook.deploy.package.inspection import Inspection
    from workbook.deploy.package.target import Target
    from workbook.deploy.package.trial import Trial

NAME = "lambda_deploy.zip"


@click.command("package", short_help="Build the zip to upload, or judge one.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--code", type=click.Path(path_type=Path), metavar="DIR", help="Pack this folder or .py file.")
@click.option("--solution", is_flag=True, help="Pack the reference solution.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help=f"Write here, not to the lab's {NAME}.")
@click.option("--runtime", metavar="R", help="For this runtime, such as python3.13, not the lab's.")
@click.option("--arch", metavar="A", help="For this architecture, x86_64 or arm64, not the lab's.")
@click.option("--all", "every", is_flag=True, help="Every lab of the course.")
@click.option("--check", type=click.Path(path_type=Path), metavar="FILE", help="Build nothing: judge this zip.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    workspace: Workspace,
    name: str | None,
    code: Path | None,
    solution: bool,
    output: Path | None,
    runtime: str | None,
    arch: str | None,
    every: bool,
    check: Path | None,
    as_json: bool,
) -> int:
    """Build LAB's deployment package for Lambda from any computer, or judge one that you made by hand.

    It holds your code and what requirements.txt names, for the runtime and architecture of the lab's manifest.
    Exit code 0: it is ready to upload; 1: refused, or something is wrong with it; 3: it needs the network.
    """
    if every and (name or code or output or check):
        raise click.UsageError("--all builds every lab's package: leave out the lab, --code, --output and --check.")
    if solution and code:
        raise click.UsageError("--solution and --code name two codes: give one.")
    if check and output:
        raise click.UsageError("--check builds nothing, so there is nothing to write to --output.")
    labs = list(workspace.course.labs) if every else [workspace.find(name)]
    documents = []
    for lab in labs:
        target = _target(lab, runtime, arch)
        source = _source(lab, code, solution)
        document = _check(lab, source, target, check) if check else _build(lab, source, target, output)
        documents.append(document)
        if not as_json:
            _show(lab, document, brief=every)
    if as_json:
        click.echo(json.dumps({"schema": 1, "packages": documents}))
    return Exit.DONE if all(document["status"] in ("built", "sound") for document in documents) else Exit.FAILED


def _show(lab: Lab, document: dict[str, Any], *, brief: bool) -> None:
    from workbook.reports.package import print_line, print_package

    if brief:
        print_line(document)
    else:
        print_package(document, _next_step(lab, document))


def _next_step(lab: Lab, document: dict[str, Any]) -> str:
    if document["run"] and document["run"]["outcome"] == "started":
        return say_for(lab, "invoke", f"--code {document['path']}")
    return f"{say_for(lab, 'check')}, then the steps above"


def _target(lab: Lab, runtime: str | None, arch: str | None) -> "Target":
    from workbook.deploy.package.target import Target, UnknownTarget

    settings = lab.manifest.function
    try:
        return Target(runtime or settings.runtime, arch or settings.architecture)
    except UnknownTarget as error:
        raise click.UsageError(str(error)) from error


def _source(lab: Lab, code: Path | None, solution: bool) -> Path:
    if code and not code.exists():
        raise click.UsageError(f"--code {code}: there is no such file or folder.")
    if solution:
        if lab.solution is None:
            raise Stop(f"solutions/{lab.id} is not here: this edition has none.", Exit.ENVIRONMENT)
        return lab.solution
    return code or lab.folder


def _build(lab: Lab, source: Path, target: "Target", output: Path | None) -> dict[str, Any]:
    from workbook.deploy.package import PackageError, Unreachable, build
    from workbook.deploy.package.recipe import find_requirements, find_wheels, name_settings

    path = output or lab.folder / NAME
    if path.is_dir():
        raise click.UsageError(f"--output {path} is a folder: name a file in it.")
    facts = _facts(lab, path, target)
    try:
        package = build(
            source,
            target,
            handler=lab.manifest.function.handler,
            requirements=find_requirements(lab, source),
            wheels=find_wheels(lab),
            settings=name_settings(lab),
        )
        package.write(path)
    except PackageError as error:
        return facts | {
            "status": "refused",
            "message": str(error),
            "findings": [one.to_dict() for one in error.findings],
        }
    except Unreachable as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error
    except OSError as error:
        raise Stop(f"{path} cannot be written: {error.strerror}.", Exit.ENVIRONMENT) from error
    trial = _try(lab, lambda: package.bundle.files, package.inspection, package.expected)
    return (
        facts
        | _measure(package.inspection, trial)
        | {
            "status": "built" if trial.outcome != "failed" else "faulty",
            "sha256": package.sha256,
            "digest": package.digest,
            "left_out": [one.to_dict() for one in package.left_out],
            "warnings": list(package.warnings),
        }
    )


def _check(lab: Lab, source: Path, target: "Target", path: Path) -> dict[str, Any]:
    from workbook.deploy.package import read_code
    from workbook.deploy.package.archive import Archive, ArchiveRefused
    from workbook.deploy.package.expectation import Expectation
    from workbook.deploy.package.inspection import inspect
    from workbook.deploy.package.recipe import find_requirements, name_settings
    from workbook.deploy.package.requirement import RequirementsError, read_requirements
    from workbook.runtime import CodeError

    if not path.exists() and (lab.folder / path).is_file():
        path = lab.folder / path
    if not path.exists():
        raise click.UsageError(f"--check {path}: there is no such file.")
    facts = _facts(lab, path, target)
    recipe, handler = find_requirements(lab, source), lab.manifest.function.handler
    try:
        expected = Expectation(
            target=target,
            handler=handler,
            code=read_code(source, name_settings(lab), handler),
            requirements=read_requirements(recipe, target) if recipe.is_file() else (),
        )
        with Archive(path) as archive:
            inspection = inspect(archive, expected)
            trial = _try(lab, archive.read_all, inspection, expected)
    except (ArchiveRefused, CodeError, RequirementsError) as error:
        return facts | {"status": "refused", "message": str(error)}
    is_sound = not inspection.problems and trial.outcome != "failed"
    return facts | _measure(inspection, trial) | {"status": "sound" if is_sound else "faulty"}


def _try(
    lab: Lab, read: Callable[[], Mapping[str, bytes]], inspection: "Inspection", expected: "Expectation"
) -> "Trial":
    from workbook.cli.event import read_event
    from workbook.deploy.package.trial import Circumstances, run
    from workbook.runtime.variables import NOWHERE

    settings = lab.manifest.function
    api = {"API_URL": NOWHERE} if lab.manifest.api_responses else {}
    _, event = read_event(lab, None)
    return run(read, inspection, expected, Circumstances({**settings.environment, **api}, settings.memory, event))


def _facts(lab: Lab, path: Path, target: "Target") -> dict[str, Any]:
    """What a document holds before anything was read; the rest says "nothing known"."""
    from workbook.course.facts import limits

    bounds = limits()
    return {
        "lab": lab.id,
        "path": shorten(path.absolute()),
        "status": None,
        "message": None,
        "handler": lab.manifest.function.handler,
        "runtime": target.runtime,
        "architecture": target.architecture,
        "sha256": None,
        "digest": None,
        "files": None,
        "zipped_bytes": None,
        "unzipped_bytes": None,
        "limits": {
            "zipped_bytes": bounds.zip_upload_bytes,
            "unzipped_bytes": bounds.unzipped_bytes,
            "console_editor_bytes": bounds.console_editor_bytes,
        },
        "parts": [],
        "left_out": [],
        "warnings": [],
        "findings": [],
        "run": None,
    }


def _measure(inspection: "Inspection", trial: "Trial") -> dict[str, Any]:
    return {
        "files": inspection.files,
        "zipped_bytes": inspection.zipped,
        "unzipped_bytes": inspection.unzipped,
        "parts": [
            {"name": part.name, "zipped_bytes": part.zipped, "unzipped_bytes": part.unzipped}
            for part in inspection.parts
        ],
        "findings": [found.to_dict() for found in inspection.findings],
        "run": trial.to_dict(),
    }
