"""The fence `wireframe`: what it draws, what it escapes, and what fails the build, with page and line."""

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="mkdocs comes with the group `docs`")

from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from workbook.course import facts
from workbook.site import wireframe
from workbook.site.fence import FenceFault, Flaw

SCREEN = """\
title: Edit variables
path: [Lambda, Functions]
buttons: [Add trigger]
tabs: [Code, Test]
tab: Test
side: [Variables, Tags]
at: Variables
panels:
  - panel: Variables
    buttons: [Cancel, Save]
    main: Save
    rows:
      - {field: Key, value: STATION, hint: a letter first}
      - {select: Runtime}
      - {shown: Memory, value: 128 MB}
      - {choice: Kind, options: [one, two], chosen: two}
      - {tick: Enabled, ticked: yes}
      - {buttons: [Test], main: Test}
      - {menu: [Delete]}
      - {link: Details}
      - {table: [Name, Size], rows: [[a.json, 83 B]]}
      - {code: lambda_function.py, text: "x = 1"}
      - {log: Output, text: START}
      - {graph: Errors}
      - {note: Nothing yet.}
callouts:
"""
NAMES = {
    "Add trigger": "Add trigger",
    "Code": "Code",
    "tab > Test": "Test",
    "Tags": "Tags",
    "side > Variables": "Variables",
    "panel > Variables": "Variables",
    "Variables > Save": "Save",
    "Key": "Key",
    "Runtime": "Runtime",
    "Memory": "Memory",
    "Kind": "Kind",
    "two": "two",
    "Enabled": "Enabled",
    "Variables > Test": "Test",
    "Delete": "Delete",
    "Details": "Details",
    "a.json": "a.json",
    "lambda_function.py": "lambda_function.py",
    "Output": "Output",
    "Errors": "Errors",
    "Nothing yet.": "Nothing yet.",
}


