"""`lab grade`: a class's submissions, each judged in isolation, their records in the gradebook."""

import json
import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.gradebook import require_gradebook
from workbook.cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.course.labs import Lab
    from workbook.gradebook import Attempt, Gradebook
    from workbook.sandbox.tier import Tier
    from workbook.submissions.hand_in import Entry

TRUST = "Or, if you know and trust every one of them, add --trust-submissions: they can then do all that you can."


@click.command("grade", short_help="Grade a class's submissions, isolated (for instructors).")
@click.argument("name", metavar="LAB")
@click.argument("paths", metavar="SUBMISSIONS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--gradebook",
    "url",
    metavar="URL",
    default="sqlite:///gradebook.db",
    show_default=True,
    help="Where records are kept: an SQLite file, or a PostgreSQL database.",
)
@click.option("--roster", type=click.Path(path_type=Path), metavar="CSV", help="Give each submission its person's id.")
@click.option("--workers", type=click.IntRange(1, 64), metavar="N", help="Judge N at a time; without it, one a core.")
@click.option("--only", "wanted", metavar="ID", multiple=True, help="Only this submission; may be given several times.")
@click.option("--force", is_flag=True, help="Judge again what has not changed, too.")
@click.option("--explain", is_flag=True, help="Judge one submission again, and show all that is known of each check.")
@click.option(
    "--min-tier",
    type=click.IntRange(0, 1),
    metavar="0|1",
    default=1,
    show_default=True,
    help="1: isolated or not at all; 0: go on without isolation where there is none.",
)
@click.option("--trust-submissions", is_flag=True, help="The same as --min-tier 0.")
@click.option("--fresh", is_flag=True, help="Share no execution environment between checks, proved or not.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(
    workspace: Workspace,
    name: str,
    paths: tuple[Path, ...],
    url: str,
    roster: Path | None,
    workers: int | None,
    wanted: tuple[str, ...],
    force: bool,
    fresh: bool,
    explain: bool,
    min_tier: int,
    trust_submissions: bool,
    as_json: bool,
) -> int:
    """Judge SUBMISSIONS of LAB by its public and hidden checks, and keep each record in the gradebook.

    SUBMISSIONS is a folder of folders, .py files or zips, an unpacked download of Moodle, Canvas or Gradescope, or one
    submission. What has a record already, and has not changed, is not judged again: after a stop, the same command
    goes on. With --explain, which takes one submission (--only ID), it is judged again and recorded as one more
    attempt; its checks, hidden ones too, are shown with message, diagnosis and the function's whole log.

    Exit code 0: every submission has a record; 3: isolation is not possible here; 4: the bench could not judge some,
    which are listed.
    """
    lab = workspace.find(name)
    if lab.solution is None:
        raise Stop(
            f"solutions/{lab.id} is not here: the hidden checks are in it. Clone the repository.", Exit.ENVIRONMENT
        )
    require_gradebook()
    entries = _choose(_take_stock(paths, lab.manifest.files, roster, url), wanted)
    if explain and len(entries) != 1:
        raise Stop(f"--explain shows one submission, and here are {len(entries)}: add --only ID.", Exit.USAGE)
    tier = _find_tier(0 if trust_submissions else min_tier)
    from workbook.gradebook import GradebookError
    from workbook.grading.batch import Batch
    from workbook.reports.grading import GradingReport

    documents: list[dict[str, Any]] = []
    with closing(_open(url)) as book:
        batch = Batch(
            lab, book, tier, workers=workers or os.cpu_count() or 1, force=force or explain, fresh=fresh or explain
        )
        hidden = [check.points for check in batch.checks if check.visibility == "hidden"]
        title = lab.heading
        report = GradingReport(title, len(entries), tier.sandbox, hidden, silent=as_json)
        remarks = {entry.id: entry.remark for entry in entries if entry.remark}
        try:
            before = list(book.attempts(lab.id, entries[0].id)) if explain else []
            known = {attempt.submission_id for attempt in book.last(lab.id)} if wanted else set()
            with report:
                for record in batch.grade(entries):
                    documents.append(dict(record.attempt.document))
                    report.show(documents[-1], kept=record.kept)
                report.note(remarks)
        except KeyboardInterrupt:
            words = f"Stopped. {len(documents)} of {len(entries)} are in the gradebook; the same command goes on."
            raise Stop(words, Exit.FAILED) from None
        except GradebookError as error:
            raise Stop(str(error), Exit.ENVIRONMENT) from error
    if as_json:
        click.echo(json.dumps({"schema": 1, "results": documents}))
    elif explain:
        _explain(lab, documents[0], before)
    if strangers := [entry.id for entry in entries if known and entry.id not in known]:
        _tell_strangers(strangers)
    return Exit.DONE if all(document["status"] != "not_judged" for document in documents) else Exit.BENCH


def _explain(lab: "Lab", document: dict[str, Any], before: "Sequence[Attempt]") -> None:
    from workbook.reports.explanation import print_explanation

    titles = {task.number: task.title for task in lab.manifest.tasks}
    print_explanation(document, titles, [(attempt.graded_at, attempt.document) for attempt in before])


def _tell_strangers(ids: list[str]) -> None:
    """One person may have two records by now, of which reports would count both."""
    from workbook.reports.inert import one_line

    click.echo(
        f"The gradebook had no record of {', '.join(map(one_line, ids))}, though it has others of this lab. "
        "If the class was graded with --roster, give it here too: the ids are then those of the class list.",
        err=True,
    )


def _take_stock(paths: "Sequence[Path]", files: "Sequence[str]", roster: Path | None, url: str) -> "list[Entry]":
    from workbook.gradebook import GradebookError
    from workbook.gradebook.address import parse
    from workbook.submissions.hand_in import IntakeError, find_hand_ins
    from workbook.submissions.roster import Roster, RosterError

    try:
        ours = [*parse(url).files, *([roster] if roster else [])]
        return find_hand_ins(paths, files=files, roster=Roster.read(roster) if roster else None, leave_out=ours)
    except GradebookError as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error
    except (IntakeError, RosterError) as error:
        raise Stop(str(error), Exit.USAGE) from error


def _choose(entries: "list[Entry]", wanted: "Sequence[str]") -> "list[Entry]":
    unknown = [name for name in wanted if name not in {entry.id for entry in entries}]
    if unknown:
        from workbook.reports.inert import inert

        raise Stop(f"--only {inert(unknown[0])}: no submission here has that id.", Exit.USAGE)
    return [entry for entry in entries if not wanted or entry.id in wanted]


def _find_tier(least: int) -> "Tier":
    """The tier that holds here. Raises Stop when it is below `least`."""
    from workbook.sandbox.tier import find_standing

    standing = find_standing()
    if standing.tier < least:
        words = f"Submissions cannot be isolated here: {standing.why}\n{standing.cure}\n{TRUST}"
        raise Stop(words, Exit.ENVIRONMENT)
    return standing.tier


def _open(url: str) -> "Gradebook":
    from workbook.gradebook import Gradebook, GradebookError

    try:
        return Gradebook.open(url)
    except GradebookError as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error
