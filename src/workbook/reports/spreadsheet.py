"""CSV that a spreadsheet opens as it is written: RFC 4180, and no text in it is taken for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from workbook.reports.inert import one_line

# What begins a formula in some spreadsheet, at the start of a cell or after what some country's settings take for the
# border between two (OWASP, "CSV Injection"; the wide forms are those of East Asian keyboards).
_FORMULA = re.compile(r"(^|[,;|\t\r\n])(\s*)(?=[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
COLUMNS = (
    "lab", "id", "status", "score", "max_score", "public_score", "public_max_score", "hidden_score",
    "hidden_max_score", "not_passed", "seconds", "sandbox", "graded_at", "message",
)  # fmt: skip

Cell = str | int | float | None


def harmless(text: str) -> str:
    """`text` in one line, inert, with an apostrophe before whatever a spreadsheet could begin a formula at."""
    return _FORMULA.sub(r"\1\2'", one_line(text))


def to_csv(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Each row as a line that ends in CR LF; texts are made harmless, None is an empty cell."""
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()


def result_rows(
    results: Iterable[tuple[Mapping[str, Any], str]],
    names: Mapping[str, str] | None = None,
    missing: Iterable[tuple[str, str]] = (),
) -> Iterator[Sequence[Cell]]:
    """A header, and by lab and id a row for each result document with the time when it was graded.

    With `names` by id there is a column for them; `missing` are (lab, id) of whom there is no result.
    """
    rows = [_row(document, graded_at) for document, graded_at in results]
    rows += [(lab, student, "missing", *[None] * (len(COLUMNS) - 3)) for lab, student in missing]
    rows.sort(key=lambda row: (str(row[0]), str(row[1]).casefold(), str(row[1])))
    if names is None:
        yield from [COLUMNS, *rows]
    else:
        yield from [(*COLUMNS, "name"), *((*row, names.get(str(row[1]), "")) for row in rows)]


def _row(document: Mapping[str, Any], graded_at: str) -> tuple[Cell, ...]:
    public, hidden = (
        [check for check in document["checks"] if check["visibility"] == visibility]
        for visibility in ("public", "hidden")
    )
    not_passed = " ".join(check["id"] for check in document["checks"] if check["status"] != "passed")
    return (
        document["lab"],
        document["submission"]["id"],
        document["status"],
        document["score"],
        document["max_score"],
        *_points(public),
        *_points(hidden),
        not_passed,
        document["seconds"],
        document["sandbox"],
        graded_at,
        document["message"],
    )


def _points(checks: Sequence[Mapping[str, Any]]) -> tuple[int | None, int | None]:
    """The points of these checks and what they are worth; none where there are none, or the bench broke on one."""
    if not checks or any(check["score"] is None for check in checks):
        return None, sum(check["max_score"] for check in checks) or None
    return sum(check["score"] for check in checks), sum(check["max_score"] for check in checks)
