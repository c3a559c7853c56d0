"""The list of mutants that may live, as design.md has it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.proof.exemption import HEADING, ExemptionError, read_exemptions
from workbook.proof.mutant import Place

ONE = "@@ handler.py, judge @@\n-if a < 1:\n+if a <= 1:\n"
BLOCK = "```diff\n{}```\n\nEquivalent: a is never 1.\n"


def test_places_and_reasons() -> None:
    dropped = "@@ policy.json @@\n-Statement[0]: {}\n"
    design = (
        f"# Lab\n\n{HEADING}\n\nWords.\n\n{BLOCK.format(ONE + dropped)}\n"
        f"{BLOCK.format(ONE).replace('Equivalent', 'Outside the contract')}\n## Next\n\n```diff\n-else\n```\n"
    )
    found = read_exemptions(design)
    assert [exemption.place for exemption in found] == [
        Place("handler.py", "judge", "if a < 1:", "if a <= 1:"),
        Place("policy.json", "", "Statement[0]: {}", ""),
        Place("handler.py", "judge", "if a < 1:", "if a <= 1:"),
    ]
    assert [exemption.reason for exemption in found][1:] == [
        "Equivalent: a is never 1.",
        "Outside the contract: a is never 1.",
    ]
    assert [design.splitlines()[exemption.line - 1][:2] for exemption in found] == ["@@", "@@", "@@"]


def test_without_the_heading_nothing_is_listed() -> None:
    assert read_exemptions(f"# Lab\n\n{BLOCK.format(ONE)}") == []


@pytest.mark.parametrize(
    ("section", "line", "words"),
    [
        (BLOCK.format(ONE).replace("Equivalent: ", ""), 7, "the reason after a block begins with 'Equivalent: '"),
        (BLOCK.format(ONE).removesuffix("```\n\nEquivalent: a is never 1.\n"), 1, "is not closed"),
        (BLOCK.format(ONE.replace("@@ handler.py", "handler.py")), 4, "a place begins with"),
        (BLOCK.format(ONE.replace("-if", "if")), 4, "a place is `@@ FILE, FUNCTION @@`, a line with -"),
        (BLOCK.format("@@ handler.py @@\n-a\n" + ONE.replace(" judge @@", "")), 6, "a place is"),
        (BLOCK.format(ONE + "+if a:\n"), 4, "a place is"),
        (BLOCK.format(""), 4, "a place begins with"),
    ],
)
def test_what_cannot_be_read(section, line, words) -> None:
    with pytest.raises(ExemptionError, match=words.replace("[", r"\[")) as caught:
        read_exemptions(f"{HEADING}\n\n{section}")
    assert caught.value.line == line


LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
NAMES = st.text(st.characters(categories=["L"]), min_size=1)
PLACES = st.builds(Place, NAMES, st.just("") | NAMES, LINES, st.just("") | LINES)


@given(st.lists(PLACES, min_size=1, max_size=5))
def test_what_is_printed_can_be_listed(places) -> None:
    written = "".join(f"{place}\n" for place in places)
    found = read_exemptions(f"{HEADING}\n\n{BLOCK.format(written)}")
    assert [exemption.place for exemption in found] == places


@given(st.text(st.sampled_from("`-+@ diff\n:Equivalent,#")))
def test_any_text_is_read_or_refused(text) -> None:
    with contextlib.suppress(ExemptionError):
        assert all(exemption.place.file for exemption in read_exemptions(f"{HEADING}\n{text}"))
