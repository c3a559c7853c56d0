"""What a failed check means in the student's own code, and what to try: a table of matchers, as data.

`diagnoses.toml` beside this file holds the table; each entry's id is its anchor on the page about troubleshooting.
"""

import functools
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.grading.failure import StudentLine, find_line
from workbook.runtime import Code, Invocation

PAGE = "docs/troubleshooting.md"
TABLE = Path(__file__).with_name("diagnoses.toml")
LONGEST_GROUP = 200


@dataclass(frozen=True)
class Symptoms:
    """What can be seen of a failure: the last invocation, the code's text, whether the check is about the log,
    whether it looks at what the function returned, the AWS calls that failed ("PutObject: NoSuchBucket"), and the
    error code of AWS that the check called forth."""

    invocation: Invocation
    code: Code | None = None
    about_logs: bool = False
    about_answer: bool = True
    failed_calls: Sequence[str] = ()
    provoked: str | None = None

    @property
    def is_provoked(self) -> bool:
        """Whether the function failed with the error that the check called forth: that is no mistake to explain."""
        error = self.invocation.error
        return error is not None and self.provoked is not None and f"({self.provoked})" in error.message

    @property
    def unasked_failures(self) -> Sequence[str]:
        """The failed calls that the check did not call forth."""
        return [call for call in self.failed_calls if call.rpartition(": ")[2] != self.provoked]


@dataclass(frozen=True)
class Diagnosis:
    """`means`: what happened in the student's code. `cure`: what to try. `id`: the entry's name and anchor."""

    id: str
    means: str
    cure: str

    def __str__(self) -> str:
        return f"means     {self.means}\ntry       {self.cure}\nmore      {PAGE}#{self.id}"


@dataclass(frozen=True)
class Entry:
    """One row of the table: its conditions (None: not asked) and its texts; `seen` is an example of the failure."""

    id: str
    seen: str
    means: str
    cure: str
    error: re.Pattern[str] | None
    message: re.Pattern[str] | None
    code: re.Pattern[str] | None
    frame: re.Pattern[str] | None
    place: str | None
    answer: str | None

    def match(self, symptoms: Symptoms) -> Mapping[str, str] | None:
        """What the texts are filled with when every condition holds, else None."""
        error, line = symptoms.invocation.error, find_line(symptoms.invocation)
        groups: dict[str, str] = {}
        if (self.error is None) != (error is None):
            return None
        if error is not None and self.error is not None:
            if not self.error.fullmatch(error.type):
                return None
            found = self.message.search(error.message[:10_000]) if self.message else None
            if self.message and not found:
                return None
            groups |= {
                key: (value or "").strip()[:LONGEST_GROUP]
                for key, value in (found.groupdict() if found else {}).items()
            }
        if self.place and (line is not None) != (self.place == "function"):
            return None
        if self.code and not (line and self.code.search(line.code)):
            return None
        if self.frame and not (error and error.stack_trace and self.frame.search(error.stack_trace[-1])):
            return None
        if self.answer:
            seen = ANSWERS[self.answer](symptoms)
            if seen is None:
                return None
            groups |= seen
        return groups | _place(line)


def diagnose(symptoms: Symptoms) -> Diagnosis | None:
    """The first entry of the table that fits; None when none does, or when the error was called forth."""
    if symptoms.is_provoked:
        return None
    for entry in table():
        groups = entry.match(symptoms)
        if groups is not None:
            return Diagnosis(entry.id, entry.means.format(**groups), entry.cure.format(**groups))
    return None


@functools.cache
def table() -> tuple[Entry, ...]:
    """Every entry, in the order in which they are tried."""
    with TABLE.open("rb") as file:
        rows = tomllib.load(file)["diagnosis"]
    return tuple(_read(row) for row in rows)


def _read(row: dict[str, str]) -> Entry:
    patterns = {key: re.compile(row[key]) if key in row else None for key in ("error", "message", "code", "frame")}
    return Entry(
        id=row["id"],
        seen=row["seen"],
        means=row["means"],
        cure=row["try"],
        place=row.get("place"),
        answer=row.get("answer"),
        **patterns,
    )


def _place(line: StudentLine | None) -> dict[str, str]:
    if line is None:
        return {"where": "", "code": ""}
    return {"where": f" in {line.file}, line {line.line}", "code": line.code}


def _in_init(symptoms: Symptoms) -> Mapping[str, str] | None:
    return {} if symptoms.invocation.in_init else None


def _nothing(symptoms: Symptoms) -> Mapping[str, str] | None:
    return {} if symptoms.about_answer and symptoms.invocation.payload is None else None


def _body_not_text(symptoms: Symptoms) -> Mapping[str, str] | None:
    payload = symptoms.invocation.payload
    return {} if isinstance(payload, dict) and isinstance(payload.get("body"), dict | list) else None


def _body_not_json(symptoms: Symptoms) -> Mapping[str, str] | None:
    payload = symptoms.invocation.payload
    body: Any = payload.get("body") if isinstance(payload, dict) else None
    if not isinstance(body, str) or not body.lstrip().startswith(("{", "[")):
        return None
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return None


def _info_lost(symptoms: Symptoms) -> Mapping[str, str] | None:
    if not symptoms.about_logs or symptoms.code is None:
        return None
    text = _python_of(symptoms.code)
    logs_info = re.search(r"\.info\(", text) and not re.search(r"\.setLevel\(|force\s*=\s*True", text)
    arrived = any(record.level == "INFO" for record in symptoms.invocation.logs)
    return {} if logs_info and not arrived else None


def _root_logs(symptoms: Symptoms) -> Mapping[str, str] | None:
    """The root logger's functions are called, and the level of another logger is set."""
    if not symptoms.about_logs or symptoms.code is None:
        return None
    text = _python_of(symptoms.code)
    called = re.search(r"^[^#\n]*\blogging\.(info|debug)\(", text, re.MULTILINE)
    own = re.search(r"getLogger\(\s*[^\s)]", text) and re.search(r"\.setLevel\(", text)
    root = re.search(r"getLogger\(\s*\)|logging\.root\b|force\s*=\s*True", text)
    return {} if called and own and not root else None


def _python_of(code: Code) -> str:
    return "\n".join(data.decode("utf-8", "replace") for name, data in code.items() if name.endswith(".py"))


def _call_failed(symptoms: Symptoms) -> Mapping[str, str] | None:
    failed = symptoms.unasked_failures
    return {"failure": failed[0]} if failed else None


def _call_denied(symptoms: Symptoms) -> Mapping[str, str] | None:
    denied = [failure for failure in symptoms.unasked_failures if "AccessDenied" in failure]
    return {"failure": denied[0]} if denied else None


ANSWERS: Mapping[str, Callable[[Symptoms], Mapping[str, str] | None]] = {
    "in-init": _in_init,
    "nothing": _nothing,
    "body-not-text": _body_not_text,
    "body-not-json": _body_not_json,
    "info-lost": _info_lost,
    "root-logs": _root_logs,
    "call-denied": _call_denied,
    "call-failed": _call_failed,
}
