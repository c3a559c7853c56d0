"""The command itself: its verbs, loaded when they are called, and what becomes of every error."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from workbook import __version__
from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace, say

# verb: (module below workbook.cli, what it is for)
VERBS = {
    "list": ("listing", "The labs, and how far you are in each."),
    "check": ("check", "Judge your code, or other code, by a lab's checks."),
    "watch": ("watch", "Judge each save at once; hints, docs and the next lab on a key."),
    "hint": ("hint", "The next hint for the task that fails now."),
    "reset": ("reset", "Begin a lab again; your files are kept as backups."),
    "diff": ("diff", "Your code beside the solution, after full marks."),
    "invoke": ("invoke", "Invoke a lab's function with an event, as the console's Test button does."),
    "run": ("run", "Run any script with a lab's variables and the local cloud."),
    "notebook": ("notebook", "Open a lab's notebook: explore before you write."),
    "progress": ("progress", "What you have passed, lab by lab, and what is next."),
    "policy": ("policy", "The execution role's policy that a lab's function needs."),
    "schedule": ("schedule", "What a schedule expression means, when it fires, and a simulation of it."),
    "package": ("package", "Build the zip to upload, for Lambda, from any computer; or judge one."),
    "submit": ("submit", "Write the file that you hand in: your code, with a digest of each file."),
    "deploy": ("deploy", "Deploy a lab's function to your own AWS account, or remove it again."),
    "verify": ("verify", "The deployment checklist, against what is in your AWS account."),
    "docs": ("docs", "The site: read it in your browser, or build it into a folder."),
    "new": ("new", "A function of your own, outside the course, with the same tools."),
    "doctor": ("doctor", "Is everything here that the workbook needs, and what to do if not."),
    "grade": ("grade", "Grade a class's submissions, isolated (for instructors)."),
    "release": ("release", "Write the student edition, without solutions (for instructors)."),
    "report": ("report", "What a gradebook holds: tables, pages, feedback (for instructors)."),
    "forget": ("forget", "Delete all that a gradebook holds of somebody (for instructors)."),
    "prove": ("prove", "Prove that a lab is sound (for authors)."),
    "setup": ("setup", "What is installed; `setup --all` installs every group."),
    "test": ("test", "Run the workbook's own tests."),
}


class Verbs(click.Group):
    """Loads a verb's module when that verb is named, so that light verbs stay light."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module = import_module(f"workbook.cli.{VERBS[name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl([(name, what) for name, (_, what) in VERBS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, VERBS, n=1)
            guess = f" Did you mean {near[0]}?" if near else ""
            raise click.UsageError(f"There is no verb {name!r}.{guess} See: {say('--help')}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.option(
    "--course",
    type=click.Path(path_type=Path),
    envvar="WORKBOOK_COURSE",
    metavar="DIR",
    help="Use the course in this folder (it holds labs/).",
)
@click.version_option(__version__, prog_name="Lambda Workbook")
@click.pass_context
def lab(ctx: click.Context, course: Path | None) -> None:
    """Learn AWS Lambda in Python: graded labs that run here, under Lambda's rules.

    Without a verb: where you are, and what is next.
    """
    ctx.obj = Workspace(course)
    if ctx.invoked_subcommand is None:
        from workbook.cli.listing import show_next_step

        show_next_step(ctx.obj)


def run() -> None:
    """Run the command line; nobody meets a traceback of ours."""
    try:
        sys.exit(_run())
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
    except Exception as error:
        click.echo(_report_unforeseen(error), err=True)
        sys.exit(Exit.BENCH)


def _run() -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = lab.main(prog_name="lab", standalone_mode=False)
        return int(code) if isinstance(code, int) else Exit.DONE
    except Stop as stop:
        click.echo(str(stop), err=True)
        return stop.code
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        error.show()
        return Exit.USAGE
    except (LookupError, ValueError, RuntimeError) as error:
        code = _foresee(error)
        if code is None:
            raise
        click.echo(str(error), err=True)
        return code


def _foresee(error: Exception) -> Exit | None:
    """The exit code of an error whose text is meant for the user; None for any other."""
    from workbook.course.labs import NoCourse, UnknownLab
    from workbook.course.manifest import ManifestError

    if isinstance(error, NoCourse | UnknownLab):
        return Exit.USAGE
    if isinstance(error, ManifestError):
        return Exit.BENCH
    from workbook.runtime.requirements import RequirementsMissing

    return Exit.ENVIRONMENT if isinstance(error, RequirementsMissing) else None


def _report_unforeseen(error: Exception) -> str:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix="workbook-error-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(f"Lambda Workbook {__version__}, Python {sys.version}, {sys.platform}\n{sys.argv[1:]}\n\n")
        file.write("".join(traceback.format_exception(error)))
    return (
        f"Something went wrong in the workbook itself ({type(error).__name__}).\n"
        f"What happened is written in {file.name}: please send that file with a bug report."
    )
