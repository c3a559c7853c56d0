"""`lab progress`: what one has passed, lab by lab, and what is next."""

import json
from dataclasses import dataclass
from typing import Any

import click

from workbook.cli.listing import next_words
from workbook.cli.workspace import Workspace
from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError
from workbook.course.progress import LabProgress, Progress, next_step, read
from workbook.reports.inert import inert


@dataclass(frozen=True)
class Row:
    """One lab and how far it has come; `problem` when its manifest cannot be used, which then has no tasks."""

    lab: Lab
    known: LabProgress
    title: str
    tasks: int
    problem: str | None = None

    @property
    def passed(self) -> list[int]:
        """The tasks that its last run passed, of those that the lab has today."""
        return [task for task in self.known.tasks if task <= self.tasks]

    @property
    def hints(self) -> int:
        return sum(self.known.hints.values())


@click.command("progress", short_help="What you have passed, lab by lab, and what is next.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(workspace: Workspace, as_json: bool) -> None:
    """For each lab: tasks passed in its last check, best score, hints used, checks, and the day of full marks."""
    progress = read(workspace.course.root)
    rows = [_row(lab, progress) for lab in workspace.course.labs]
    if as_json:
        click.echo(json.dumps(_document(workspace, progress, rows)))
        return
    if progress.notice:
        click.echo(progress.notice, err=True)
    for line in _table(rows):
        click.echo(line)
    click.echo(f"\nNext: {next_words(workspace, progress)}")


def _row(lab: Lab, progress: Progress) -> Row:
    known = progress.lab(lab.id)
    try:
        return Row(lab, known, lab.manifest.title, len(lab.manifest.tasks))
    except ManifestError as error:
        return Row(lab, known, lab.id, 0, str(error))


def _table(rows: list[Row]) -> list[str]:
    width = max((len(inert(row.title)) for row in rows), default=0)
    layout = f"{{:<{width + 4}}}  {{:>5}}  {{:>7}}  {{:>5}}  {{:>6}}  {{}}"
    lines = [layout.format("Lab", "Tasks", "Points", "Hints", "Checks", "Full marks")]
    for row in rows:
        name = f"{row.lab.number:02}  {inert(row.title)}"
        if row.problem:
            lines.append(f"{name}: {inert(row.problem)}")
            continue
        known = row.known
        tasks, points = f"{len(row.passed)}/{row.tasks}", _points(known.score, known.max_score)
        lines.append(layout.format(name, tasks, points, row.hints, known.attempts, _full_marks(known) or "-"))
    total = _total(rows)
    tasks, points = f"{total['tasks_passed']}/{total['tasks']}", _points(total["score"], total["max_score"])
    done = f"{total['labs_done']} of {total['labs']} {'lab' if total['labs'] == 1 else 'labs'}"
    return [*lines, layout.format("Total", tasks, points, total["hints"], total["attempts"], done)]


def _points(score: float, max_score: float) -> str:
    return f"{score:g}/{max_score:g}" if max_score else "-"


def _full_marks(known: LabProgress) -> str | None:
    return f"{known.completed:%Y-%m-%d}" if known.completed else None


def _total(rows: list[Row]) -> dict[str, Any]:
    """The sums; points are those of labs that were checked, since only a check tells how many a lab has."""
    return {
        "labs": len(rows),
        "labs_done": sum(row.known.is_full for row in rows),
        "tasks": sum(row.tasks for row in rows),
        "tasks_passed": sum(len(row.passed) for row in rows),
        "score": sum(row.known.score for row in rows),
        "max_score": sum(row.known.max_score for row in rows),
        "hints": sum(row.hints for row in rows),
        "attempts": sum(row.known.attempts for row in rows),
    }


def _document(workspace: Workspace, progress: Progress, rows: list[Row]) -> dict[str, Any]:
    step = next_step(workspace.course, progress)
    return {
        "schema": 1,
        "labs": [_entry(row) for row in rows],
        "total": _total(rows),
        "next": {"lab": step.lab.id if step.lab else None, "task": step.task, "done": step.done},
        "notice": progress.notice,
    }


def _entry(row: Row) -> dict[str, Any]:
    known = row.known
    return {
        "lab": row.lab.id,
        "title": row.title,
        "tasks": row.tasks,
        "tasks_passed": row.passed,
        "score": known.score,
        "max_score": known.max_score,
        "hints": {str(task): count for task, count in known.hints.items()},
        "attempts": known.attempts,
        "completed": _full_marks(known),
        "problem": row.problem,
    }
