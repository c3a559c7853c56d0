"""Events as they travel: checked as the Invoke API checks them, before the function runs."""

import json
from typing import Any

MAX_EVENT_BYTES = 6 * 1024 * 1024


class InvalidEvent(ValueError):
    """The event is refused before the function runs, as the Invoke API does."""


def encode_event(event: Any) -> bytes:
    """`event` as the JSON that travels. Raises InvalidEvent as the Invoke API would refuse it."""
    try:
        body = json.dumps(event, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidEvent(f"Could not parse request body into json: {error}") from error
    if len(body) > MAX_EVENT_BYTES:
        raise InvalidEvent(f"Request must be smaller than {MAX_EVENT_BYTES} bytes for the InvokeFunction operation")
    return body


def parse_event(text: str) -> Any:
    """The event in a JSON text. Raises InvalidEvent with what is wrong and where."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent(f"Could not parse request body into json: {error}") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
