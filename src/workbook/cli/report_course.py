"""`lab report --course`: the course's table, from a gradebook and what the instructor has besides."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.gradebook import list_labs, match_lab
from workbook.cli.output import write
from workbook.cli.workspace import Workspace

if TYPE_CHECKING:
    from workbook.gradebook import Gradebook
    from workbook.marks.ledger import Ledger, Mark
    from workbook.marks.scheme import Scheme
    from workbook.marks.submitted import Submitted
    from workbook.submissions.roster import Roster

Find = Callable[[str], list[str]]


def report_course(
    workspace: Workspace,
    book: "Gradebook",
    attempts: str,
    roster: "Roster | None",
    marks: Path | None,
    submitted: tuple[str, ...],
    form: str,
    output: Path | None,
) -> None:
    """Write the table of the last or best attempts. Raises Stop and GradebookError."""
    from workbook.marks.ledger import Ledger

    graded = list_labs(book)
    labs = sorted({*graded, *_labs_of_course(workspace)})
    scheme = _read_scheme(marks, graded, lambda name: match_lab(graded, name) or match_lab(labs, name))
    people = roster or _everybody(book)
    found = _collect(book, scheme, people, attempts)
    times = _read_times(submitted, people, lambda name: match_lab(list(scheme.labs), name), scheme)
    _write(Ledger(people.people, found, scheme, times.times), form, output)
    left_out = [lab for lab in graded if lab not in scheme.labs]
    if left_out:
        _note(f"Left out, since {marks} does not name them: {', '.join(left_out)}")
    if times.unknown:
        _note(f"Times of nobody here: {'; '.join(times.unknown[:5])}; {len(times.unknown)} in all")


def _labs_of_course(workspace: Workspace) -> list[str]:
    """The labs here; a gradebook can be read without any."""
    from workbook.course.labs import NoCourse

    try:
        return [lab.id for lab in workspace.course.labs]
    except NoCourse:
        return []


def _read_scheme(path: Path | None, graded: list[str], find: Find) -> "Scheme":
    from dataclasses import replace

    from workbook.course.table import ManifestError
    from workbook.marks.scheme import Scheme, Terms, load

    try:
        scheme = load(path, find) if path else Scheme()
    except ManifestError as error:
        raise Stop(str(error), Exit.USAGE) from error
    return scheme if scheme.labs else replace(scheme, labs={lab: Terms(lab) for lab in graded})


def _everybody(book: "Gradebook") -> "Roster":
    """Whoever has a record, without a roster."""
    from workbook.submissions.roster import Person, Roster

    ids = {attempt.submission_id for lab in book.labs() for attempt in book.last(lab)}
    return Roster(Person(name, "", {"id": name}) for name in sorted(ids, key=lambda name: (name.casefold(), name)))


def _collect(book: "Gradebook", scheme: "Scheme", roster: "Roster", attempts: str) -> "dict[tuple[str, str], Mark]":
    """Each person's mark in each lab, by (lab, person's id); submissions of nobody are told."""
    from workbook.marks.ledger import to_mark
    from workbook.marks.owners import find_owners

    found: dict[tuple[str, str], Mark] = {}
    for lab in scheme.labs:
        read = book.best if attempts == "best" else book.last
        marks = {attempt.submission_id: to_mark(attempt.document) for attempt in read(lab)}
        owners = find_owners(marks, roster)
        found |= {(lab, person.id): marks[name] for name, person in owners.people.items()}
        for name, remark in owners.remarks.items():
            _note(f"{lab}: {name} is nobody's, and in no row: {remark}")
    return found


def _read_times(submitted: tuple[str, ...], roster: "Roster", find: Find, scheme: "Scheme") -> "Submitted":
    from workbook.marks.submitted import Submitted, SubmittedError

    times = Submitted()
    for text in submitted:
        name, parted, path = text.partition("=")
        lab = None
        if parted and not Path(text).exists():
            found = find(name)
            if len(found) != 1:
                raise Stop(f"--submitted {text}: {name} is no lab of the table.", Exit.USAGE)
            lab, text = found[0], path
        try:
            times.read(Path(text), lab, roster, find, scheme.zone)
        except SubmittedError as error:
            raise Stop(str(error), Exit.USAGE) from error
    return times


def _write(ledger: "Ledger", form: str, output: Path | None) -> None:
    if form == "csv":
        from workbook.reports.spreadsheet import to_csv

        write(to_csv(ledger.rows()), output, mark=True)
        return
    from workbook.reports.class_table import console_for, print_course, text_of

    to = console_for(output is not None)
    header, *rows = ledger.rows()
    print_course([str(name) for name in header], rows, to, own=ledger.own_columns)
    if output:
        write([text_of(to)], output)


def _note(words: str) -> None:
    from workbook.reports.inert import one_line

    click.echo(one_line(words), err=True)
