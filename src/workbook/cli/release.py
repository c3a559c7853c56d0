"""`lab release`: the student edition, to give away."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import REPOSITORY, Workspace, shorten

if TYPE_CHECKING:
    from workbook.release.edition import Edition
    from workbook.release.stock import Stock

MOST_NAMED = 5


@click.command("release", short_help="Write the student edition (for instructors).")
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--wheels", "with_wheels", is_flag=True, help="Add the packages, for rooms without a network.")
@click.option("--update", is_flag=True, help="Leave out the files that students write: to be unpacked over theirs.")
@click.pass_obj
def command(workspace: Workspace, target: Path, with_wheels: bool, update: bool) -> int:
    """Write the student edition into the folder DIR, or into one zip where DIR ends in .zip.

    It is what git keeps of the workbook, as of the last commit, without solutions/ and what needs it, and with a README
    of its own. The same commit gives the same bytes. Without git, it is the workbook's own folders as they lie here,
    with the starters as set-up found them.

    --wheels adds the packages for the labs, the notebooks and the site: for this version of Python on this kind of
    machine. Set-up then needs no network there.

    Exit code 2: DIR is not empty, or lies in the workbook itself; 3: the packages cannot be fetched.
    """
    if workspace.course.root.resolve() != REPOSITORY:
        words = f"{workspace.course.root} is another course: release gives away the workbook with its own labs."
        raise Stop(f"{words} Run it in the workbook's folder, without --course.", Exit.USAGE)
    from workbook.release.edition import Edition, refuse_target
    from workbook.release.stock import ReleaseError, Stock

    try:
        refuse_target(target, REPOSITORY)
        stock = Stock.take(REPOSITORY)
        with tempfile.TemporaryDirectory(prefix="workbook-wheels-") as folder:
            wheels, system = _gather(stock, Path(folder)) if with_wheels else ((), "")
            edition = Edition.of(stock, wheels, system)
            edition = edition.without_starters() if update else edition
            edition.write(target)
            size = sum(wheel.stat().st_size for wheel in wheels)
    except ReleaseError as error:
        raise Stop(str(error), Exit.USAGE) from error
    except OSError as error:
        raise Stop(f"{error.filename or target} cannot be written: {error.strerror}.", Exit.ENVIRONMENT) from error
    click.echo(f"{shorten(target.absolute())}: {len(edition.files)} files, of {_name_origin(stock)}.")
    if wheels:
        click.echo(f"wheels/: {len(wheels)} packages, {size / 1_000_000:.0f} MB, for {system}.")
    _tell_left_out(stock)
    _warn(stock, edition)
    return Exit.DONE


def _gather(stock: "Stock", folder: Path) -> tuple[tuple[Path, ...], str]:
    from workbook.release.stock import ReleaseError
    from workbook.release.wheels import describe_system, gather

    click.echo("Fetching the packages: a minute or so.", err=True)
    try:
        return gather(stock.files, REPOSITORY / ".workbook" / "wheels", folder), describe_system()
    except ReleaseError as error:
        raise Stop(str(error), Exit.ENVIRONMENT) from error


def _name_origin(stock: "Stock") -> str:
    return f"commit {stock.commit[:10]}" if stock.commit else "the files that lie here, since git does not keep them"


def _tell_left_out(stock: "Stock") -> None:
    from workbook.release.edition import LEFT_OUT

    click.echo("Left out:")
    width = max(map(len, LEFT_OUT))
    for name, why in LEFT_OUT.items():
        if any(file == name or file.startswith(name) for file in stock.files):
            click.echo(f"  {name:<{width}}  {why}")


def _warn(stock: "Stock", edition: "Edition") -> None:
    """What an instructor may have given away, or kept back, without meaning to."""
    from workbook.release.edition import find_reason
    from workbook.release.stock import FILES, FOLDERS

    if own := sorted({name.partition("/")[0] for name in edition.files} - {*FOLDERS, *FILES}):
        click.echo(f"Also in it, and not of the workbook: {', '.join(own)}.")
    forgotten = [name for name in stock.uncommitted if find_reason(name) is None]
    if forgotten:
        rest = f" and {len(forgotten) - MOST_NAMED} more" if len(forgotten) > MOST_NAMED else ""
        click.echo(f"Not committed, and so not as they lie here: {', '.join(forgotten[:MOST_NAMED])}{rest}.")
    if not stock.commit:
        click.echo("Look through it before you give it away: nothing here tells your own files from the workbook's.")
