"""The commands on pages and in the README: each page's are run in order, in a copy of the workbook, on Linux.

Commands for macOS and Windows are held against those for Linux. Commands inside of a sentence or a table are read by
the CLI's own parsers.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

from workbook.cli.app import lab

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COPIED = ("labs", "solutions", "notebooks", "docs", "src", "README.md", "mkdocs.yml", "pyproject.toml", "requirements")
WHEELS = ROOT / ".workbook" / "wheels"

# What is shown and not run, by its beginning, and why.
NOT_RUN = {
    "./lab test": "runs the workbook's own tests, and so this one",
    "./lab setup": "needs the network",
    "./lab deploy": "needs an AWS account",
    "./lab verify": "needs an AWS account",
    "./lab prove": "takes minutes; tests/labs proves every lab",
    "./lab docs serve": "does not end by itself",
    "./lab notebook": "does not end by itself",
}

# How a command ends that does not end in 0: as its page says, with an untouched starter.
ENDS = {
    "./lab check 1 --task 1": 1,
    "./lab check 3": 1,
    "./lab check 3 --code solutions/03_s3_writes/mistakes/local_time.py --json": 1,
    './lab schedule "rate(5 minute)"': 1,
}

SLOW = {"README.md"}  # every lab's solution

FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)")
TAB = re.compile(r'^(?P<indent> *)=== "(?P<title>.+)"$')
INLINE = re.compile(r"`((?:\./|py )lab(?: [^`]+)?)`")
END = "\x1e"


@dataclass
class Command:
    """`output`: lines that its page shows below it. `prompt`: `$` or `>`."""

    prompt: str
    text: str
    output: list[str] = field(default_factory=list)

    @property
    def bare(self) -> str:
        return re.sub(r"\s+# .*$", "", self.text).strip()


@dataclass
class Tab:
    title: str
    commands: list[Command] = field(default_factory=list)
    words: int = 0


@dataclass
class Found:
    """A page's commands that stand outside of tabs or in one for Linux, in order; and its sets of tabs."""

    commands: list[Command] = field(default_factory=list)
    sets: list[list[Tab]] = field(default_factory=list)


def read(text: str) -> Found:
    found = Found()
    tab, tab_indent, fence = None, -1, None
    for line in text.splitlines():
        indent = len(line) - len(line.lstrip())
        opened = FENCE.match(line)
        if opened and fence is None:
            fence = (opened["kind"], len(opened["indent"]))
        elif opened and not opened["kind"] and len(opened["indent"]) == fence[1]:
            fence = None
        elif fence and fence[0] == "console":
            add(found, tab, line[fence[1] :])
            continue
        if fence is None and (heading := TAB.match(line)):
            if tab is None or len(heading["indent"]) != tab_indent:
                found.sets.append([])
            tab, tab_indent = Tab(heading["title"]), indent
            found.sets[-1].append(tab)
        elif tab and line.strip() and indent <= tab_indent:
            tab, tab_indent = None, -1
        elif tab and fence is None:
            tab.words += len(line.split())
    return found


def add(found: Found, tab: Tab | None, line: str) -> None:
    here = [commands for commands in (tab.commands if tab else None, found.commands) if commands is not None]
    if tab and tab.title != "Linux":
        here = here[:1]
    if line[:2] in ("$ ", "> "):
        command = Command(line[0], line[2:])
        for commands in here:
            commands.append(command)
    elif line.strip():
        here[0][-1].output.append(line)


FOUND = {path.relative_to(ROOT).as_posix(): read(path.read_text("utf-8")) for path in PAGES}


def why_not(command: Command) -> str | None:
    return next((why for begins, why in NOT_RUN.items() if f"{command.bare} ".startswith(f"{begins} ")), None)


