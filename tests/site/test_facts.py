"""Facts on pages: from the dated file, by name, and against AWS's own model."""

import re
from datetime import date
from pathlib import Path

import botocore.session
import markdown
import pytest

from workbook.course import facts
from workbook.site.facts import LIMITS, PRICES, tabulate, tell
from workbook.site.fault import PageFault

TOLD = {
    "as_of": "23 November 2026",
    "month": "November 2026",
    "limits.timeout_max": "900",
    "limits.tmp_mb_max": "10,240",
    "limits.environment_bytes": "4 KB",
    "limits.zip_upload_bytes": "50 MB",
    "limits.response_bytes": "6,291,556 bytes",
    "limits.async_event_bytes": "1 MB",
    "prices.per_million_requests": "$0.20",
    "prices.per_gb_second_x86_64": "$0.0000166667",
    "prices.free_requests_per_month": "1,000,000",
    "prices.init_billed_since": "1 August 2025",
    "runtimes.default": "python3.13",
    "runtimes.newest": "3.14",
    "runtimes.offered": "3.11, 3.12, 3.13 and 3.14",
    "runtimes.python3.9.deprecated": "15 December 2025",
    "runtimes.python3.11.os": "AL2",
}


@pytest.fixture(autouse=True)
def _on_a_day_we_know(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "as_of", lambda: date(2026, 11, 23))


@pytest.mark.parametrize("name", TOLD)
def test_a_fact_is_told_as_it_stands_in_a_sentence(name: str) -> None:
    assert tell(name) == TOLD[name]


@pytest.mark.parametrize(
    "name",
    ["", "limits", "limits.", "limits.none", "runtimes.python2.7.os", "runtimes.python3.9.none", "none.at", "as_of.x"],
)
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(PageFault, match="There is no fact"):
        tell(name)


def test_a_date_that_sources_disagree_about_is_not_told() -> None:
    with pytest.raises(PageFault, match="do not print"):
        tell("runtimes.python3.14.deprecated")
    assert "2029" not in re.search(r"(?m)^.*python3\.14.*$", tabulate("runtimes")).group()


def test_the_table_of_runtimes_lists_what_aws_names() -> None:
    """botocore's model of Lambda is the source; a runtime in preview is not in the table."""
    named = botocore.session.get_session().get_service_model("lambda").shape_for("Runtime").enum
    pythons = {name for name in named if re.fullmatch(r"python3\.\d+", name)}
    listed = re.findall(r"(?m)^\| `(python[\d.]+)` ", tabulate("runtimes"))
    assert listed
    assert set(listed) <= pythons

    def order(name: str) -> int:
        return int(name.rpartition(".")[2])

    oldest = min(map(order, listed))
    assert {name for name in pythons if order(name) >= oldest} - set(listed) == {"python3.15"}


@pytest.mark.parametrize("name", ["runtimes", "limits", "prices"])
def test_a_table_is_a_table_with_its_date_and_sources(name: str) -> None:
    shown = markdown.markdown(
        f"Before.\n\n{{{{ facts: {name} }}}}\n", extensions=["tables", "workbook.site.directives"]
    )
    assert shown.count("<table>") == 1
    assert "As of 23 November 2026. Sources: " in shown
    assert "None" not in shown


def test_every_limit_and_price_has_its_line() -> None:
    assert set(LIMITS) == set(facts.Limits._fields) - {"source"}
    assert set(PRICES) == set(facts.Prices._fields) - {"source"}


def test_a_fact_stands_in_text_in_code_and_in_a_list() -> None:
    page = "- after {{ fact: limits.timeout_max }} s\n\n```\n{{fact:runtimes.default}}\n```\n\n\\{{ fact: month }}\n"
    shown = markdown.markdown(page, extensions=["pymdownx.superfences", "workbook.site.directives"])
    assert "after 900 s" in shown
    assert "python3.13" in shown
    assert "{{ fact: month }}" in shown


def test_no_page_writes_a_date_of_a_runtime_by_itself() -> None:
    known = {day for one in facts.runtimes().values() for day in (one.deprecated, one.block_create, one.block_update)}
    forms = [
        form for day in known for form in (day.isoformat(), f"{day.day} {day:%B %Y}", f"{day:%B} {day.day}, {day.year}")
    ]
    pages = (Path(__file__).resolve().parents[2] / "docs").rglob("*.md")
    assert [page.name for page in pages for form in forms if form in page.read_text("utf-8")] == []
