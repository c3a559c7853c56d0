"""An outcome → the Invocation: the payload that AWS's Invoke API would return, its error, the log, the bill.

Messages and types as recorded on AWS (LocalStack's validated snapshots; the emulator's model.go).
"""

import json
from collections.abc import Mapping
from typing import Any

from workbook.runtime import logs, report
from workbook.runtime.configuration import Configuration
from workbook.runtime.invocation import FunctionError, Invocation, LogRecord
from workbook.runtime.outcome import Ending, Outcome
from workbook.runtime.relocation import Relocation
from workbook.runtime.wire import MAX_RESPONSE_BYTES

MAX_FRAMES = 2_000  # twice what Python's own limit of recursion gives
MAX_TEXT = 1024 * 1024  # characters


def describe(
    outcome: Outcome, event: Any, request_id: str, *, cold: bool, settings: Configuration, move: Relocation
) -> Invocation:
    """Everything about one invocation, as plain data with the paths that the function has on AWS."""
    platform_document = platform_error(outcome, request_id, settings.timeout)
    payload = platform_document or decode(outcome.body)
    failed = outcome.ending is not Ending.ANSWERED
    if failed:
        payload = move.apply_to(_bounded(payload))
    init_ms = outcome.init_ms if cold else None
    timed_out = outcome.ending is Ending.TIMED_OUT
    status = error_type = None
    closing: list[str] = []
    if timed_out:
        status = "timeout"
        closing.append(report.timeout_line(request_id, settings.timeout))
    elif platform_document:
        status, error_type = "error", platform_document["errorType"]
        if outcome.ending is Ending.EXITED:
            closing += [platform_document["errorMessage"], platform_document["errorType"]]
    elif outcome.ending is Ending.INIT_FAILED:
        status, error_type = "error", read_error(payload).type
    closing.append(report.end_line(request_id))
    closing.append(
        report.report_line(
            request_id,
            duration_ms=outcome.duration_ms,
            init_ms=init_ms,
            memory_mb=settings.memory,
            max_memory_mb=outcome.max_memory_mb,
            status=status,
            error_type=error_type,
        )
    )
    before, during = logs.read_records(outcome.init_log, move.apply), logs.read_records(outcome.log, move.apply)
    return Invocation(
        request_id=request_id,
        event=event,
        payload=payload,
        error=read_error(payload) if failed else None,
        logs=(*before, *during),
        log_text=_join(before, [report.start_line(request_id)], during, closing),
        cold=cold,
        duration_ms=round(outcome.duration_ms, 2),
        init_ms=None if init_ms is None else round(init_ms, 2),
        billed_ms=report.bill(outcome.duration_ms, init_ms),
        memory_mb=settings.memory,
        max_memory_mb=outcome.max_memory_mb,
        timed_out=timed_out,
        in_init=outcome.in_init,
        handler=settings.handler,
    )


def platform_error(outcome: Outcome, request_id: str, timeout: float) -> dict[str, str] | None:
    """The error document that the platform itself writes, or None when the function's own answer counts."""
    if outcome.ending is Ending.TIMED_OUT:
        text = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
        return {"errorType": "Sandbox.Timedout", "errorMessage": text}
    if outcome.ending is Ending.EXITED:
        text = f"RequestId: {request_id} Error: {outcome.exit_reason}"
        return {"errorType": "Runtime.ExitError", "errorMessage": text}
    if outcome.ending is Ending.TOO_LARGE:
        text = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        return {"errorMessage": text, "errorType": "Function.ResponseSizeTooLarge"}
    return None


def decode(body: bytes) -> Any:
    """The JSON value in `body`; its text when it is none (a handler may return raw bytes)."""
    text = body.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _bounded(document: Any) -> Any:
    """The error document with at most MAX_FRAMES frames, the outermost and innermost, and no text over MAX_TEXT."""
    if not isinstance(document, dict):
        return document
    bounded = {name: value[:MAX_TEXT] if isinstance(value, str) else value for name, value in document.items()}
    if isinstance(frames := document.get("stackTrace"), list):
        kept = frames if len(frames) <= MAX_FRAMES else frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
        bounded["stackTrace"] = [frame[:MAX_TEXT] if isinstance(frame, str) else frame for frame in kept]
    return bounded


def read_error(payload: Any) -> FunctionError:
    """The error in an error document, whatever was really sent."""
    if not isinstance(payload, Mapping):
        return FunctionError("Unhandled", _text(payload)[:1000])
    trace = payload.get("stackTrace")
    frames = tuple(map(_text, trace)) if isinstance(trace, list) else ()
    return FunctionError(_text(payload.get("errorType")), _text(payload.get("errorMessage")), frames)


def _text(value: Any) -> str:
    """A text that every terminal and file can take; empty for what is no text."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _join(before: tuple[LogRecord, ...], start: list[str], during: tuple[LogRecord, ...], closing: list[str]) -> str:
    lines = [*(record.text for record in before), *start, *(record.text for record in during), *closing]
    return "\n".join(lines) + "\n"
