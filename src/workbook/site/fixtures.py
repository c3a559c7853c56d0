"""The reference of the pytest fixtures, from the docstrings of the fixtures and of what they give."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from textwrap import indent
from typing import Any

PREFIX = re.compile(r"\b(?:\w+\.)+(?=\w)")  # of a type's name: the modules that it is in
OWN = ("answer", "close", "reset")  # what the fixtures call themselves when a check begins and ends


def describe_fixtures(_: str = "") -> str:
    """Markdown: a section for each fixture, then one for each class that a check meets through them."""
    from workbook.cloud import ApiRequest, Call, HttpApi
    from workbook.grading import fixtures
    from workbook.runtime import Function, FunctionError, Invocation, LogRecord

    met = (Function, Invocation, FunctionError, LogRecord, fixtures.Aws, Call, fixtures.Role, HttpApi, ApiRequest)
    found = {name: value for name, value in vars(fixtures).items() if _is_fixture(value)}
    parts = ["## The fixtures { #the-fixtures }"]
    for name, fixture in sorted(found.items()):
        parts += _describe_fixture(name, inspect.unwrap(fixture))
    parts.append("## What they give { #what-they-give }")
    for kind in met:
        parts += _describe_class(kind)
    return "\n\n".join(parts)


def _is_fixture(value: Any) -> bool:
    return not isinstance(value, type) and hasattr(value, "__wrapped__") and "fixture" in type(value).__name__.lower()


def _describe_fixture(name: str, function: Callable[..., Any]) -> Iterator[str]:
    given = _show_type(inspect.signature(function).return_annotation)
    given = re.sub(r"^Iterator\[(.*)]$", r"\1", given)
    yield f"### `{name}` {{ #fixture-{name} }}"
    yield f"Gives: `{given}`."
    yield _text(function)


def _describe_class(kind: type) -> Iterator[str]:
    yield f"### `{kind.__name__}` {{ #class-{kind.__name__.lower()} }}"
    yield _text(kind)
    if is_dataclass(kind):
        rows = [f"| `.{field.name}` | <code>{_cell(_show_type(field.type))}</code> |" for field in fields(kind)]
        yield "\n".join(["| field | type |", "|---|---|", *rows])
    for name, member in vars(kind).items():
        if (
            not name.startswith("_")
            and name not in OWN
            and (isinstance(member, property) or inspect.isfunction(member))
        ):
            yield f"`{_show_member(name, member)}`\n\n:   {indent(_text(member), '    ').lstrip()}"


def _show_member(name: str, member: Any) -> str:
    if isinstance(member, property):
        return f".{name} → {_show_type(inspect.signature(member.fget).return_annotation)}" if member.fget else name
    signature = inspect.signature(member)
    written = [str(one.replace(annotation=one.empty)) for one in list(signature.parameters.values())[1:]]
    keywords = [one.kind is one.KEYWORD_ONLY for one in list(signature.parameters.values())[1:]]
    if True in keywords:
        written.insert(keywords.index(True), "*")
    given = _show_type(signature.return_annotation)
    return f".{name}({', '.join(written)})" + (f" → {given}" if given != "None" else "")


def _show_type(annotation: Any) -> str:
    text = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return PREFIX.sub("", text)


def _cell(text: str) -> str:
    return text.replace("|", "&#124;")


def _text(thing: Any) -> str:
    return inspect.getdoc(thing) or ""
