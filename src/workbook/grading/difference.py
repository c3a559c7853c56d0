"""Where two JSON values differ, and how a value is shown in a line."""

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 400
LONG = 40  # characters of a text, past which only the place of a difference is shown


def show(value: Any, width: int = WIDTH) -> str:
    """The value as JSON where it is JSON, else as Python writes it; shortened in the middle past `width`."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    if len(text) <= width:
        return text
    half = (width - 5) // 2
    return f"{text[:half]} ... {text[-half:]}"


def find_differences(got: Any, expected: Any, path: str = "the answer") -> Iterator[str]:
    """One line for each place where the two differ, in the order of `expected`; none when they are equal."""
    if isinstance(got, dict) and isinstance(expected, dict):
        for key, value in expected.items():
            if key in got:
                yield from find_differences(got[key], value, f"{path}[{key!r}]")
            else:
                yield f"{path}[{key!r}] is missing; expected {show(value)}"
        for key in (key for key in got if key not in expected):
            yield f"{path}[{key!r}] is not expected; it is {show(got[key])}"
    elif isinstance(got, list) and isinstance(expected, list):
        for index, (one, other) in enumerate(zip(got, expected, strict=False)):
            yield from find_differences(one, other, f"{path}[{index}]")
        if len(got) != len(expected):
            yield f"{path} has {len(got)} entries; expected {len(expected)}"
    elif isinstance(got, str) and isinstance(expected, str):
        if got != expected:
            yield _compare_texts(got, expected, path)
    elif type(got) is not type(expected) and not _both_numbers(got, expected):
        yield f"{path} is {show(got)} ({_kind(got)}); expected {show(expected)} ({_kind(expected)})"
    elif got != expected:
        yield f"{path} is {show(got)}; expected {show(expected)}"


def _compare_texts(got: str, expected: str, path: str) -> str:
    if len(got) <= LONG and len(expected) <= LONG:
        return f"{path} is {show(got)}; expected {show(expected)}"
    pairs = zip(got, expected, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(got), len(expected)))
    start = max(0, at - LONG // 2)
    shown, wanted = (show(text[start : at + LONG]) for text in (got, expected))
    return f"{path}, character {at + 1}: {shown}; expected {wanted}"


def _both_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _kind(value: Any) -> str:
    names = {str: "text", int: "number", float: "number", bool: "true/false", dict: "object", list: "list"}
    return "null" if value is None else names.get(type(value), type(value).__name__)
