"""The workflow that runs the workbook on the three systems: pinned, without rights, and doing what README says."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from workbook.cli.app import lab

yaml = pytest.importorskip("yaml", reason="PyYAML comes with mkdocs")

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]
TYPED = "${{ matrix.lab }} "


def commands() -> list[str]:
    return [step["run"].removeprefix(TYPED) for step in JOBS["student"]["steps"] if "run" in step]


def test_it_may_read_the_code_and_nothing_else() -> None:
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in JOBS.values())
    assert "secrets" not in TEXT
    checkouts = [step for job in JOBS.values() for step in job["steps"] if "checkout" in step.get("uses", "")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(JOBS)


def test_what_it_uses_is_pinned_by_its_commit_and_names_its_version() -> None:
    used = re.findall(r"uses: (.*)", TEXT)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_a_student_is_tried_on_every_system_with_the_oldest_and_a_new_python() -> None:
    tried = JOBS["student"]["strategy"]["matrix"]["include"]
    systems = {one["os"].partition("-")[0]: one["lab"] for one in tried}
    assert systems == {"ubuntu": "./lab", "macos": "./lab", "windows": "py lab"}
    oldest = re.search(r'requires-python = ">=(3\.\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    for system in ("macos", "windows"):
        assert oldest
        assert oldest[1] in {one["python"] for one in tried if one["os"].startswith(system)}


def test_it_runs_the_two_commands_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = re.findall(r"(?m)^\$ \./lab (.*)$", readme.partition("## See it work")[2].partition("## Your turn")[0])
    assert shown
    assert set(shown) <= set(commands())


@pytest.mark.parametrize("words", commands())
def test_a_command_is_one_that_there_is(words: str) -> None:
    verb, *arguments = shlex.split(words)
    context = click.Context(lab, info_name="lab")
    command = lab.get_command(context, verb)
    assert command is not None
    _, rest, _ = command.make_parser(click.Context(command, context)).parse_args(arguments)
    assert rest == []
