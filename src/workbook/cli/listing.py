"""`lab list`, and `lab` alone: the labs, how far one is, and what to type next."""

from typing import Any

import click

from workbook.cli.workspace import Workspace, say, say_for, shorten
from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError
from workbook.course.progress import Progress, next_step, read


@click.command("list", short_help="The labs, and how far you are in each.")
@click.pass_obj
def command(workspace: Workspace) -> None:
    """The labs of the course, with their minutes and how far you are in each."""
    progress = read(workspace.course.root)
    if progress.notice:
        click.echo(progress.notice, err=True)
    for lab in workspace.course.labs:
        click.echo(describe_lab(lab, progress))
    click.echo()
    click.echo(f"Next: {next_words(workspace, progress)}")


def show_next_step(workspace: Workspace) -> None:
    """What `lab` alone says: where am I, what next."""
    progress = read(workspace.course.root)
    if progress.notice:
        click.echo(progress.notice, err=True)
    labs = workspace.course.labs
    done = sum(1 for lab in labs if _is_done(lab, progress))
    if labs and labs[0].alone:
        click.echo(f"Lambda Workbook: {labs[0].id}, a function of your own.")
    else:
        click.echo(f"Lambda Workbook: {done} of {len(labs)} {'lab' if len(labs) == 1 else 'labs'} done.")
    click.echo(f"Next: {next_words(workspace, progress)}")
    click.echo()
    click.echo(f"All labs: {say('list')}     All verbs: {say('--help')}")


def next_command(workspace: Workspace, lab: Lab, document: dict[str, Any]) -> str:
    """After a check of one's own code: the next thing to do, and what to type."""
    failing = [check for check in document["checks"] if check["status"] != "passed"]
    if document["status"] == "rejected" or failing:
        task = failing[0]["task"] if failing else 1
        file = next((found.file for found in lab.manifest.tasks if found.number == task), lab.manifest.files[0])
        place = shorten(lab.folder / file)
        again = f"Next: task {task} in {place}, then {say_for(lab, 'check')}"
        return f"{again}\nStuck? {say_for(lab, 'hint', f'--task {task}')}" if failing else again
    return f"Next: {next_words(workspace, read(workspace.course.root))}"


def next_words(workspace: Workspace, progress: Progress) -> str:
    """The next thing to do in the course, and what to type; every verb for students ends with it."""
    if not workspace.course.labs:
        return "this course has no lab yet."
    step = next_step(workspace.course, progress)
    lab = step.lab
    if workspace.course.labs[0].alone:
        return _next_words_alone(workspace.course.labs[0], is_done=step.done)
    if step.done or lab is None:
        return f"every lab is done. Look at any of them again: {say('list')}"
    readme = shorten(lab.folder / "README.md")
    try:
        title = lab.manifest.title
    except ManifestError as error:
        return str(error)
    if step.task is None and progress.lab(lab.id).tasks:
        return f"every task of lab {lab.number}, {title}, has passed by itself. All together: {say_for(lab, 'check')}"
    if step.task is None or lab.id not in progress.labs:
        return f"lab {lab.number}, {title}. Read {readme}, then {say_for(lab, 'check')}"
    task = lab.manifest.tasks[step.task - 1]
    return f"lab {lab.number}, task {step.task}: {task.title}. {say_for(lab, 'check', f'--task {step.task}')}"


def _next_words_alone(lab: Lab, *, is_done: bool) -> str:
    if is_done:
        return f"every test passes. Build the zip for Lambda: {say('package')}"
    return f"edit {shorten(lab.folder / lab.manifest.files[0])}, then {say('check')}"


def describe_lab(lab: Lab, progress: Progress) -> str:
    """The lab's line in a list: its number, title, minutes, and how far one is."""
    try:
        manifest = lab.manifest
    except ManifestError as error:
        return f"{lab.number:02}  {lab.id}: {error}"
    return f"{lab.number:02}  {manifest.title:<30}  {manifest.minutes:>3} min  {_state(lab, progress)}"


def _state(lab: Lab, progress: Progress) -> str:
    if _is_done(lab, progress):
        return "done"
    state = progress.labs.get(lab.id)
    if state is None:
        return "not begun"
    return f"{len(state.tasks)} of {len(lab.manifest.tasks)} tasks"


def _is_done(lab: Lab, progress: Progress) -> bool:
    return progress.lab(lab.id).is_full
