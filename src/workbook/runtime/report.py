"""The lines that the platform, not the function, writes to the log, in AWS's own format."""

import math
from datetime import UTC, datetime


def start_line(request_id: str) -> str:
    return f"START RequestId: {request_id} Version: $LATEST"


def end_line(request_id: str) -> str:
    return f"END RequestId: {request_id}"


def timeout_line(request_id: str, timeout: float, now: datetime | None = None) -> str:
    moment = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    return f"{moment}Z {request_id} Task timed out after {timeout:.2f} seconds\n"


def bill(duration_ms: float, init_ms: float | None) -> int:
    """Whole milliseconds billed: duration plus init, rounded up (1 ms steps since December 2020)."""
    return max(1, math.ceil(round(duration_ms + (init_ms or 0.0), 2)))


def report_line(
    request_id: str,
    *,
    duration_ms: float,
    init_ms: float | None,
    memory_mb: int,
    max_memory_mb: int,
    status: str | None = None,
    error_type: str | None = None,
) -> str:
    """The REPORT line, its fields parted by tabs and closed by one, as in CloudWatch."""
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {duration_ms:.2f} ms",
        f"Billed Duration: {bill(duration_ms, init_ms)} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {max_memory_mb} MB",
    ]
    if init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
    if status:
        fields.append(f"Status: {status}")
    if error_type:
        fields.append(f"Error Type: {error_type}")
    return "\t".join(fields) + "\t"
