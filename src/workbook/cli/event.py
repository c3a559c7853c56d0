"""The event that an invocation is given: a file, JSON as it is typed, standard input, a template of AWS's, or the
lab's first."""

import json
import sys
from pathlib import Path
from typing import Any

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import shorten
from workbook.course.labs import Lab


def read_event(lab: Lab, given: str | None, template: str | None = None) -> tuple[str, Any]:
    """What the event is called, and its value. Stops with exit code 2 when it is no JSON."""
    from workbook.runtime import InvalidEvent, parse_event

    label, text = read_text(lab, given, template)
    try:
        return label, parse_event(text)
    except InvalidEvent as error:
        raise Stop(f"{label} is no event: {error}. An event is one JSON value.", Exit.USAGE) from error


def read_text(lab: Lab, given: str | None, template: str | None = None) -> tuple[str, str]:
    """What the event is called, and its text. Stops with exit code 2 when it cannot be read."""
    if template is not None:
        from workbook.course import event_templates

        return f"the template {template}", event_templates.read(template)
    if given == "-":
        return "standard input", _decode(sys.stdin.buffer.read(), "standard input")
    if given is not None and given.lstrip().startswith(("{", "[")):
        return "the event on the command line", given
    if given is None:
        if not lab.events:
            return "{}", "{}"
        path = lab.events[0]
    else:
        path = _find(lab, given)
    try:
        return shorten(path), _decode(path.read_bytes(), str(path))
    except OSError as error:
        raise Stop(f"{path} cannot be read: {error.strerror}.", Exit.USAGE) from error


def _decode(content: bytes, label: str) -> str:
    """In any encoding of Unicode, as JSON allows: Windows PowerShell's `>` writes UTF-16."""
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError as error:
        raise Stop(f"{label} is no text in UTF-8: {error.reason} at byte {error.start}.", Exit.USAGE) from error


def _find(lab: Lab, given: str) -> Path:
    path = Path(given)
    if path.is_file():
        return path
    for event in lab.events:
        if given in (event.name, event.stem, f"events/{event.name}"):
            return event
    names = ", ".join(event.stem for event in lab.events) or "none"
    raise Stop(f"There is no event {given!r}. The events of {lab.id}: {names}; or name a JSON file.", Exit.USAGE)
