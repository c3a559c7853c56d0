"""The fence `diagram`, and the drawings themselves: named, described, and of no colour but the page's."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown import Markdown

pytest.importorskip("mkdocs", reason="mkdocs comes with the group `docs`")

from workbook.site import diagram
from workbook.site.fence import FenceFault

DRAWINGS = sorted(diagram.FOLDER.glob("*.svg"))
STYLES = (Path(__file__).resolve().parents[2] / "docs/assets/css/diagram.css").read_text("utf-8")


def convert(page: str) -> str:
    fences = [{"name": "diagram", "class": "diagram", "format": diagram.draw}]
    configs = {"pymdownx.superfences": {"custom_fences": fences}}
    return Markdown(extensions=["pymdownx.superfences"], extension_configs=configs).convert(page)


def write(name: str) -> str:
    return f"Text.\n\n```diagram\nfile: {name}\ncaption: What <it> shows.\n```\n"


def test_all_that_the_site_promises_are_drawn() -> None:
    assert {path.stem for path in DRAWINGS} >= {"cold-and-warm", "iam-evaluation", "invocation", "retry", "zip-layout"}


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_shown_with_its_name_and_its_description(path: Path) -> None:
    html = convert(write(path.stem))
    figure = ElementTree.fromstring(re.search(r"<figure.*</figure>", html, re.DOTALL)[0])
    svg = figure.find("svg")
    assert svg.get("role") == "img"
    named = {part.get("id"): part.text for part in (svg.find("title"), svg.find("desc"))}
    assert len(named[svg.get("aria-labelledby")]) > 10
    assert len(named[svg.get("aria-describedby")]) > 100
    assert figure.find("figcaption").text == "What <it> shows."
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert all(one.startswith(f"{path.stem}-") for one in ids)
    assert {name for value in re.findall(r"url\(#([^)]+)\)", html) for name in [value]} <= set(ids)


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_takes_its_colours_from_the_page(path: Path) -> None:
    svg = ElementTree.fromstring(path.read_text("utf-8"))
    known = set(re.findall(r"\.diagram (?:svg )?\.([a-z]+)", STYLES))
    for element in svg.iter():
        assert not {"fill", "stroke", "style", "color", "font-size", "href"} & set(element.attrib), element.attrib
        assert set(element.get("class", "").split()) <= known
        assert element.tag.removeprefix(diagram.SVG) in {
            "svg", "title", "desc", "defs", "marker", "path", "rect", "text",
        }  # fmt: skip


def test_two_drawings_on_a_page_share_no_id() -> None:
    ids = re.findall(
        r' id="([^"]+)"', convert(write("retry") + "\n" + write("zip-layout") + "\n" + write("invocation"))
    )
    assert len(ids) == len(set(ids)) > 5


@pytest.mark.parametrize("name", ["no-such", "../assets/diagrams/retry", "retry.svg", "Retry"])
def test_a_drawing_that_is_not_there_fails_the_build(name: str) -> None:
    with pytest.raises(FenceFault, match=r"line 4, in a diagram: there is no drawing .*; there are .*cold-and-warm, "):
        convert(write(name))


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ("<svg", "is no XML"),
        ("<svg><desc>d</desc><title>t</title></svg>", "does not begin with a title and a desc"),
        ("<svg><title>t</title></svg>", "does not begin"),
        ("<svg><title>t</title><desc> </desc></svg>", "does not begin"),
    ],
)
def test_a_drawing_without_words_fails_the_build(
    svg: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.svg").write_text(svg)
    monkeypatch.setattr(diagram, "FOLDER", tmp_path)
    with pytest.raises(FenceFault, match=words):
        convert(write("mine"))


def test_an_unknown_key_fails_the_build() -> None:
    with pytest.raises(FenceFault, match=r"line 4, in a diagram: there is no key 'src' here"):
        convert(write("retry").replace("file:", "src:"))
