"""No page breaks a rule of WCAG 2.2 A or AA that axe-core can see, in light and in dark; judged in Chromium."""

from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright comes with the group `dev`")

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT / "docs").with_suffix("").as_posix() for path in (ROOT / "docs").rglob("*.md"))
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
COLOURS = {**WCAG, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PAINT = "scheme => document.body.setAttribute('data-md-color-scheme', scheme)"
RUN = """async options => (await axe.run(document, options)).violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))"""


@pytest.fixture(scope="module")
def axe() -> str:
    found = find_spec("axe_playwright_python")
    if found is None:
        pytest.skip("axe-core comes with the group `dev`")
    return Path(found.origin).with_name("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("page", [*PAGES, "404.html"])
def test_every_page_can_be_read_by_everyone(tab, axe: str, page: str) -> None:
    open_page(tab, axe, page)
    assert tab.evaluate(RUN, WCAG) == []
    tab.evaluate(PAINT, "slate")
    assert tab.evaluate(RUN, COLOURS) == []


@pytest.mark.parametrize("page", ["checklist", "labs/07_eventbridge_scheduling"])
def test_on_a_phone_too(tab, axe: str, page: str) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    open_page(tab, axe, page)
    assert tab.evaluate(RUN, WCAG) == []


def test_a_refused_expression_can_be_read_by_everyone(tab, axe: str) -> None:
    open_page(tab, axe, "schedules")
    tab.get_by_role("button", name="rate(5 minute)", exact=True).click()
    tab.get_by_label("EventBridge Scheduler").check()
    for scheme in ("default", "slate"):
        tab.evaluate(PAINT, scheme)
        assert tab.evaluate(RUN, WCAG) == []


def test_axe_sees_what_is_wrong(tab, axe: str) -> None:
    open_page(tab, axe, "index")
    wrong = "<p style='color: #aaa; background: #fff'>pale</p><input>"
    tab.evaluate("wrong => document.querySelector('article').insertAdjacentHTML('beforeend', wrong)", wrong)
    assert {found.partition(":")[0] for found in tab.evaluate(RUN, WCAG)} == {"color-contrast", "label"}


def open_page(tab, axe: str, page: str) -> None:
    folder = page.removesuffix("index").rstrip("/")
    tab.goto(page if page.endswith(".html") else f"{folder}/".lstrip("/"))
    tab.evaluate(axe)
