"""One run of a function, as plain data: what AWS would answer, log and bill."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LogRecord:
    """One entry of the function's log.

    `level` is "DEBUG" … "CRITICAL" for a record that went through logging, None for text that was printed;
    `message` is what the student wrote, `text` the whole line as CloudWatch shows it.
    """

    level: str | None
    message: str
    text: str


@dataclass(frozen=True)
class FunctionError:
    """Lambda's error payload: `type` ("KeyError", "Runtime.ExitError"), `message`, `stack_trace` (strings)."""

    type: str
    message: str
    stack_trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.type}: {self.message}" if self.message else self.type


@dataclass(frozen=True)
class Invocation:
    """What one invocation came to.

    `payload` is the decoded JSON answer (of an error: AWS's error document; of a raw answer that is no JSON:
    its text). Times are in milliseconds; `billed_ms` counts the init phase, as AWS does since August 2025
    (AWS compute blog, "standardizes billing for INIT phase"). Memory is in MB.
    `handler` is the setting of it that was called ("lambda_function.lambda_handler").
    """

    request_id: str
    event: Any
    payload: Any
    error: FunctionError | None
    logs: tuple[LogRecord, ...]
    log_text: str
    cold: bool
    duration_ms: float
    init_ms: float | None
    billed_ms: int
    memory_mb: int
    max_memory_mb: int
    timed_out: bool = False
    in_init: bool = False
    handler: str = ""

    @property
    def status_code(self) -> int:
        """The Invoke API's HTTP status: 200 for function errors too."""
        return 200

    @property
    def function_error(self) -> str | None:
        """The Invoke API's FunctionError: "Unhandled", or None."""
        return "Unhandled" if self.error else None
