"""`lab verify`: the deployment checklist, gone through by machine."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.deploy import find_source, open_account, stop
from workbook.cli.exits import Exit
from workbook.cli.workspace import Workspace, shorten
from workbook.course.labs import Lab, UnknownLab

if TYPE_CHECKING:
    from workbook.deploy.aws.account import Account
    from workbook.deploy.observation import Observation


@click.command("verify", short_help="The deployment checklist, against what is in your AWS account.")
@click.argument("name", metavar="[LAB|FUNCTION]", required=False)
@click.option("--code", type=click.Path(path_type=Path), metavar="DIR", help="Hold it against this folder.")
@click.option("--solution", is_flag=True, help="Hold it against the reference solution.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, code: Path | None, solution: bool) -> int:
    """Go through the deployment checklist for LAB's function, or for a FUNCTION of another name, in your AWS account.

    Nothing is changed. What the role must allow is what the function calls in the lab's suite, which is run here.
    Exit code 0: nothing is wrong; 1: something is; 3: AWS cannot be used.
    """
    from workbook.deploy.aws.trouble import Trouble
    from workbook.deploy.checklist import Verdict
    from workbook.deploy.retrieval import fetch
    from workbook.deploy.verification import Expected, verify
    from workbook.reports.deployment import ChecklistReport

    try:
        account = open_account()
        lab, function = _find(workspace, name, account)
        source = find_source(lab, code, solution)
        settings = lab.manifest.function
        variables = (*settings.environment, *(("API_URL",) if lab.manifest.api_responses else ()))
        report = ChecklistReport(function, lab.heading, account.place.region)
        expected = Expected(
            function,
            tuple(dict.fromkeys(variables)),
            settings.schedule,
            partial(_build, lab, source),
            partial(_observe, lab, function, source, account),
        )
        verdicts = []
        for item in verify(expected, account, date.today(), fetch):
            report.show(item.to_dict())
            verdicts.append(item.verdict)
    except Trouble as trouble:
        stop(trouble)
    report.close()
    return Exit.FAILED if Verdict.BROKEN in verdicts else Exit.DONE


def _find(workspace: Workspace, name: str | None, account: "Account") -> tuple[Lab, str]:
    """The lab and its function's name; for a function of any name, the lab that its tag names, else the current."""
    from workbook.deploy.aws.account import TAG
    from workbook.deploy.aws.trouble import Kind, Trouble

    try:
        lab = workspace.find(name)
        return lab, lab.manifest.function.name
    except UnknownLab:
        assert name
    try:
        found = account.find("lambda", "get_function", FunctionName=name) or {}
    except Trouble as trouble:
        if trouble.kind is Kind.ACCOUNT:
            raise
        found = {}
    mark = found.get("Tags", {}).get(TAG)
    lab = next((lab for lab in workspace.course.labs if lab.id == mark), None) or workspace.current()
    return lab, name


def _build(lab: Lab, source: Path) -> bytes | None:
    """The zip that the folder gives now; None when it gives none."""
    from workbook.deploy.assembly import build_package
    from workbook.deploy.package import PackageError, Unreachable

    try:
        return build_package(lab, source).content
    except (PackageError, Unreachable) as error:
        click.echo(f"{shorten(source)} gives no package to compare with: {error}", err=True)
        return None


def _observe(lab: Lab, function: str, source: Path, account: "Account") -> "Observation | str":
    from workbook.deploy.assembly import recall_buckets
    from workbook.deploy.deployment import rename_buckets
    from workbook.deploy.observation import Unobserved, observe

    click.echo(f"Running the suite of {lab.id} here, to see what the function calls.", err=True)
    try:
        buckets = rename_buckets(lab.manifest, recall_buckets(lab, function, account))
        return observe(lab, source, account.place, buckets)
    except Unobserved as error:
        return str(error)
