"""A failed check, told to the student: what was called, what came back, what was expected, and where.

Built from plain data: the check's exception, the comparison that failed, and the invocations that it made.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbook.grading.difference import find_differences, show
from workbook.runtime import Invocation

_FRAME = re.compile(r'File "/var/task/([^"]+)", line (\d+)(?:, in ([^\n]+))?\n?\s*([^\n]*)', re.IGNORECASE)
_LOG_LINES = 12
_EVENT_WIDTH = 300
_DIFFERENCES = 6
_GLANCE = 60  # characters of two values that are compared at a glance


@dataclass(frozen=True)
class Comparison:
    """A comparison in an assert: `got OPERATOR expected`."""

    operator: str
    got: Any
    expected: Any


@dataclass(frozen=True)
class StudentLine:
    """A place in the student's own code."""

    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}" + (f": {self.code}" if self.code else "")


def find_line(invocation: Invocation) -> StudentLine | None:
    """The innermost line of the student's own code in the error's trace."""
    if invocation.error is None:
        return None
    frames = [match for frame in invocation.error.stack_trace for match in _FRAME.finditer(frame)]
    if not frames:
        return None
    file, line, _, code = frames[-1].groups()
    return StudentLine(file, int(line), code.strip())


def explain(
    error: BaseException, comparison: Comparison | None, invocations: Sequence[Invocation], handler: str = ""
) -> str:
    """The failure in lines of `what   detail`, the most telling first: that the function failed stands before
    what the check's author expected of its answer. `handler` is the lab's own: another one that the check called
    is named."""
    words = [_author_words(error)] if _author_words(error) else []
    told = _tell_invocation(invocations[-1], len(invocations), handler) if invocations else []
    failed = bool(invocations) and invocations[-1].error is not None
    lines = [*told, *words] if failed else [*words, *told]
    if isinstance(error, AssertionError):
        lines += _tell_comparison(comparison)
    else:
        lines.append(_line("then", _tell_error(error, invocations)))
    return "\n".join(lines)


def function_log(invocations: Sequence[Invocation]) -> str | None:
    """The log of everything that the check invoked, as CloudWatch would show it."""
    return "".join(invocation.log_text for invocation in invocations) or None


def tell_breakdown(breakdown: str) -> str:
    """That the local cloud broke at a call of the function's: `breakdown` is the call, then the traceback."""
    call, _, trace = breakdown.partition("\n")
    why = trace.rstrip().rpartition("\n")[2][:_EVENT_WIDTH]
    return _line("besides", f"the local cloud itself broke at {call} ({why}); if AWS takes such a call, report it")


def _line(label: str, text: str) -> str:
    return f"{label:<10}{text}"


def _author_words(error: BaseException) -> str:
    """The message that the check's author gave to assert, without pytest's own rendering."""
    if not isinstance(error, AssertionError) or not error.args:
        return ""
    text = str(error.args[0])
    head = text.split("\nassert ", 1)[0]
    return "" if head.startswith("assert ") else head.strip()


def _tell_invocation(invocation: Invocation, count: int, handler: str) -> list[str]:
    name = "the function" if invocation.handler in (handler, "") else invocation.handler
    called = f"{name} with {show(invocation.event, _EVENT_WIDTH)}"
    if count > 1:
        called += f" (invocation {count} of this check)"
    lines = [_line("called", called)]
    if invocation.error is None:
        lines.append(_line("returned", show(invocation.payload)))
        return lines
    lines.append(_line("failed", str(invocation.error).strip()[:1000]))
    if place := find_line(invocation):
        lines.append(_line("in", str(place)))
    return lines


def _tell_comparison(comparison: Comparison | None) -> list[str]:
    if comparison is None:
        return []
    got, expected = comparison.got, comparison.expected
    if comparison.operator in ("==", "is"):
        lines = [_line("expected", show(expected)), _line("got", show(got))]
        if isinstance(got, dict | list | str) and len(show(got)) > _GLANCE:
            lines += _tell_differences(got, expected)
        return lines
    words = {"in": "to be in", "not in": "not to be in", "!=": "to differ from", "is not": "not to be"}
    return [_line("expected", f"{show(got)} {words.get(comparison.operator, comparison.operator)} {show(expected)}")]


def _tell_differences(got: Any, expected: Any) -> list[str]:
    """A line for each; the first few of many."""
    found = list(find_differences(got, expected, "it"))
    lines = [_line("differs", difference) for difference in found[:_DIFFERENCES]]
    more = len(found) - _DIFFERENCES
    return [*lines, _line("differs", f"in {more} more place{'s' * (more > 1)}")] if more > 0 else lines


def _tell_error(error: BaseException, invocations: Sequence[Invocation]) -> str:
    last = invocations[-1] if invocations else None
    if isinstance(error, KeyError) and error.args:
        return f"the check looked for {error.args[0]!r}, and it is not there"
    if isinstance(error, TypeError | IndexError | AttributeError) and last and not isinstance(last.payload, dict):
        return f"the check expected an object to look into; what came back is {show(last.payload)}"
    if type(error).__name__ == "JSONDecodeError":
        return f"the check read a text as JSON, and it is none: {error}"
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        found = response.get("Error", {})
        operation = getattr(error, "operation_name", "the call")
        return f"the check looked into the cloud ({operation}) and got {found.get('Code')}: {found.get('Message')}"
    return f"{type(error).__name__}: {error}"
