"""A class's results in a terminal: a row for each submission, then what most of them have in common."""

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbook.reports.inert import one_line
from workbook.reports.page import WORDS
from workbook.reports.tally import Tally
from workbook.reports.terminal import console

STYLES = {"passed": "green", "failed": "red", "timeout": "red", "rejected": "yellow", "not_judged": "yellow"}
FEW = 5
ID_WIDTH = 46
FILE_WIDTH = 160
GAP = 2  # between two columns

_NUMBERED = re.compile(r"^([0-9]{2})_\w+?( late)?$")

Line = tuple[str, str, str, int | None, int]  # id, name, status, score, of how many


def console_for(is_file: bool) -> Console:
    """The terminal's; for a file one that keeps what is printed, plain and wide enough."""
    return Console(file=io.StringIO(), width=FILE_WIDTH, highlight=False) if is_file else console()


def text_of(to: Console) -> str:
    """What was printed to a file's console."""
    assert isinstance(to.file, io.StringIO)
    return "\n".join(line.rstrip() for line in to.file.getvalue().split("\n"))


def print_class(lab: str, lines: Iterable[Line], tally: Tally, to: Console, *, named: bool) -> None:
    """One lab; `named`: with a column for names."""
    table = _table(one_line(lab))
    table.add_column("submission", max_width=ID_WIDTH, no_wrap=True, overflow="ellipsis")
    if named:
        table.add_column("name", no_wrap=True, overflow="ellipsis")
    table.add_column("mark", justify="right", no_wrap=True)
    table.add_column("result", no_wrap=True)
    for student, name, status, score, most in lines:
        mark = f"{'-' if score is None else score}/{most}"
        names = [Text(one_line(name))] if named else []
        word = Text(WORDS.get(status, status), STYLES.get(status, "dim"))
        table.add_row(Text(one_line(student)), *names, "" if status == "missing" else mark, word)
    to.print(table)
    counts = [(tally.statuses[status], word) for status, word in WORDS.items()]
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    to.print(Text(f"\n{tally.submissions} submissions: {told}. Median {tally.median}, mean {tally.mean}.", "bold"))
    _print_list("Failed most", [(check.failed, check.title) for check in tally.worst_checks], to)
    _print_list("Diagnosed most", [(found.submissions, found.example) for found in tally.diagnoses], to)
    to.print()


def print_course(header: Sequence[str], rows: Iterable[Sequence[Any]], to: Console, *, own: int) -> None:
    """The course table. A lab stands there by its number, as nine have to find room; of the first `own` columns, which
    the class list gave, all but the first are left out where they have none."""
    names = [_NUMBERED.sub(r"\1\2", one_line(name)) for name in header]
    lines = [["" if cell is None else one_line(str(cell)) for cell in row] for row in rows]
    width = sum(max(cell_len(cell) for cell in column) + GAP for column in zip(names, *lines, strict=True)) - GAP
    left_out = range(1, own) if width > to.width else range(0)
    table = _table("")
    for place, name in enumerate(names):
        if place not in left_out:
            table.add_column(Text(name), overflow="fold")
    for line in lines:
        table.add_row(*(Text(cell) for place, cell in enumerate(line) if place not in left_out))
    to.print(table)
    if left_out:
        told = f"Without {', '.join(names[place] for place in left_out)}: a CSV has them (--output marks.csv)."
        to.print(Text(told, style="dim"))


def _table(title: str) -> Table:
    return Table(title=Text(title, "bold") if title else None, title_justify="left", box=None, pad_edge=False)


def _print_list(label: str, counted: Sequence[tuple[int, str]], to: Console) -> None:
    if counted:
        to.print(f"\n{label}:")
    for count, words in counted[:FEW]:
        to.print(Text(f"{count:>5}  {one_line(words)}"), no_wrap=True, overflow="ellipsis")
