"""`lab report`: what a gradebook holds, for the instructor in several forms, and for each student as a page."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.gradebook import find_lab, list_labs, open_gradebook, require_gradebook, spare
from workbook.cli.output import write
from workbook.cli.workspace import Workspace

if TYPE_CHECKING:
    from workbook.gradebook import Attempt, Gradebook
    from workbook.marks.owners import Owners
    from workbook.submissions.roster import Roster

FORMATS = ("table", "csv", "json", "junit", "html")
BY_ENDING = {".csv": "csv", ".json": "json", ".xml": "junit", ".html": "html", ".htm": "html"}
CHOSEN = {
    "last": "The last attempt of each submission is counted.",
    "best": "The best attempt of each submission is counted.",
}


@click.command("report", short_help="What a gradebook holds: tables, pages, feedback (for instructors).")
@click.argument("place", metavar="GRADEBOOK")
@click.option("--lab", "name", metavar="LAB", help="Only this lab: its number, its folder or a part of that.")
@click.option(
    "--attempts",
    type=click.Choice(["last", "best"]),
    default="last",
    show_default=True,
    help="Which attempt of each submission.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Without it, as the ending of --output says, else a table.",
)
@click.option("--output", type=click.Path(path_type=Path), metavar="PATH", help="Write into this file.")
@click.option(
    "--feedback",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write a page for each student into DIR/LAB: public checks in full, hidden ones as totals.",
)
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Add names, and who is missing.")
@click.option("--course", "is_course", is_flag=True, help="One row a person, one column a lab (table or csv).")
@click.option(
    "--marks",
    type=click.Path(path_type=Path),
    metavar="TOML",
    help="With --course: due dates, weights and what lateness costs.",
)
@click.option(
    "--submitted",
    metavar="[LAB=]CSV",
    multiple=True,
    help="With --course: when each hand-in came; may be given several times.",
)
@click.pass_obj
def command(
    workspace: Workspace,
    place: str,
    name: str | None,
    attempts: str,
    form: str | None,
    output: Path | None,
    feedback: Path | None,
    roster: Path | None,
    is_course: bool,
    marks: Path | None,
    submitted: tuple[str, ...],
) -> int:
    """What GRADEBOOK holds: a file that `lab grade` wrote, or the URL of a database. It is only read.

    Without options: each lab's marks, and which checks fail most. `csv`, `json` and `junit` (XML) are for other
    programs, `html` is one page with charts. All but the pages of --feedback are for instructors: they name hidden
    checks.

    Exit code 2: there is no such gradebook, or nothing of that lab in it.
    """
    require_gradebook()
    from workbook.gradebook import GradebookError

    form = form or (BY_ENDING.get(output.suffix.lower(), "table") if output else None)
    if not is_course and (marks or submitted):
        raise Stop("--marks and --submitted belong to --course.", Exit.USAGE)
    if is_course and (name or feedback or form not in (None, "table", "csv")):
        words = "--course gives all labs, as a table or csv: leave out --lab, --feedback and other formats."
        raise Stop(words, Exit.USAGE)
    people = _read_roster(roster) if roster else None
    with closing(open_gradebook(place)) as book:
        times = [Path(text) for one in submitted for text in (one, one.partition("=")[2])]
        spare(output, place, [roster, marks, *times])
        try:
            if is_course:
                from workbook.cli.report_course import report_course

                report_course(workspace, book, attempts, people, marks, submitted, form or "table", output)
            else:
                labs = [find_lab(book, name)] if name else list_labs(book)
                _report(Chosen(book, labs, attempts, people), form, output, feedback)
        except GradebookError as error:
            raise Stop(str(error), Exit.ENVIRONMENT) from error
    return Exit.DONE


@dataclass(frozen=True)
class Chosen:
    """The records that are reported: the last or the best of each submission, by lab."""

    book: "Gradebook"
    labs: list[str]
    attempts: str
    roster: "Roster | None"

    def read(self, lab: str) -> Iterator["Attempt"]:
        return self.book.best(lab) if self.attempts == "best" else self.book.last(lab)

    def documents(self, lab: str) -> Iterator[Mapping[str, Any]]:
        return (attempt.document for attempt in self.read(lab))

    def results(self) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Every lab's documents, with the time when they were graded."""
        for lab in self.labs:
            for attempt in self.read(lab):
                yield attempt.document, attempt.graded_at.isoformat(timespec="seconds")

    @cached_property
    def owners(self) -> "dict[str, Owners]":
        """By lab; nobody's without a roster."""
        from workbook.marks.owners import find_owners

        if self.roster is None:
            return {}
        return {lab: find_owners((one.submission_id for one in self.read(lab)), self.roster) for lab in self.labs}

    def names(self, lab: str) -> dict[str, str]:
        """The names that the roster gives, by the submission's id, or by the person's own where there is none."""
        if self.roster is None:
            return {}
        missing = {person.id: person.name for person in self.owners[lab].missing(self.roster)}
        return missing | {name: person.name for name, person in self.owners[lab].people.items()}

    def missing(self, lab: str) -> list[str]:
        return [person.id for person in self.owners[lab].missing(self.roster)] if self.roster else []

    def tell_unknown(self) -> None:
        """Say whose the submissions are that nobody of the roster has."""
        from workbook.reports.inert import one_line

        for lab, owners in self.owners.items():
            for name, remark in owners.remarks.items():
                click.echo(f"{one_line(lab)}: {one_line(name)} is nobody's: {one_line(remark)}", err=True)


