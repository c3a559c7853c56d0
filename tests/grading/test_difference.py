import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbook.grading.difference import find_difference, show

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_equal_values_do_not_differ(value: Any) -> None:
    assert find_difference(value, copy.deepcopy(value)) is None


def strict(value: Any) -> Any:
    """The value with booleans told from numbers, as JSON does and Python does not."""
    if isinstance(value, dict):
        return {key: strict(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [strict(inner) for inner in value]
    return (isinstance(value, bool), value)


@given(JSON, JSON)
def test_different_values_differ_in_a_line(got: Any, expected: Any) -> None:
    found = find_difference(got, expected)
    assert (found is None) == (strict(got) == strict(expected))
    assert found is None or found.startswith("the answer")


@given(JSON)
def test_a_shown_value_is_short(value: Any) -> None:
    assert len(show(value, 60)) <= 60


def test_the_place_of_the_difference_is_named() -> None:
    got = {"body": {"level": "low", "at": [1, 2]}}
    assert find_difference(got, {"body": {"level": "high", "at": [1, 2]}}) == (
        """the answer['body']['level'] is "low"; expected "high\""""
    )
    assert (
        find_difference(got, {"body": {"level": "low", "at": [1, 3]}}) == "the answer['body']['at'][1] is 2; expected 3"
    )
    assert find_difference({}, {"a": None}) == "the answer['a'] is missing; expected null"
    assert find_difference({"a": 1}, {}) == "the answer['a'] is not expected; it is 1"
    assert find_difference("1", 1) == 'the answer is "1" (text); expected 1 (number)'
