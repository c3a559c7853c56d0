"""`lab doctor`: is everything here that the workbook needs, and what to do if not."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit
from workbook.cli.workspace import REPOSITORY, Workspace
from workbook.course.labs import Course, NoCourse
from workbook.reports.inert import inert

if TYPE_CHECKING:
    from workbook.doctor import Finding

WIDTH = 80
INDENT = 23


@click.command("doctor", short_help="Is everything here that the workbook needs?")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(workspace: Workspace, as_json: bool) -> int:
    """Look at all that the workbook stands on, and say for each problem what to do about it.

    Nothing is installed or mended. Exit code 0: nothing stands in the way, warnings or not; 3: there is a problem.
    """
    from workbook.doctor import Status, Surroundings, examine

    findings = examine(
        Surroundings(
            repository=REPOSITORY,
            course=_find_course(workspace),
            home=Path(os.path.expanduser("~")),
            encoding=sys.stdout.encoding or "unknown",
            variables=os.environ,
        )
    )
    found = list(findings) if as_json else list(_print_each(findings))
    problems = sum(finding.status is Status.PROBLEM for finding in found)
    warnings = sum(finding.status is Status.WARNING for finding in found)
    if as_json:
        click.echo(json.dumps({"schema": 1, "findings": [finding.to_dict() for finding in found]}))
    else:
        click.echo(_summary(problems, warnings))
    return Exit.ENVIRONMENT if problems else Exit.DONE


def _find_course(workspace: Workspace) -> Course | None:
    try:
        return workspace.course
    except (NoCourse, OSError):  # OSError: the current folder was removed
        return None


def _print_each(findings: "Iterable[Finding]") -> "Iterable[Finding]":
    for finding in findings:
        head = f"{finding.status.value:<9}{finding.name:<13} "
        click.echo(_hang(head, finding.message))
        if finding.cure:
            click.echo(_hang(" " * INDENT, finding.cure))
        yield finding


def _hang(head: str, text: str) -> str:
    columns = max(60, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))
    return textwrap.fill(
        inert(text),
        columns,
        initial_indent=head,
        subsequent_indent=" " * INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _summary(problems: int, warnings: int) -> str:
    if not problems and not warnings:
        return "\nNothing stands in the way."
    parts = [_count(problems, "problem"), _count(warnings, "warning")]
    return f"\n{' and '.join(part for part in parts if part)}. What to do stands below each."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number > 1 else ''}" if number else ""
