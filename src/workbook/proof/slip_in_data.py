"""Slips in what is no program: a JSON policy, a TOML schedule, a list of requirements."""

import ast
import copy
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbook.proof.slip import misspell

DROPPED = ("drop_entry", "an entry is forgotten")
NUMBER = ("misstate_number", "a number is wrong by one")
WIDENED = ("widen_permission", "an action or a resource is wider than it should be")
MISSPELT = ("misspell_word", "a word is misspelt")
SWAPPED = ("swap_effect", "what should be allowed is denied, or the other way round")
EFFECTS = {"Allow": "Deny", "Deny": "Allow"}
PERMISSIONS = {"Action", "NotAction", "Principal", "Resource", "NotResource"}


@dataclass(frozen=True)
class DataSlip:
    """The file's text with a slip in it, and the lines before and after; `line` counts from 1."""

    name: str
    meaning: str
    line: int
    before: str
    after: str
    text: str


def read_json(text: str) -> Iterator[DataSlip]:
    """Slips in a JSON document: an entry dropped, a number wrong, and in a policy a permission widened."""
    top = json.loads(text)
    for path, value in _walk(top):
        line = _line_of(text, path)
        before = f"{_written(path)}: {json.dumps(value, ensure_ascii=False)}"
        if path:
            without = copy.deepcopy(top)
            del _holder(without, path)[path[-1]]
            yield DataSlip(*DROPPED, line, before, "", _dumped(without))
        for (name, meaning), new in _other_values(path, value):
            changed = copy.deepcopy(top)
            if path:
                _holder(changed, path)[path[-1]] = new
            else:
                changed = new
            after = f"{_written(path)}: {json.dumps(new, ensure_ascii=False)}"
            if new != value:
                yield DataSlip(name, meaning, line, before, after, _dumped(changed))


def read_toml(text: str) -> Iterator[DataSlip]:
    """Slips in a TOML file, line by line: a line dropped, each number in a value wrong by one."""
    was = tomllib.loads(text)
    for slip in _read(text, re.compile(r"^\s*[\w.\"'-]+\s*=\s*(?P<value>.*)$")):
        try:
            if tomllib.loads(slip.text) != was:
                yield slip
        except tomllib.TOMLDecodeError:
            continue


def read_lines(text: str) -> Iterator[DataSlip]:
    """Slips in a list of requirements: a line dropped, each number of a version wrong by one."""
    return _read(text, re.compile(r"^\s*[a-zA-Z][\w.\[\],-]*\s*[<>=~!]=?=?\s*(?P<value>[^#]*)"))


def _read(text: str, entry: re.Pattern[str]) -> Iterator[DataSlip]:
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        found = entry.match(line)
        if not found:
            continue
        before = line.strip()
        yield DataSlip(*DROPPED, place + 1, before, "", "".join(lines[:place] + lines[place + 1 :]))
        for number in re.finditer(r"\d+", found["value"]):
            start, end = found.start("value") + number.start(), found.start("value") + number.end()
            changed = f"{line[:start]}{int(number[0]) + 1}{line[end:]}"
            whole = "".join([*lines[:place], changed, *lines[place + 1 :]])
            yield DataSlip(*NUMBER, place + 1, before, changed.strip(), whole)


def _other_values(path: tuple[str | int, ...], value: Any) -> Iterator[tuple[tuple[str, str], Any]]:
    """What stands there after a slip."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield NUMBER, value + 1
    if not isinstance(value, str):
        return
    if PERMISSIONS.isdisjoint(path):
        yield from [(SWAPPED, EFFECTS[value])] if value in EFFECTS else [(MISSPELT, misspell(value))]
        return
    yield WIDENED, "*"
    service, colon, _ = value.partition(":")
    if not value.startswith("arn:"):
        yield from [(WIDENED, f"{service}:*")] if colon else []
        return
    folder, slash, _ = value.rpartition("/")
    yield WIDENED, f"{folder}/*" if slash else f"{value}/*"
    yield WIDENED, f"{folder.partition('/')[0]}/*" if slash else f"{value}*"


def _walk(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _walk(one, (*path, key))


def _holder(top: Any, path: tuple[str | int, ...]) -> Any:
    for key in path[:-1]:
        top = top[key]
    return top


def _line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line on which the value begins. A JSON document is, but for its words, a Python expression."""
    node, value = ast.parse(text.strip(), mode="eval").body, json.loads(text)
    for key in path:
        if isinstance(node, ast.Dict):
            node = node.values[list(value).index(key)]
        elif isinstance(node, ast.List):
            node = node.elts[int(key)]
        value = value[key]
    blank = len(text) - len(text.lstrip())
    return node.lineno + text[:blank].count("\n")


def _written(path: tuple[str | int, ...]) -> str:
    """`Statement[0].Action`."""
    parts = [f"[{key}]" if isinstance(key, int) else f".{key}" for key in path]
    return "".join(parts).lstrip(".")


def _dumped(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
