"""The gradebook that a verb is given: opened if it is there, and which lab in it is meant."""

import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import say

if TYPE_CHECKING:
    from workbook.gradebook import Gradebook


def require_gradebook() -> None:
    """Raises Stop where the gradebook's packages are not installed. Comes before anything of workbook.gradebook."""
    if not find_spec("sqlalchemy") or not find_spec("alembic"):
        raise Stop(f"The gradebook's packages are not installed. Run: {say('setup --all')}", Exit.ENVIRONMENT)


def open_gradebook(place: str) -> "Gradebook":
    """The gradebook in a file or at a URL; none is made. Raises Stop."""
    require_gradebook()
    from workbook.gradebook import Gradebook, GradebookError, NoGradebook

    try:
        return Gradebook.open_existing(place)
    except NoGradebook as error:
        raise Stop(str(error), Exit.USAGE) from error
    except GradebookError as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error


def spare(output: Path | None, place: str, inputs: Iterable[Path | None]) -> None:
    """Raises Stop where the file `output` is the gradebook's, or one of the inputs'."""
    require_gradebook()
    from workbook.gradebook.address import existing

    for path in (*existing(place).files, *filter(None, inputs)):
        if output and output.exists() and path.exists() and output.samefile(path):
            raise Stop(f"--output {output} would replace what is read. Name another file.", Exit.USAGE)


def list_labs(book: "Gradebook") -> list[str]:
    """The labs with records. Raises Stop where there is none."""
    labs = book.labs()
    if not labs:
        words = f"The gradebook {book.place} holds no record yet. Grade first: {say('grade LAB SUBMISSIONS')}"
        raise Stop(words, Exit.USAGE)
    return labs


def find_lab(book: "Gradebook", name: str) -> str:
    """The lab with records that goes by `name`. Raises Stop."""
    labs = list_labs(book)
    found = match_lab(labs, name)
    if len(found) == 1:
        return found[0]
    from workbook.reports.inert import one_line

    if found:
        words = f"--lab {one_line(name)} could be {' or '.join(map(one_line, found))}: write more of the name."
    else:
        holds = ", ".join(map(one_line, labs))
        words = f"{one_line(book.place)} has no record of lab {one_line(name)}. It holds: {holds}."
    raise Stop(words, Exit.USAGE)


def match_lab(labs: list[str], name: str) -> list[str]:
    """Those that go by a number, a folder's name or a part of it."""
    wanted = name.strip().casefold()
    if re.fullmatch(r"[0-9]{1,9}", wanted):
        return [lab for lab in labs if re.match(rf"0*{int(wanted)}(?![0-9])", lab)]
    exact = [lab for lab in labs if lab.casefold() == wanted]
    return exact or [lab for lab in labs if wanted and wanted in lab.casefold()]
