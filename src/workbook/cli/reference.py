"""The CLI's reference, from the CLI itself: every verb, what may stand behind it, and the exit codes."""

from collections.abc import Iterator
from inspect import cleandoc

import click

from workbook.cli.app import VERBS, lab
from workbook.cli.exits import Exit

EXITS = {
    Exit.DONE: "Done; all checks passed.",
    Exit.FAILED: "A check failed, a file was rejected, or (`invoke`) the function failed.",
    Exit.USAGE: "The command was written wrongly; the message says how it goes.",
    Exit.ENVIRONMENT: "This machine or this edition cannot do that; the message says what to install.",
    Exit.BENCH: "The workbook itself broke. Nobody's code is to blame.",
}
MARKUP = str.maketrans({"<": "&lt;", "*": r"\*", "[": r"\[", "_": r"\_"})


def describe_commands(_: str = "") -> str:
    """Markdown: the options before a verb, a section for each verb, the exit codes."""
    with click.Context(lab, info_name="lab") as context:
        parts = ["## Before the verb { #before-the-verb }", *_tell(lab, context, "lab [--course DIR] VERB ...")]
        for name in VERBS:
            command = lab.get_command(context, name)
            if command is not None:
                parts += _describe(command, click.Context(command, context, name), level=2)
    rows = [f"| {code.value} | {meaning} |" for code, meaning in EXITS.items()]
    table = "\n".join(["| exit code | means |", "|---|---|", *rows])
    return "\n\n".join([*parts, "## Exit codes { #exit-codes }", table])


def _describe(command: click.Command, context: click.Context, level: int) -> Iterator[str]:
    path = context.command_path
    anchor = "-".join(path.split()[1:])
    yield f"{'#' * level} `{path}` {{ #{anchor} }}"
    pieces = " ".join(command.collect_usage_pieces(context))
    yield from _tell(command, context, f"{path} {pieces}".rstrip())
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _describe(below, click.Context(below, context, name), level + 1)


def _tell(command: click.Command, context: click.Context, usage: str) -> Iterator[str]:
    yield f"```text\n{usage}\n```"
    yield _plain(cleandoc(command.help or "").replace("\b", ""))
    records = [record for option in command.params if (record := option.get_help_record(context))]
    rows = [f"| {_code(name)} | {_plain(words)} |" for name, words in records if words]
    if rows:
        yield "\n".join(["| option | what it does |", "|---|---|", *rows])


def _plain(text: str) -> str:
    """The words, in which nothing is markup but what stands between backticks."""
    parts = text.split("`")
    return "`".join(part if number % 2 else part.translate(MARKUP) for number, part in enumerate(parts))


def _code(text: str) -> str:
    return f"<code>{text.replace('<', '&lt;').replace('|', '&#124;')}</code>"