class Outline(HTMLParser):
    """`marked`: the words of each element that has a mark, with the number. `steps`: what the list says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.marked: dict[str, int] = {}
        self.steps: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append((tag, dict(attrs), []))

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        self.open[-1][2].append(data)

    def handle_endtag(self, tag: str) -> None:
        name, attributes, words = self.open.pop()
        assert name == tag
        if attributes.get("class") == "wf-mark" and "aria-hidden" not in attributes:
            self.marked[self.open[-1][2][0].rstrip()] = int(words[-1])
        elif attributes.get("class") == "wf-say":
            self.steps.append("".join(words))
        elif self.open and attributes.get("class") != "wf-mark":
            self.open[-1][2].extend(words if tag in ("code", "strong") else [])


def draw(callouts: str = '  - {on: Key, say: "Type it."}\n', screen: str = SCREEN) -> Outline:
    return Outline(wireframe.sketch(screen + callouts))


@pytest.mark.parametrize(("name", "words"), NAMES.items())
def test_a_callout_marks_what_it_names_whatever_its_kind(name: str, words: str) -> None:
    sketch = draw(f'  - {{on: "{name}", say: Look.}}\n')
    assert sketch.marked == {words: 1}
    assert sketch.steps == ["Look."]


def test_callouts_are_numbered_in_order_from_the_first() -> None:
    sketch = draw("  - {on: Key, say: one}\n  - {on: Details, say: two}\nfirst: 4\n")
    assert sketch.marked == {"Key": 4, "Details": 5}
    assert [attributes["start"] for tag, attributes in sketch.tags if tag == "ol"] == ["4"]


def test_what_is_to_be_said_may_mark_code_and_bold() -> None:
    html = wireframe.sketch(SCREEN + '  - {on: Key, say: "Write `A*B` in **Key**, <now>."}\n')
    assert "Write <code>A*B</code> in <strong>Key</strong>, &lt;now&gt;." in html


def test_the_caption_says_that_it_is_a_sketch_and_of_which_month() -> None:
    caption = wireframe.sketch(SCREEN + "  - {on: Key, say: x}\n").split("<figcaption>")[1].split("</figcaption>")[0]
    assert "sketch" in caption
    assert f"{facts.as_of():%B %Y}" in caption


def test_a_screen_reader_hears_what_is_drawn() -> None:
    sketch = draw()
    assert {attributes.get("aria-label") for tag, attributes in sketch.tags} >= {"Sketch of the screen Edit variables"}
    said = "".join(sketch.words)
    for words in ("Save, button", "Key, field", "Test, selected", "two, chosen", "one, not chosen", "Enabled, ticked"):
        assert words in said
    assert [attributes["scope"] for tag, attributes in sketch.tags if tag == "th"] == ["col", "col"]
    assert not [tag for tag, _ in sketch.tags if tag in ("button", "input", "select", "a")]  # nothing works here


HOSTILE = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc"]), min_size=1).filter(
    lambda text: text.strip()
)


@given(HOSTILE, HOSTILE)
def test_words_stay_words(label: str, value: str) -> None:
    quoted = [f'"{text.translate({34: chr(92) + chr(34), 92: chr(92) * 2})}"' for text in (label, value)]
    screen = "title: {0}\npanels: [{{panel: \u03a0, rows: [{{field: {0}, value: {1}}}]}}]\ncallouts:\n".format(*quoted)
    sketch = Outline(wireframe.sketch(f"{screen}  - {{on: {quoted[0]}, say: x}}\n"))
    allowed = {"figure", "figcaption", "div", "span", "ol", "li"}
    assert {tag for tag, _ in sketch.tags} <= allowed
    assert value.rstrip() in sketch.words


WRONG = {
    "a callout that names nothing": ("  - {on: Kye, say: x}\n", 27, "'Kye' is nothing on the screen; there are Add"),
    "a callout that names two things": ("  - {on: Test, say: x}\n", 27, "write one of: tab > Test, Variables > Test"),
    "a callout that says nothing": ("  - {on: Key}\n", 27, "'say' is missing"),
    "a callout that says a blank": ('  - {on: Key, say: " "}\n', 27, "there is nothing here"),
    "no callout": ("  []\n", 27, "a list is expected"),
    "an unknown key": ("  - {on: Key, say: x, colour: red}\n", 27, "there is no key 'colour'"),
    "a key twice": ("  - {on: Key, say: x}\ntitle: again\n", 28, "the key 'title' is here twice"),
    "no YAML": ("  - {on: Key, say: x\n", 28, "it is no YAML"),
    "a wrong first": ("  - {on: Key, say: x}\nfirst: none\n", 28, "first is a number"),
}


@pytest.mark.parametrize(("callouts", "line", "words"), WRONG.values(), ids=WRONG)
def test_a_wrong_callout_is_told_with_its_line(callouts: str, line: int, words: str) -> None:
    with pytest.raises(Flaw) as caught:
        wireframe.sketch(SCREEN + callouts)
    assert words in caught.value.words
    assert caught.value.line == line


ELSEWHERE = [
    ("tab: Test", "tab: Tset", 5, "'Tset' is none of Code, Test"),
    ("at: Variables", "at: Values", 7, "'Values' is none of Variables, Tags"),
    ("main: Save", "main: Store", 11, "'Store' is none of the buttons"),
    ("chosen: two", "chosen: three", 16, "'three' is none of the options"),
    ("ticked: yes", "ticked: maybe", 17, "yes or no"),
    ("[[a.json, 83 B]]", "[[a.json]]", 21, "1 cells, and the table 2 columns"),
    ("{link: Details}", "{lnk: Details}", 20, "a row is one of: field"),
    ("{link: Details}", "{link: Details, note: x}", 20, "a row is one of: field"),
    ("{link: Details}", "{link: [Details]}", 20, "a text is expected"),
    ("{link: Details}", "Details", 20, "a mapping"),
    ("value: 128 MB", "vlaue: 128 MB", 15, "there is no key 'vlaue'"),
    ("buttons: [Add trigger]", "main: Save", 3, "there are no buttons"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), ELSEWHERE)
def test_a_wrong_screen_is_told_with_its_line(right: str, wrong: str, line: int, words: str) -> None:
    assert right in SCREEN
    with pytest.raises(Flaw) as caught:
        draw(screen=SCREEN.replace(right, wrong))
    assert words in caught.value.words
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text", ["", "# nothing", "a: \x07", "- [" * 5000, "a: &x [*x]", "just words", "a: !!python/name:os"]
)
def test_whatever_stands_in_a_fence_is_a_flaw_at_worst(text: str) -> None:
    with pytest.raises(Flaw):
        wireframe.sketch(text)


def test_the_line_is_that_of_the_page() -> None:
    page = f"# Page\n\nText.\n\n```wireframe\n{SCREEN}  - {{on: Kye, say: x}}\n```\n"
    with pytest.raises(
        FenceFault, match=r"^line 32, in a wireframe: 'Kye' is nothing .* It says: - \{on: Kye, say: x\}$"
    ):
        convert(page)


def test_in_a_list_and_in_a_fence_about_fences() -> None:
    fence = f"```wireframe\n{SCREEN}  - {{on: Key, say: x}}\n```\n"
    inside = "1. Step\n\n" + "".join(f"    {line}\n" for line in fence.splitlines())
    assert "wf-screen" in convert(inside)
    assert "wf-screen" not in convert(f"````markdown\n{fence}````\n")


def convert(page: str) -> str:
    fences = [{"name": "wireframe", "class": "wireframe", "format": wireframe.draw}]
    configs = {"pymdownx.superfences": {"custom_fences": fences}}
    return Markdown(extensions=["pymdownx.superfences"], extension_configs=configs).convert(page)


def test_a_wrong_sketch_fails_the_build_with_the_name_of_its_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Page\n\n```wireframe\n{SCREEN}  - {{on: Kye, say: x}}\n```\n")
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nmarkdown_extensions:\n  - pymdownx.superfences:\n      custom_fences:\n"
        "        - {name: wireframe, class: wireframe, format: !!python/name:workbook.site.wireframe.draw }\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1
    assert "'index.md'" in done.stderr
    assert "line 30, in a wireframe: 'Kye' is nothing on the screen" in done.stderr
    assert "Traceback" not in done.stderr
