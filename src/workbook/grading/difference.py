"""Where two JSON values first differ, and how a value is shown in a line."""

import json
from typing import Any

WIDTH = 400


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


def find_difference(got: Any, expected: Any, path: str = "the answer") -> str | None:
    """One line that names the first place where the two differ; None when they are equal."""
    if isinstance(got, dict) and isinstance(expected, dict):
        for key in expected:
            if key not in got:
                return f"{path}[{key!r}] is missing; expected {show(expected[key])}"
            if found := find_difference(got[key], expected[key], f"{path}[{key!r}]"):
                return found
        extra = [key for key in got if key not in expected]
        return f"{path}[{extra[0]!r}] is not expected; it is {show(got[extra[0]])}" if extra else None
    if isinstance(got, list) and isinstance(expected, list):
        for index, (one, other) in enumerate(zip(got, expected, strict=False)):
            if found := find_difference(one, other, f"{path}[{index}]"):
                return found
        if len(got) != len(expected):
            return f"{path} has {len(got)} entries; expected {len(expected)}"
        return None
    if isinstance(got, str) and isinstance(expected, str) and got != expected:
        at = next(
            (i for i, (a, b) in enumerate(zip(got, expected, strict=False)) if a != b), min(len(got), len(expected))
        )
        start = max(0, at - 20)
        return (
            f"{path}, character {at + 1}: {show(got[start : at + 40])}; expected {show(expected[start : at + 40])}"
            if len(got) > 40 or len(expected) > 40
            else f"{path} is {show(got)}; expected {show(expected)}"
        )
    if type(got) is not type(expected) and not _both_numbers(got, expected):
        return f"{path} is {show(got)} ({_kind(got)}); expected {show(expected)} ({_kind(expected)})"
    return None if got == expected else f"{path} is {show(got)}; expected {show(expected)}"


def _both_numbers(*values: Any) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _kind(value: Any) -> str:
    names = {str: "text", int: "number", float: "number", bool: "true/false", dict: "object", list: "list"}
    return "null" if value is None else names.get(type(value), type(value).__name__)
