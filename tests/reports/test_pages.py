"""The HTML pages in a real browser: hostile text does nothing there, and everybody can read them."""

import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from workbook.reports.class_page import to_class_page
from workbook.reports.feedback import to_feedback
from workbook.reports.tally import Tally

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
RUN = """async options => (await axe.run(document, options)).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))"""
OUTSIDE = """() => [...document.querySelectorAll('main *')].filter(one => {
    const { left, right } = one.getBoundingClientRect();
    return left < 0 || right > document.documentElement.clientWidth;
}).map(one => one.outerHTML.slice(0, 80))"""
KINDS = ("class", "feedback")


@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright comes with the group `dev`")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium fonts-dejavu)")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path: Path):
    """Opens HTML as a reader does, from a file. At the end: nothing ran, was refused or was asked for."""
    wrong: list[str] = []
    contexts = []

    def call(html: str, *, width: int = 1000, **options: object):
        path = tmp_path / "page.html"
        path.write_text(html, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda said: wrong.append(said.text))
        tab.on("dialog", lambda dialog: wrong.append(dialog.message))
        tab.on("request", lambda request: wrong.append(request.url) if request.url != path.as_uri() else None)
        tab.goto(path.as_uri())
        return tab

    yield call
    for context in contexts:
        context.close()
    assert wrong == []


def make_page(kind: str, make_document, text: str | None = None) -> str:
    document = make_document(text or "ada", text)
    if kind == "feedback":
        return to_feedback(document, text or "Ada Lovelace")
    refused = make_document(text or "eve", status="rejected", message=text or "It is a link.", checks=[], score=0)
    return to_class_page([Tally.of(text or "03_s3_writes", [document, refused])] * 2, "The last attempt.")


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_runs_nothing_and_breaks_no_layout(open_page, make_document, hostile: str, kind: str) -> None:
    plain = open_page(make_page(kind, make_document)).evaluate("document.querySelectorAll('*').length")
    tab = open_page(make_page(kind, make_document, hostile), width=390)
    assert tab.evaluate("document.querySelectorAll('*').length") == plain
    assert tab.title() != "owned"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 390])
def test_everybody_can_read_them(open_page, make_document, kind: str, scheme: str, width: int) -> None:
    found = find_spec("axe_playwright_python")
    if found is None:
        pytest.skip("axe-core comes with the group `dev`")
    tab = open_page(make_page(kind, make_document), width=width, color_scheme=scheme, bypass_csp=True)
    tab.evaluate(Path(found.origin).with_name("axe.min.js").read_text("utf-8"))
    assert tab.evaluate(RUN, WCAG) == []
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(255, 255, 255)" if scheme == "light" else "rgb(20, 23, 29)"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_it_is_dark_on_light_and_nothing_is_cut(open_page, make_document, kind: str) -> None:
    tab = open_page(make_page(kind, make_document), color_scheme="dark")
    tab.emulate_media(media="print")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert set(tab.evaluate("[...document.querySelectorAll('pre')].map(one => getComputedStyle(one).maxHeight)")) <= {
        "none"
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_browser_is_told_to_run_and_load_nothing(make_document, kind: str) -> None:
    page = make_page(kind, make_document)
    assert """content="default-src 'none'; style-src 'sha256-""" in page
    assert not re.search(r"<script|<link|<img|<iframe| style=| on[a-z]+=|url\(|@import|https?:", page)


def test_a_script_that_got_in_would_not_run(chromium, make_document, tmp_path: Path) -> None:
    script = "<p id=probe>not run</p><script>probe.textContent = 'run'</script></main>"
    path = tmp_path / "page.html"
    path.write_text(make_page("feedback", make_document).replace("</main>", script), "utf-8")
    tab = chromium.new_page()
    tab.goto(path.as_uri())
    assert tab.locator("#probe").inner_text() == "not run"
    tab.close()


def test_a_chart_says_in_words_what_it_shows(open_page, make_document) -> None:
    tab = open_page(make_page("class", make_document))
    drawn = tab.get_by_role("img")
    assert drawn.first.get_attribute("aria-label").startswith("Distribution of marks. percent of the points, from: ")
    assert all(one.get_attribute("aria-label") for one in drawn.all())
    row = tab.get_by_role("row").filter(has_text="30–39 %").first
    assert re.split(r"\s+", row.inner_text().strip())[-1] == "1"


def test_one_lab_needs_no_list_of_labs(make_document) -> None:
    page = to_class_page([Tally.of("03_s3_writes", [make_document()])], "The last attempt.")
    assert "<nav" not in page
    assert "Results: 03_s3_writes" in page


def test_a_class_without_marks_has_a_page(make_document) -> None:
    page = to_class_page([Tally.of("l", [make_document(status="not_judged", score=None, checks=[])])], "")
    assert "Nobody has a mark yet." in page
