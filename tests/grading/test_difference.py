import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.grading.difference import find_differences, show

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_equal_values_do_not_differ(value: Any) -> None:
    assert list(find_differences(value, copy.deepcopy(value))) == []


def strict(value: Any) -> Any:
    """The value with booleans told from numbers, as JSON does and Python does not."""
    if isinstance(value, dict):
        return {key: strict(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [strict(inner) for inner in value]
    return (isinstance(value, bool), value)


@given(JSON, JSON)
def test_different_values_differ_in_lines_that_name_places(got: Any, expected: Any) -> None:
    found = list(find_differences(got, expected))
    assert (not found) == (strict(got) == strict(expected))
    assert all(line.startswith("the answer") for line in found)


@given(JSON)
def test_a_shown_value_is_short(value: Any) -> None:
    assert len(show(value, 60)) <= 60


@pytest.mark.parametrize(
    ("got", "expected", "line"),
    [
        ({"body": {"level": 0}}, {"body": {"level": 1}}, "the answer['body']['level'] is 0; expected 1"),
        ("low", "high", 'the answer is "low"; expected "high"'),
        ({"at": [1, 2]}, {"at": [1, 3]}, "the answer['at'][1] is 2; expected 3"),
        ([1, 2], [1], "the answer has 2 entries; expected 1"),
        ({}, {"a": None}, "the answer['a'] is missing; expected null"),
        ({"a": 1}, {}, "the answer['a'] is not expected; it is 1"),
        ("1", 1, 'the answer is "1" (text); expected 1 (number)'),
        ("a" * 50, "a" * 45, f"""the answer, character 46: "{"a" * 25}"; expected "{"a" * 20}\""""),
    ],
)  # fmt: skip
def test_the_place_of_a_difference_is_named(got: Any, expected: Any, line: str) -> None:
    assert list(find_differences(got, expected)) == [line]


def test_every_place_is_named_at_once() -> None:
    got = {"station": "south-quay", "at": [1, {"hour": "9"}], "more": True}
    expected = {"station": "north-quay", "pm25": 12.4, "at": [1, {"hour": 9}]}
    assert list(find_differences(got, expected, "it")) == [
        """it['station'] is "south-quay"; expected "north-quay\"""",
        "it['pm25'] is missing; expected 12.4",
        """it['at'][1]['hour'] is "9" (text); expected 9 (number)""",
        "it['more'] is not expected; it is true",
    ]
