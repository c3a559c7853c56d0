"""What `lab prove --mutants` shows: how far it is, and which mutants survive."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def showing_progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """A line on stderr: how many of how many are done, and how long the rest takes. Without a terminal, none."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from workbook.reports.terminal import console

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    to = console(stderr=True)
    with Progress(*columns, console=to, transient=True, disable=not to.is_terminal) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_survivors(survivors: Sequence[dict[str, Any]], to: "Console") -> None:
    """Each survivor with the slip that made it, as design.md would list it."""
    from workbook.reports.inert import inert

    for mutant in survivors:
        to.print(f"  line {mutant['line']}: {inert(mutant['meaning'])}", style="yellow", markup=False, soft_wrap=True)
        to.print(inert(mutant["listing"]), markup=False, soft_wrap=True)