def runnable() -> Iterator[object]:
    for page, found in FOUND.items():
        if commands := [command for command in found.commands if why_not(command) is None]:
            marks = [pytest.mark.slow] if Path(page).name in SLOW else []
            yield pytest.param(commands, id=page, marks=marks)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The workbook's folder as a reader has it after set-up; `lab` starts it without looking whether set-up is due."""
    kept_out = shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints", "*.pyc", ".workbook")
    folder = tmp_path / "workbook"
    folder.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=kept_out)
        elif source.exists():
            shutil.copy(source, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / ".workbook").mkdir()
    (folder / ".workbook" / "wheels").symlink_to(WHEELS)
    start = f"os.execv({sys.executable!r}, [{sys.executable!r}, '-P', '-m', 'workbook', *sys.argv[1:]])"
    (folder / "lab").write_text(f"#!{sys.executable}\nimport os, sys\n{start}\n")
    (folder / "lab").chmod(0o755)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="these are the commands for Linux")
@pytest.mark.parametrize("commands", list(runnable()))
def test_a_pages_commands_do_what_it_says(commands: list[Command], copy: Path) -> None:
    if any(" pip install " in command.text for command in commands) and not WHEELS.is_dir():
        pytest.skip("the wheels that set-up fetches are not here, and tests need no network")
    done = run(copy, commands)
    assert len(done) == len(commands), done[-1][0]
    for command, (output, code) in zip(commands, done, strict=True):
        assert code == ENDS.get(command.bare, 0), f"$ {command.text}\n{output}"
        said = " ".join(output.split())
        assert [line for line in command.output if " ".join(line.split()) not in said] == [], said


def run(folder: Path, commands: list[Command]) -> list[tuple[str, int]]:
    """What each command printed and its exit code. They share a shell, so that `cd` and variables last."""
    script = "\n".join(f"{command.text}\nprintf '{END}%s{END}' \"$?\"" for command in commands)
    index = {"PIP_NO_INDEX": "1", "UV_NO_INDEX": "1", "PIP_FIND_LINKS": str(WHEELS), "UV_FIND_LINKS": str(WHEELS)}
    environment = {**os.environ, **index, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    *parts, _ = done.stdout.split(END)
    return [(output, int(code)) for output, code in zip(parts[::2], parts[1::2], strict=True)]


def test_each_entry_of_the_tables_is_still_shown_somewhere() -> None:
    shown = [command.bare for found in FOUND.values() for command in found.commands]
    inline = [text for text, _ in inlines()]
    assert [one for one in ENDS if one not in shown] == []
    assert [one for one in NOT_RUN if not any(text.startswith(one) for text in [*shown, *inline])] == []


SETS = [
    pytest.param(tabs, id=f"{page}-{number}") for page, found in FOUND.items() for number, tabs in enumerate(found.sets)
]
SYSTEMS = ("Linux", "macOS", "Windows")


@pytest.mark.parametrize("tabs", SETS)
def test_each_system_is_told_to_do_the_same(tabs: list[Tab]) -> None:
    systems = {tab.title: tab for tab in tabs if tab.title.startswith(SYSTEMS)}
    if not systems:
        assert not any(tab.commands for tab in tabs)
        return
    assert {title.split(":")[0] for title in systems} == set(SYSTEMS)
    expected = [unify(command.text) for command in systems["Linux"].commands]
    assert expected
    for title, tab in systems.items():
        if title.endswith("File Explorer"):
            assert tab.words > 5
            continue
        assert [unify(command.text) for command in tab.commands] == expected, title
        assert {command.prompt for command in tab.commands} == {">" if title.startswith("Windows") else "$"}


SAME = (
    (r"\\", "/"),
    (r"^py lab\b", "./lab"),
    (r"\.venv/Scripts/python", ".venv/bin/python"),
    (r"^mkdir -p ", "mkdir "),
    (r"^copy ", "cp "),
    (r"^(?:zip -r (\S+) \.|tar -a -c -f (\S+) \*)$", r"zip \1\2"),
    (r'^(?:export |set |\$env:)(\w+) ?= ?"?([^"]*)"?$', r"set \1 to \2"),
)


def unify(command: str) -> str:
    """What it does, whatever the shell."""
    for pattern, replacement in SAME:
        command = re.sub(pattern, replacement, command)
    return command


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cp a/b c", "copy a\\b d"),
        ("mkdir -p a/b", "mkdir a"),
        ("zip -r ../a.zip .", "tar -a -c -f ..\\a.zip ."),
        ('export A="b"', "set A=c"),
        ("./lab", "py lab check 1"),
    ],
)
def test_a_difference_between_systems_is_seen(one: str, other: str) -> None:
    assert unify(one) != unify(other)


