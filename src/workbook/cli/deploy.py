"""`lab deploy`: a lab's function into the student's own AWS account, or out of it again."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.deploy.aws.account import Account
    from workbook.deploy.aws.trouble import Trouble
    from workbook.deploy.deployment import Parts, Plan


@click.command("deploy", short_help="Deploy a lab's function to your own AWS account.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--env", "variables", multiple=True, metavar="K=V", help="Set a variable; K alone takes your shell's.")
@click.option("--role", metavar="ARN", help="Use this role; make none.")
@click.option("--code", type=click.Path(path_type=Path), metavar="DIR", help="Deploy this folder or .py file.")
@click.option("--solution", is_flag=True, help="Deploy the reference solution.")
@click.option("--remove", is_flag=True, help="Remove what was deployed, and nothing else.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(
    workspace: Workspace,
    name: str | None,
    variables: tuple[str, ...],
    role: str | None,
    code: Path | None,
    solution: bool,
    remove: bool,
    yes: bool,
) -> int:
    """Deploy LAB's function to the AWS account that your own AWS settings name: role, function, log, schedule.

    No lab needs it. It shows first what it would do, and asks. What it makes carries the tag workbook=LAB; what
    does not is never changed or removed. Exit code 1: refused, or something stays; 3: AWS cannot be used.
    """
    if remove and (code or solution):
        raise click.UsageError("--remove needs no code: leave out --code and --solution.")
    lab = workspace.find(name)
    source = find_source(lab, code, solution)
    given = _read_variables(variables)
    from workbook.deploy.aws.trouble import Trouble

    try:
        account = open_account()
        parts = _recall(lab, given, role, account) if remove else _assemble(lab, source, given, role, account)
        return _carry_out(lab, parts, account, remove=remove, yes=yes)
    except Trouble as trouble:
        stop(trouble)


def open_account() -> "Account":
    """The account that AWS's own settings name. Raises Trouble."""
    from workbook.deploy.aws.account import open_account

    return open_account()


def find_source(lab: Lab, code: Path | None, solution: bool) -> Path:
    if solution and code:
        raise click.UsageError("--solution and --code name two codes: give one.")
    if code and not code.exists():
        raise click.UsageError(f"--code {code}: there is no such file or folder.")
    if solution and lab.solution is None:
        raise Stop(f"solutions/{lab.id} is not here: this edition has no solutions.", Exit.ENVIRONMENT)
    return (lab.solution if solution else code) or lab.folder


def stop(trouble: "Trouble") -> NoReturn:
    """Ends the command with the trouble's words. What AWS refuses may be mended in the lab; the rest cannot be."""
    from workbook.deploy.aws.trouble import Kind
    from workbook.reports.inert import inert

    is_role = trouble.permission.startswith("iam:")
    hint = " Class accounts often forbid making roles: use the course's with --role ARN." if is_role else ""
    raise Stop(
        inert(f"{trouble}{hint}"), Exit.FAILED if trouble.kind is Kind.REFUSED else Exit.ENVIRONMENT
    ) from trouble


def _read_variables(given: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not key or (not equals and key not in os.environ):
            raise click.UsageError(
                f"--env {key}: write NAME=VALUE; NAME= leaves it out; NAME alone takes your shell's."
            )
        found[key] = (value or None) if equals else os.environ[key]
    return found


def _assemble(lab: Lab, source: Path, given: dict[str, str | None], role: str | None, account: "Account") -> "Parts":
    from workbook.deploy.assembly import AssemblyError, assemble
    from workbook.deploy.package import PackageError, Unreachable

    try:
        return assemble(lab, source, given, account, role)
    except (AssemblyError, PackageError) as error:
        raise Stop(str(error), Exit.FAILED) from error
    except Unreachable as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error


def _recall(lab: Lab, given: dict[str, str | None], role: str | None, account: "Account") -> "Parts":
    from workbook.deploy.assembly import recall_buckets
    from workbook.deploy.deployment import Parts

    named = {name: value for name, value in given.items() if value is not None}
    return Parts(variables={**recall_buckets(lab, lab.manifest.function.name, account), **named}, role=role)


def _carry_out(lab: Lab, parts: "Parts", account: "Account", *, remove: bool, yes: bool) -> int:
    from workbook.deploy.deployment import Action, design, plan, survey
    from workbook.reports.deployment import print_cost, print_plan

    wanted = design(lab.id, lab.manifest, parts, account.place)
    wanted = wanted.inverted() if remove else wanted
    found = plan(wanted, survey(wanted, account))
    print_plan(_describe(lab, found, account, remove=remove))
    if found.conflicts:
        raise Stop("Nothing was done.", Exit.FAILED)
    stays = remove and any(step.action is Action.STAY for step in found.steps)
    if not found.changes:
        click.echo("Nothing to do." if remove else "Nothing to do: everything is there, and as the lab says.")
        return Exit.FAILED if stays else Exit.DONE
    if not remove:
        print_cost(_estimate(lab))
        _warn_of_unset(lab, parts)
    if not (yes or _is_agreed(remove=remove)):
        click.echo("Nothing was done.")
        return Exit.FAILED
    _apply(found, account, remove=remove)
    if not remove:
        click.echo(f"Next: {say_for(lab, 'verify')}   To take it all back: {say_for(lab, 'deploy', '--remove')}")
    return Exit.FAILED if stays else Exit.DONE


def _describe(lab: Lab, found: "Plan", account: "Account", *, remove: bool) -> dict[str, object]:
    return {
        "lab": lab.heading,
        "function": lab.manifest.function.name,
        "account": account.place.account,
        "region": account.place.region,
        "local": not account.is_at_amazon,
        "remove": remove,
        "steps": [step.to_dict() for step in found.steps],
    }


def _estimate(lab: Lab) -> dict[str, object]:
    from dataclasses import asdict

    from workbook.course.facts import as_of
    from workbook.deploy.cost import DAYS, estimate

    cost = estimate(lab.manifest.function, datetime.now(UTC))
    return {**asdict(cost), "is_free": cost.is_free, "days": DAYS, "as_of": as_of().isoformat()}


def _warn_of_unset(lab: Lab, parts: "Parts") -> None:
    from workbook.deploy.assembly import find_unset

    for name in find_unset(lab, parts.variables):
        click.echo(f"Note: {name} is not set; on the bench the workbook sets it. Add --env {name}=VALUE.")


def _is_agreed(*, remove: bool) -> bool:
    if not sys.stdin.isatty():
        raise Stop("There is nobody here to ask. If that is what you want, add --yes.", Exit.USAGE)
    return click.confirm("Remove it?" if remove else "Do it?")


def _apply(found: "Plan", account: "Account", *, remove: bool) -> None:
    from workbook.deploy.aws.trouble import Trouble
    from workbook.deploy.deployment import apply
    from workbook.reports.deployment import print_done

    done = 0
    try:
        for step in apply(found, account):
            done += 1
            print_done(step.to_dict())
    except Trouble:
        step = found.changes[done]
        left = len(found.changes) - done
        click.echo(
            f"Stopped at the {step.resource.kind} {step.resource.name}: {done} of {done + left} steps are done. The "
            f"same command goes on from here{'' if remove else '; --remove takes back what was made'}.",
            err=True,
        )
        raise
