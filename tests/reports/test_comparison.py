"""Two answers, line by line."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.comparison import MOST_LINES, compare, print_comparison


def answer(payload: Any, request_id: str = "0" * 36) -> dict[str, Any]:
    return {"payload": payload, "report": {"request_id": request_id}}


def test_what_differs_stands_between_what_does_not() -> None:
    first = {"statusCode": 200, "level": "good", "a": 1, "b": 2, "c": 3, "d": 4}
    assert compare(answer(first), answer({**first, "level": "high"})) == [
        "  {",
        '    "statusCode": 200,',
        '-   "level": "good",',
        '+   "level": "high",',
        '    "a": 1,',
        '    "b": 2,',
        '    "c": 3,',
    ]


def test_json_within_a_text_is_taken_apart() -> None:
    found = compare(answer({"body": '{"x": 1, "y": [1]}'}), answer({"body": '{"x": 2, "y": [1]}'}))
    assert [line for line in found if line[0] in "-+"] == ['-     "x": 1,', '+     "x": 2,']


def test_the_requests_own_id_is_no_difference() -> None:
    one, other = "1" * 36, "2" * 36
    assert compare(answer({"body": f'{{"id": "{one}"}}'}, one), answer({"body": f'{{"id": "{other}"}}'}, other)) == []
    assert compare(answer(one, one), answer(one, other)) != []


def test_places_far_apart_are_parted() -> None:
    first = list(range(40))
    found = compare(answer(first), answer([-1, *first[1:-1], -2]))
    assert found.count("  ...") == 1
    assert [line[0] for line in found if line[0] != " "] == ["-", "+", "-", "+"]


@pytest.mark.parametrize("text", ["--- a", "+++ b", "@@ -1 +1 @@", "{not json", "["])
def test_texts_that_look_like_something_else_are_only_texts(text: str) -> None:
    assert compare(answer([text]), answer([text])) == []
    assert compare(answer([text]), answer(["x"])) == ["  [", f"-   {json.dumps(text)}", '+   "x"', "  ]"]


def test_a_very_long_answer_is_cut() -> None:
    assert compare(answer(list(range(2 * MOST_LINES))), answer([]))[-2].startswith("- (")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, JSON)
def test_only_equal_answers_have_no_difference(first: Any, second: Any) -> None:
    assert compare(answer(first), answer(first)) == []
    assert all(line[:2] in ("- ", "+ ", "  ") for line in compare(answer(first), answer(second)))


def test_it_is_printed_with_the_names_of_both_events(capsys) -> None:
    print_comparison(compare(answer("\x1b[31mred"), answer("b")), "one.json", "two.json")
    assert capsys.readouterr().out == (
        '\nDifference of the answers\n  - one.json\n  + two.json\n  - "\\u001b[31mred"\n  + "b"\n'
    )
    print_comparison([], "one.json", "two.json")
    assert capsys.readouterr().out == "\nThe two answers are equal.\n"