# What a shell does not know, or takes for something else.
POSIX = r"\\|^(?:copy|set|py)\b|\$env:|%\w+%"
WINDOWS = r"&&|'|(?<![:\w])/|^(?:cp|export|source)\b|^\.venv/|^mkdir -p"
FOREIGN = {
    "Linux": POSIX,
    "macOS": POSIX,
    "Windows": rf"{WINDOWS}|^set\b|\$env:|%\w+%",  # in a tab for both shells
    "Windows: PowerShell": rf"{WINDOWS}|^set\b|%\w+%",
    "Windows: Command Prompt": rf'{WINDOWS}|\$env:|^set \w+ |^set \w+="| #',
}


def is_foreign(shell: str, command: str) -> bool:
    return re.search(FOREIGN[shell], command) is not None


@pytest.mark.parametrize("tabs", SETS)
def test_a_command_is_written_for_its_own_shell(tabs: list[Tab]) -> None:
    told = [(tab.title, command.text) for tab in tabs for command in tab.commands]
    assert [(shell, text) for shell, text in told if is_foreign(shell, text)] == []


@pytest.mark.parametrize(
    ("shell", "command"),
    [
        ("Linux", "copy a b"),
        ("macOS", "cd a\\b"),
        ("Windows", "set A=b"),
        ("Windows: PowerShell", "set A=b"),
        ("Windows: PowerShell", "cd a && dir"),
        ("Windows: Command Prompt", '$env:A = "b"'),
        ("Windows: Command Prompt", 'set A="b"'),
        ("Windows: Command Prompt", "set A = b"),
        ("Windows: Command Prompt", "cd /tmp"),
    ],
)
def test_a_command_for_another_shell_is_seen(shell: str, command: str) -> None:
    assert is_foreign(shell, command)


def inlines() -> Iterator[tuple[str, str]]:
    for path in PAGES:
        for text in INLINE.findall(path.read_text("utf-8")):
            yield re.sub(r"^py lab", "./lab", text), path.name


@pytest.mark.parametrize(
    "text",
    sorted(
        {text for text, _ in inlines()}
        | {c.bare for f in FOUND.values() for c in f.commands if c.bare.startswith("./lab")}
    ),
)
def test_the_cli_can_read_what_is_shown(text: str) -> None:
    parse(shlex.split(text.partition(" > ")[0])[1:])


def parse(words: list[str]) -> None:
    """Raises click's UsageError for a verb, an option or an argument too many that the CLI does not know."""
    command, context = lab, click.Context(lab, info_name="lab")
    while isinstance(command, click.Group):
        _, rest, _ = command.make_parser(context).parse_args(list(words))
        if not rest or rest[0] in ("...", "VERB"):
            return
        found = command.get_command(context, rest[0])
        if found is None:
            raise click.UsageError(f"{rest[0]}: there is no such verb")
        command, words = found, rest[1:]
        context = click.Context(command, context, command.name)
    try:
        _, rest, _ = command.make_parser(context).parse_args(list(words))
    except click.BadOptionUsage as error:
        if error.option_name != words[-1]:  # in a sentence an option may stand without its value
            raise
        return
    if rest:
        raise click.UsageError(f"{rest}: too much")


@pytest.mark.parametrize("words", ["chekc 1", "check --taks 1", "list 1 2 3"])
def test_a_wrong_command_is_seen(words: str) -> None:
    with pytest.raises(click.UsageError):
        parse(words.split())


def test_the_reader_of_pages_sees_tabs_fences_and_output() -> None:
    found = read(PAGE)
    assert [(one.text, one.output) for one in found.commands] == [("a", ["said"]), ("b", [])]
    told = [[(tab.title, tab.commands[0].text) for tab in tabs] for tabs in found.sets]
    assert told == [[("Linux", "b"), ("Windows", "c")]]


PAGE = """\
```console
$ a
said
```

=== "Linux"

    ```console
    $ b
    ```

=== "Windows"

    ```console
    > c
    ```

End.

```text
$ d
```
"""
