"""An outcome → the payload that AWS's Invoke API would return, and its error if it is one.

Messages and types as recorded on AWS (LocalStack's validated snapshots; the emulator's model.go).
"""

import json
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.runtime.api import MAX_RESPONSE_BYTES
from workbook.runtime.environment import Ending, Outcome
from workbook.runtime.invocation import FunctionError


def platform_error(outcome: Outcome, request_id: str, timeout: float) -> dict[str, Any] | None:
    """The error document that the platform itself writes, or None when the function's own answer counts."""
    if outcome.ending is Ending.TIMED_OUT:
        text = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
        return {"errorType": "Sandbox.Timedout", "errorMessage": text}
    if outcome.ending is Ending.EXITED:
        return {
            "errorType": "Runtime.ExitError",
            "errorMessage": f"RequestId: {request_id} Error: {outcome.exit_reason}",
        }
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


def read_error(payload: Any) -> FunctionError:
    """The error in an error document, whatever was really sent."""
    if not isinstance(payload, Mapping):
        return FunctionError("Unhandled", str(payload)[:1000])
    trace = payload.get("stackTrace")
    frames = tuple(map(str, trace)) if isinstance(trace, list) else ()
    return FunctionError(str(payload.get("errorType", "")), str(payload.get("errorMessage", "")), frames)


class Relocation:
    """Turns the paths of this machine in traces and logs into those that the function has on AWS."""

    def __init__(self, task_root: Path, layers: list[Path], runtime: str) -> None:
        library = f"/var/lang/lib/{runtime}"
        pairs = [
            (str(task_root), "/var/task"),
            *((str(layer), "/opt/python") for layer in layers),
            *((folder, f"{library}/site-packages") for folder in sys.path if folder.endswith("-packages")),
            (sysconfig.get_paths()["stdlib"], library),
        ]
        self._pairs = pairs

    def apply(self, text: str) -> str:
        for here, there in self._pairs:
            if here not in text:
                continue
            text = text.replace(here, there)
            if "\\" in here:
                text = _forward_slashes(text, there)
        return text

    def apply_to(self, value: Any) -> Any:
        """The error document with its message and frames relocated, frames of awslambdaric at its head dropped."""
        if not isinstance(value, dict):
            return value
        relocated = dict(value)
        for key in ("errorMessage", "stackTrace"):
            found = value.get(key)
            if isinstance(found, str):
                relocated[key] = self.apply(found)
            elif isinstance(found, list):
                relocated[key] = _drop_bootstrap(
                    [self.apply(frame) if isinstance(frame, str) else frame for frame in found]
                )
        return relocated


def _drop_bootstrap(frames: list[Any]) -> list[Any]:
    """On Windows awslambdaric does not recognise its own frame by its path, and leaves it in."""
    if len(frames) > 1 and isinstance(frames[0], str) and "awslambdaric\\bootstrap.py" in frames[0]:
        return frames[1:]
    return frames


def _forward_slashes(text: str, start: str) -> str:
    lines = []
    for line in text.split("\n"):
        before, found, after = line.partition(start)
        if found:
            path, quote, rest = after.partition('"')
            line = before + found + path.replace("\\", "/") + quote + rest
        lines.append(line)
    return "\n".join(lines)
