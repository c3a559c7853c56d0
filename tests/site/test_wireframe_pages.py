"""The console walkthroughs: their parts, their numbers, and that what they promise of `lab verify` is what it says."""

import inspect
import re
from pathlib import Path

import pytest

from workbook.deploy import verification

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "console"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "index.md")
SECTIONS = ["Before you start", "Steps", "What you should see", "What goes wrong"]
TITLES = set(re.findall(r'"(the [a-z ]+)"', inspect.getsource(verification)))
FENCE = re.compile(r"^```wireframe\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(params=PAGES, ids=lambda path: path.stem)
def page(request: pytest.FixtureRequest) -> str:
    return request.param.read_text("utf-8")


def test_the_checklist_has_the_lines_that_pages_may_name() -> None:
    assert {"the function is there", "the variables are set", "the log group is there"} <= TITLES


def test_it_has_its_parts_in_order(page: str) -> None:
    assert "**Goal:** " in page
    found = [title for title in re.findall(r"^## (.+)$", page, re.MULTILINE) if title in SECTIONS]
    assert found == SECTIONS


def test_it_names_its_lab_and_a_line_of_the_checklist_that_there_is(page: str) -> None:
    about = page.partition("**Lab:**")[2].partition("\n\n")[0]
    lab = re.search(r"\(\.\./(labs/\w+)\.md\)", about)
    assert lab
    assert (ROOT / lab[1]).is_dir()
    proof = about.partition("**Proof:**")[2]
    named = [words for words in re.findall(r"`([^`]+)`", proof.replace("\n", " ")) if not words.startswith("./lab ")]
    assert named
    assert set(named) <= TITLES
    assert re.findall(r"`\./lab verify (\d)`", proof) == [str(int(lab[1][5:7]))]


def test_its_steps_are_numbered_from_sketch_to_sketch(page: str) -> None:
    expected = 1
    fences = FENCE.findall(page)
    assert fences
    for fence in fences:
        first = re.search(r"^first: (\d+)$", fence, re.MULTILINE)
        assert int(first[1] if first else 1) == expected, fence
        expected += fence.count("- {on: ")


def test_what_goes_wrong_has_a_cause_and_a_cure_in_each_row(page: str) -> None:
    rows = page.partition("## What goes wrong")[2].split("\n\n")[1].splitlines()
    assert rows[0] == "| you see | why | do |"
    assert len(rows) > 4
    for row in rows[2:]:
        cells = [cell.strip() for cell in row.strip("|").split(" | ")]
        assert len(cells) == 3, row
        assert all(cells), row


def test_every_walkthrough_is_listed_with_its_lab() -> None:
    index = (FOLDER / "index.md").read_text("utf-8")
    listed = dict(re.findall(r"\]\(([\w-]+)\.md\) \| \[(\d\d)\]", index))
    labs = {path.stem: re.search(r"\.\./labs/(\d\d)", path.read_text("utf-8"))[1] for path in PAGES}
    assert listed == labs


def test_every_lab_sends_its_reader_to_a_walkthrough() -> None:
    for readme in sorted(ROOT.glob("labs/*/README.md")):
        console = readme.read_text("utf-8").partition("## In the console")[2].partition("\n## ")[0]
        links = re.findall(r"\]\(\.\./\.\./(docs/console/[\w-]+\.md)", console)
        assert links, readme
        assert all((ROOT / link).is_file() for link in links), readme


AGEING = re.compile(r"[Pp]ython ?3\.\d|\$\d|\b\d+ [KMG]B\b(?!-)|\b20\d\d\b(?!-)")
EXAMPLES = ("a function of 128 MB that runs", "2026/01/1", "Used: 61 MB")  # what the reader reckons with, invented logs


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.stem)
def test_a_page_writes_down_no_fact_that_ages(path: Path) -> None:
    text = re.sub(r"\{\{.*?\}\}", "", path.read_text("utf-8"))
    for example in EXAMPLES:
        text = text.replace(example, "")
    assert AGEING.findall(text) == []
