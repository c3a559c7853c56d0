"""The references that are written from the code: the CLI, the fixtures, troubleshooting."""

import inspect
import re
from pathlib import Path

import click
import markdown
import pytest

from workbook.cli.app import VERBS, lab
from workbook.cli.exits import Exit
from workbook.cli.reference import describe_commands
from workbook.grading import fixtures
from workbook.grading.diagnosis import PAGE, Diagnosis, Entry, table
from workbook.runtime import Function, Invocation
from workbook.site.findings import read_findings
from workbook.site.fixtures import describe_fixtures
from workbook.site.troubleshooting import WAITING, fill, write_page

ROOT = Path(__file__).resolve().parents[2]


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"(?m)^#{2,4} `?([^`{\n]+?)`? \{[^}]*\}$", text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_told_with_all_of_its_options(verb: str) -> None:
    told = sections(describe_commands())
    command = lab.get_command(click.Context(lab, info_name="lab"), verb)
    below = command.commands.values() if isinstance(command, click.Group) else []
    for name, one in [(f"lab {verb}", command), *((f"lab {verb} {one.name}", one) for one in below)]:
        assert one.help.split()[0] in told[name]
        options = [word for option in one.params if isinstance(option, click.Option) for word in option.opts]
        assert [word for word in options if word not in told[name]] == []


def test_every_exit_code_is_told() -> None:
    told = sections(describe_commands())["Exit codes"]
    assert [int(code) for code in re.findall(r"(?m)^\| (\d) \|", told)] == [code.value for code in Exit]


def test_a_bar_in_an_options_value_ends_no_cell() -> None:
    shown = markdown.markdown(describe_commands(), extensions=["tables", "attr_list"])
    row = re.search(r"<tr>\s*<td><code>--event .*?</tr>", shown, re.DOTALL).group()
    assert row.count("<td>") == 2
    assert "FILE&#124;-" in row


def test_code_in_a_verbs_words_is_shown_as_it_is_typed() -> None:
    assert "`import lambda_function`" in sections(describe_commands())["lab run"]
    assert not re.search(r"`[^`\n]*\\[_*\[][^`\n]*`", describe_commands())


def test_every_fixture_is_told_by_its_docstring() -> None:
    told = sections(describe_fixtures())
    source = inspect.getsource(fixtures)
    names = re.findall(r"@pytest\.fixture\ndef (\w+)\(", source)
    assert {"function", "aws", "bucket", "http_api"} <= set(names)
    for name in names:
        assert inspect.getdoc(inspect.unwrap(getattr(fixtures, name))).split("\n")[0] in told[name]


@pytest.mark.parametrize("kind", [Function, Invocation])
def test_every_public_member_is_told(kind: type) -> None:
    told = sections(describe_fixtures())[kind.__name__]
    members = {name for name in [*vars(kind), *getattr(kind, "__dataclass_fields__", ())] if not name.startswith("_")}
    assert [name for name in members - {"close"} if f".{name}" not in told] == []


def test_nothing_that_is_told_lacks_words() -> None:
    assert re.findall(r"(?m)^`\.(\w+).*`\n\n:\s*$", describe_fixtures()) == []


def test_the_page_about_troubleshooting_is_what_its_sources_say() -> None:
    written = (ROOT / PAGE).read_text("utf-8")
    assert written == write_page(), "Run: python -m workbook.site.troubleshooting"


def test_every_diagnosis_has_its_anchor_and_points_there(site) -> None:
    ids = site.pages["troubleshooting/index.html"].ids
    for entry in table():
        assert ids.count(entry.id) == 1
        assert str(Diagnosis(entry.id, "", "")).splitlines()[-1] == f"more      docs/troubleshooting.md#{entry.id}"


@pytest.mark.parametrize("entry", table(), ids=lambda entry: entry.id)
def test_an_example_fits_its_entry_and_fills_its_texts(entry: Entry) -> None:
    means, cure = fill(entry)
    assert not re.search(r"[{]\w+[}!]", means + cure)
    assert len(entry.seen) <= 125


def test_no_two_entries_show_the_same_example() -> None:
    seen = [entry.seen for entry in table()]
    assert len(set(seen)) == len(seen)


def test_an_example_that_does_not_fit_is_refused() -> None:
    first = table()[0]
    with pytest.raises(ValueError, match="handler-missing"):
        fill(Entry(**{**vars(first), "seen": "KeyError: 'x'"}))


def test_the_doctors_words_are_found() -> None:
    found = list(read_findings())
    assert {"python", "packages", "disk", "proxies", "function", "wheels"} <= {one.name for one in found}
    clock = [one for one in found if one.name == "clock"]
    assert [one.kind for one in clock] == ["problem", "warning"]
    assert clock[0].cure == "Run ./lab setup; on Linux, install the system's package tzdata."
    assert clock[1].cure == "Set the clock: AWS refuses requests of a wrong time."


def test_every_reason_not_to_judge_is_told() -> None:
    from workbook.reports.terminal import NOT_JUDGED

    assert set(WAITING) == set(NOT_JUDGED)
