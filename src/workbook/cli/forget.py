"""`lab forget`: everything that a gradebook holds of a submission, deleted."""

from contextlib import closing

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.gradebook import open_gradebook, require_gradebook


@click.command("forget", short_help="Delete all that a gradebook holds of somebody (for instructors).")
@click.argument("place", metavar="GRADEBOOK")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(place: str, ids: tuple[str, ...], yes: bool) -> int:
    """Delete every attempt of the submissions ID from GRADEBOOK, in every lab. This cannot be undone.

    ID is the submission's, as `lab report` shows it. Reports, feedback pages, backups and what was handed in are files
    of your own: delete those too.

    Exit code 2: there is no such gradebook, or nothing of one of them in it; then nothing is deleted.
    """
    require_gradebook()
    from workbook.gradebook import GradebookError
    from workbook.reports.inert import one_line

    with closing(open_gradebook(place)) as book:
        try:
            for name in ids:
                if next(book.attempts(submission_id=name), None) is None:
                    words = f"{one_line(book.place)} has nothing of '{one_line(name)}'. Nothing was deleted."
                    raise Stop(words, Exit.USAGE)
            if not yes:
                told = ", ".join(map(one_line, ids))
                click.confirm(f"Delete every attempt of {told} from {one_line(book.place)}?", abort=True, err=True)
            for name in dict.fromkeys(ids):
                count = book.forget(name)
                click.echo(f"{one_line(name)}: {count} attempt{'' if count == 1 else 's'} deleted")
        except GradebookError as error:
            raise Stop(str(error), Exit.ENVIRONMENT) from error
    return Exit.DONE
