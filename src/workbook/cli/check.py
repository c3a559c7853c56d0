"""`lab check`: judge code by a lab's checks."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say_for, shorten
from workbook.course.labs import Lab

if TYPE_CHECKING:
    from workbook.grading.document import Result
    from workbook.reports.terminal import LiveReport


@click.command("check", short_help="Judge your code by a lab's checks.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--task", "tasks", type=click.IntRange(1), multiple=True, help="Only this task's checks.")
@click.option("--code", type=click.Path(path_type=Path), metavar="PATH", help="Judge this folder, .py file or .zip.")
@click.option("--solution", is_flag=True, help="Judge the reference solution.")
@click.option("--all", "every", is_flag=True, help="Every lab of the course.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    workspace: Workspace,
    name: str | None,
    tasks: tuple[int, ...],
    code: Path | None,
    solution: bool,
    every: bool,
    as_json: bool,
) -> int:
    """Judge your code in LAB by its public checks, under Lambda's rules.

    LAB is a number (3), a folder or part of its name; without it, the current lab. Exit code 0: all passed;
    1: a check failed; 4: the bench itself broke.
    """
    if every and (name or code):
        raise click.UsageError("--all takes every lab: leave out the lab and --code.")
    if solution and code:
        raise click.UsageError("--solution and --code name two codes to judge: give one.")
    labs = list(workspace.course.labs) if every else [workspace.find(name)]
    if not labs:
        raise Stop(f"{workspace.course.root / 'labs'} holds no lab.", Exit.USAGE)
    results = []
    for lab in labs:
        _refuse_unknown_tasks(lab, tasks)
        source = _source(lab, code, solution)
        result = _judge(lab, source, tasks, silent=as_json)
        results.append(result.to_dict())
        if source is None:
            _remember(workspace, results[-1], tasks, silent=as_json)
        if not as_json:
            _close(workspace, lab, results[-1], own=source is None)
    if as_json:
        click.echo(json.dumps({"schema": 1, "results": results}))
    elif len(results) > 1:
        from workbook.reports.terminal import print_totals

        print_totals(results)
    return _exit_code(results)


def _source(lab: Lab, code: Path | None, solution: bool) -> Path | None:
    if code and not code.exists():
        raise click.UsageError(f"--code {code}: there is no such file or folder.")
    if not solution:
        return code
    if lab.solution is None:
        yours = say_for(lab, "check")
        raise Stop(f"solutions/{lab.id} is not here: this edition has none. Your code: {yours}", Exit.ENVIRONMENT)
    return lab.solution


def _refuse_unknown_tasks(lab: Lab, tasks: tuple[int, ...]) -> None:
    known = len(lab.manifest.tasks)
    for task in tasks:
        if task > known:
            raise click.UsageError(f"{lab.id} has {known} tasks, none is number {task}.")


def _judge(lab: Lab, source: Path | None, tasks: tuple[int, ...], *, silent: bool) -> "Result":
    from workbook.bench import BenchError

    live = None if silent else _open_report(lab, source, in_full=bool(tasks))
    from workbook.grading.judge import grade

    try:
        return grade(
            lab,
            source,
            tasks=tasks,
            on_check=live.show_check if live else lambda _: None,
            on_start=live.start if live else lambda _: None,
        )
    except BenchError as error:
        raise Stop(str(error), Exit.BENCH) from error
    finally:
        if live:
            live.stop()


def _open_report(lab: Lab, source: Path | None, *, in_full: bool) -> "LiveReport":
    from workbook.reports.terminal import LiveReport

    titles = {task.number: task.title for task in lab.manifest.tasks}
    files = lab.manifest.files
    judged = shorten(source or (lab.folder / files[0] if len(files) == 1 else lab.folder))
    return LiveReport(lab.heading, judged, titles, in_full=in_full)


def _remember(workspace: Workspace, document: dict[str, Any], tasks: tuple[int, ...], *, silent: bool) -> None:
    from datetime import date

    from workbook.course.progress import read, record_result, write

    root = workspace.course.root
    before = read(root)
    notice = write(root, record_result(before, document, date.today(), tasks=tasks)) or before.notice
    if notice and not silent:
        click.echo(notice, err=True)


def _close(workspace: Workspace, lab: Lab, document: dict[str, Any], *, own: bool) -> None:
    from workbook.reports.terminal import print_summary

    print_summary(document)
    if own:
        from workbook.cli.listing import next_command

        click.echo(next_command(workspace, lab, document))
    click.echo()


def _exit_code(results: list[dict[str, Any]]) -> Exit:
    statuses = {result["status"] for result in results}
    if "not_judged" in statuses:
        return Exit.BENCH
    return Exit.DONE if statuses == {"passed"} else Exit.FAILED
