"""How one event ended, as the platform saw it: raw and untrusted."""

from dataclasses import dataclass
from enum import Enum


class Ending(Enum):
    ANSWERED = "answered"
    FAILED = "failed"
    INIT_FAILED = "init failed"
    TIMED_OUT = "timed out"
    EXITED = "exited"
    TOO_LARGE = "response too large"


@dataclass(frozen=True)
class Outcome:
    """One event's end: the untrusted `body` that came back, the raw log of the init phase (once) and of the
    invocation, times in milliseconds. `cut_short`: the budget ended it, before the function's own limit."""

    ending: Ending
    body: bytes
    init_log: bytes
    log: bytes
    duration_ms: float
    init_ms: float | None
    max_memory_mb: int
    exit_reason: str = ""
    in_init: bool = False
    cut_short: bool = False
