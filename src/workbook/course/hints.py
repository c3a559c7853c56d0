"""Which hint comes next: for the first task that failed in the lab's last check, each text once."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbook.course.manifest import Task
from workbook.course.progress import LabProgress


@dataclass(frozen=True)
class Hint:
    """One of the task's hints; `level` counts from 1."""

    task: Task
    level: int

    @property
    def text(self) -> str:
        return self.task.hints[self.level - 1]

    @property
    def is_last(self) -> bool:
        return self.level == len(self.task.hints)


def failing_task(tasks: Sequence[Task], known: LabProgress) -> Task | None:
    """The first task that the last check did not pass; None when it passed them all."""
    return next((task for task in tasks if task.number not in known.tasks), None)


def seen_hints(task: Task, known: LabProgress) -> list[Hint]:
    """The task's hints that were used, in their order."""
    return [Hint(task, level) for level in range(1, min(known.hints.get(task.number, 0), len(task.hints)) + 1)]


def next_hint(task: Task, known: LabProgress) -> Hint | None:
    """The task's first hint that was not used yet; None when it has no more."""
    used = known.hints.get(task.number, 0)
    return Hint(task, used + 1) if used < len(task.hints) else None