def _report(chosen: Chosen, form: str | None, output: Path | None, feedback: Path | None) -> None:
    if feedback:
        _write_feedback(chosen, feedback)
    if form or not feedback:
        _write(chosen, form or "table", output)
    chosen.tell_unknown()


def _write(chosen: Chosen, form: str, output: Path | None) -> None:
    if form == "table":
        _print_table(chosen, output)
    elif form == "csv":
        from workbook.reports.spreadsheet import result_rows, to_csv

        names = {student: name for lab in chosen.labs for student, name in chosen.names(lab).items()}
        missing = [(lab, student) for lab in chosen.labs for student in chosen.missing(lab)]
        rows = result_rows(chosen.results(), names if chosen.roster else None, missing)
        write(to_csv(rows), output, mark=True)
    elif form == "json":
        write(_to_json(document for document, _ in chosen.results()), output)
    elif form == "junit":
        from workbook.reports.junit import to_junit

        write(to_junit(chosen.results()), output)
    else:
        from workbook.reports.class_page import to_class_page
        from workbook.reports.tally import Tally

        tallies = [Tally.of(lab, chosen.documents(lab), len(chosen.missing(lab))) for lab in chosen.labs]
        write([to_class_page(tallies, CHOSEN[chosen.attempts])], output)


def _to_json(documents: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    border = '{"schema": 1, "results": ['
    for document in documents:
        yield border + json.dumps(document)
        border = ",\n"
    yield (border if border != ",\n" else "") + "]}\n"


def _print_table(chosen: Chosen, output: Path | None) -> None:
    from workbook.reports.class_table import Line, console_for, print_class, text_of
    from workbook.reports.tally import Tally

    to = console_for(output is not None)
    for lab in chosen.labs:
        tally, names, lines = Tally(lab), chosen.names(lab), list[Line]()
        for document in chosen.documents(lab):
            tally.add(document)
            student = document["submission"]["id"]
            mark = document["status"], document["score"], document["max_score"]
            lines.append((student, names.get(student, ""), *mark))
        lines += [(student, names[student], "missing", None, 0) for student in chosen.missing(lab)]
        lines.sort(key=lambda line: (line[0].casefold(), line[0]))
        print_class(lab, lines, tally, to, named=chosen.roster is not None)
    if output:
        write([text_of(to)], output)


def _write_feedback(chosen: Chosen, folder: Path) -> None:
    from workbook.reports.feedback_folder import FolderInUse, require_free, write_folder
    from workbook.reports.filenames import name_files

    places = {lab: folder / name for lab, name in name_files(chosen.labs).items()}
    try:
        for place in places.values():
            require_free(place)
        for lab, place in places.items():
            count = write_folder(place, partial(chosen.documents, lab), chosen.names(lab))
            click.echo(f"{place}: {count} pages, and index.csv, which says whose each is", err=True)
    except FolderInUse as error:
        raise Stop(str(error), Exit.USAGE) from error
    except OSError as error:
        words = f"The feedback cannot be written into {folder}: {error.strerror or error}."
        raise Stop(words, Exit.USAGE) from error


def _read_roster(path: Path) -> "Roster":
    from workbook.submissions.roster import Roster, RosterError

    try:
        return Roster.read(path)
    except RosterError as error:
        raise Stop(str(error), Exit.USAGE) from error
