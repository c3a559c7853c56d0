"""What a failed comparison tells."""

from typing import Any

from workbook.grading.failure import Comparison, explain


def told(got: Any, expected: Any) -> list[str]:
    return explain(AssertionError(), Comparison("==", got, expected), []).splitlines()


def test_values_seen_at_a_glance_are_shown_as_they_are() -> None:
    assert told({"a": 1}, {"a": 2}) == ['expected  {"a": 2}', 'got       {"a": 1}']


def test_several_wrong_values_are_named_at_once() -> None:
    expected = {"station": "north-quay", "time": "2026-01-14T23:30:00Z", "pm25": 12.4, "level": "moderate"}
    lines = told({**expected, "time": "2026-01-15T00:30:00", "pm25": "12.4"}, expected)
    assert lines[2:] == [
        """differs   it['time'] is "2026-01-15T00:30:00"; expected "2026-01-14T23:30:00Z\"""",
        """differs   it['pm25'] is "12.4" (text); expected 12.4 (number)""",
    ]


def test_of_many_wrong_values_the_first_are_named_and_the_others_counted() -> None:
    lines = told(["wrong value"] * 8, ["right value"] * 8)
    assert [line.split()[0] for line in lines] == ["expected", "got", *["differs"] * 7]
    assert lines[-1] == "differs   in 2 more places"
    assert told(["wrong value"] * 7, ["right value"] * 7)[-1] == "differs   in 1 more place"
