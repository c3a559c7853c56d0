"""`lab hint`: the next hint for the task that fails now."""

import shutil
import textwrap
from collections.abc import Sequence

import click

from workbook.cli.listing import next_words
from workbook.cli.workspace import Workspace, say_for, shorten
from workbook.course.hints import Hint, failing_task, next_hint, seen_hints
from workbook.course.labs import Lab
from workbook.course.manifest import Task
from workbook.course.progress import read, use_hint, write
from workbook.reports.inert import inert

WIDTH = 80


@click.command("hint", short_help="The next hint for the task that fails now.")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--task", "number", type=click.IntRange(1), help="A hint for this task instead.")
@click.option("--seen", is_flag=True, help="The hints that were shown already, once more; none is used up.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, number: int | None, seen: bool) -> None:
    """Show the next hint for the first task of LAB that failed in its last check.

    A task has up to three: a nudge, the idea and where to read about it, and nearly the line. Each call shows one.
    """
    lab = workspace.find(name)
    tasks = lab.manifest.tasks
    if number and number > len(tasks):
        raise click.UsageError(f"{lab.id} has {len(tasks)} tasks, none is number {number}.")
    progress = read(workspace.course.root)
    if progress.notice:
        click.echo(progress.notice, err=True)
    known = progress.lab(lab.id)
    if number is None and not known.attempts:
        click.echo(_ask_for_a_check(lab))
        return
    task = tasks[number - 1] if number else failing_task(tasks, known)
    if task is None:
        click.echo(f"{lab.name}, {inert(lab.manifest.title)}: every task passes, so there is nothing to hint at.")
        click.echo(f"Next: {next_words(workspace, progress)}")
        return
    click.echo(f"{lab.name}, task {task.number}: {inert(task.title)}")
    if seen:
        click.echo(_show_seen(lab, task, seen_hints(task, known)))
        return
    hint = next_hint(task, known)
    if hint is None:
        click.echo(_end_of_hints(lab, task))
        return
    click.echo(_show_hint(lab, hint))
    if notice := write(workspace.course.root, use_hint(progress, lab.id, task.number)):
        click.echo(notice, err=True)


def _ask_for_a_check(lab: Lab) -> str:
    return (
        f"{lab.name} has not been checked yet, so nobody knows which task needs a hint.\n"
        f"Next: {say_for(lab, 'check')} (a hint without it: {say_for(lab, 'hint', '--task 1')})"
    )


def _end_of_hints(lab: Lab, task: Task) -> str:
    count = len(task.hints)
    again = say_for(lab, "hint", f"--task {task.number} --seen")
    words = f"You have seen all {count} of its hints; to read them again: {again}." if count else "It has no hints."
    return (
        f"{words}\nNext: read Task {task.number} in {shorten(lab.folder / 'README.md')} once more, "
        f"then {_verdict(lab, task)}"
    )


def _show_hint(lab: Lab, hint: Hint) -> str:
    task = hint.task
    another = f"another hint: {say_for(lab, 'hint', f'--task {task.number}')}"
    return (
        f"Hint {hint.level} of {len(task.hints)}\n\n{_wrap(inert(hint.text))}\n\n"
        f"Next: try it, then {_verdict(lab, task)}; {'that was the last hint' if hint.is_last else another}"
    )


def _show_seen(lab: Lab, task: Task, hints: Sequence[Hint]) -> str:
    if not hints:
        return f"None of its hints was shown yet. The first one: {say_for(lab, 'hint', f'--task {task.number}')}"
    return "\n\n".join(f"Hint {hint.level} of {len(task.hints)}\n\n{_wrap(inert(hint.text))}" for hint in hints)


def _verdict(lab: Lab, task: Task) -> str:
    return say_for(lab, "check", f"--task {task.number}")


def _wrap(text: str) -> str:
    columns = max(40, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))
    lines = [
        textwrap.fill(
            line,
            columns,
            initial_indent="  ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    ]
    return "\n".join(lines)
