"""An execution environment: one process of a function, from its cold start until it is closed.

It serves one event at a time, keeps its module state between events, and ends with a timeout, an exit, a
failed init phase or too much memory, as on AWS (docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment).
"""

import contextlib
import os
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from queue import Empty

from workbook.runtime import logs, processes
from workbook.runtime.api import Event, Kind, Message, RuntimeApi
from workbook.runtime.launch import FunctionProcess, Launch

INIT_SECONDS = 10.0
WATCH_SECONDS = 0.25
MAX_LOG_BYTES = 512 * 1024 * 1024


class Ending(Enum):
    """How an invocation ended, seen from the platform."""

    ANSWERED = "answered"
    FAILED = "failed"
    INIT_FAILED = "init failed"
    TIMED_OUT = "timed out"
    EXITED = "exited"
    TOO_LARGE = "response too large"


ENDINGS = {
    Kind.RESPONSE: Ending.ANSWERED,
    Kind.ERROR: Ending.FAILED,
    Kind.INIT_ERROR: Ending.INIT_FAILED,
    Kind.EXIT: Ending.EXITED,
    Kind.TOO_LARGE: Ending.TOO_LARGE,
}


@dataclass(frozen=True)
class Outcome:
    """One event's end: the untrusted `body` that came back, the raw log of the init phase (once) and of the
    invocation, times in milliseconds. `cut_short`: the budget ended it, before the function's own limit."""

    ending: Ending
    body: bytes
    content_type: str
    init_log: bytes
    log: bytes
    duration_ms: float
    init_ms: float | None
    max_memory_mb: int
    exit_reason: str = ""
    in_init: bool = False
    cut_short: bool = False


class BudgetSpent(Exception):
    """The wall budget that all invocations of a submission share is used up."""


class ExecutionEnvironment:
    """Starts the process at construction; `prepare` gets the launch from the address, the folder and its name."""

    def __init__(
        self,
        start: Callable[[Launch], FunctionProcess],
        prepare: Callable[[str, Path], Launch],
        *,
        memory_mb: int,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="workbook-env-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        (self._folder / "tmp").mkdir()
        (self._folder / "empty").touch()
        self._log = (self._folder / "log").open("ab+")
        self._read_to = 0
        self._memory_mb = memory_mb
        self._started = time.perf_counter()
        self._started_at = time.time()
        self._api = RuntimeApi(on_answer=on_answer, log_size=self._log_size)
        self._init_ms: float | None = None
        self._init_log = b""
        self._peak_mb = 0
        self.alive = True
        try:
            self._process: FunctionProcess = start(prepare(self._api.address, self._folder))
        except BaseException:
            self._api.close()
            self._log.close()
            self._temporary.cleanup()
            raise
        self._watch_exit()

    def invoke(self, event: Event, timeout: float, cutoff: float | None = None) -> Outcome:
        """Run one event. `timeout` in seconds; `cutoff` is a time.monotonic() past which nothing may run.

        The clock of `timeout` starts when the event is delivered, after the init phase.
        """
        if self._init_ms is None and (failed := self._await_init(cutoff)):
            return failed
        limit = _within(timeout, cutoff)
        delivered = time.perf_counter()
        self._api.deliver(event)
        message = self._await_message(limit, delivered)
        if message is None:
            self._api.withdraw()
            self._finish_process()
            return self._outcome(Ending.TIMED_OUT, None, limit * 1000, cut_short=limit < timeout)
        duration_ms = max(0.0, (message.at - (self._api.delivered_at or delivered)) * 1000)
        self._peak_mb = max(self._peak_mb, processes.peak_memory_mb(self._process.pid))
        ending = ENDINGS[message.kind]
        if ending not in (Ending.ANSWERED, Ending.FAILED):
            self._finish_process()
        return self._outcome(ending, message, duration_ms)

    def close(self) -> None:
        """End the process and everything it started; remove every file that it left."""
        self._finish_process()
        self._api.close()
        self._remove_created()
        self._log.close()
        self._temporary.cleanup()

    def _await_init(self, cutoff: float | None) -> Outcome | None:
        limit = _within(INIT_SECONDS, cutoff)
        message = self._await_message(limit, self._started)
        spent_ms = (time.perf_counter() - self._started) * 1000
        if message is None:
            self._finish_process()
            return self._outcome(Ending.TIMED_OUT, None, spent_ms, in_init=True, cut_short=limit < INIT_SECONDS)
        if message.kind is Kind.READY:
            self._init_ms = (message.at - self._started) * 1000
            self._init_log = self._read_log(message.log_size)
            return None
        self._finish_process()
        return self._outcome(ENDINGS[message.kind], message, spent_ms, in_init=True)

    def _await_message(self, limit: float, since: float) -> Message | None:
        """The next message, or None when `limit` seconds have passed since the event was delivered."""
        while True:
            left = limit - (time.perf_counter() - (self._api.delivered_at or since))
            try:
                return self._api.messages.get(timeout=min(max(left, 0.0), WATCH_SECONDS))
            except Empty:
                if left <= 0:
                    return None
                self._enforce_limits()

    def _enforce_limits(self) -> None:
        self._peak_mb = max(self._peak_mb, processes.peak_memory_mb(self._process.pid))
        if self._peak_mb > self._memory_mb or self._log_size() > MAX_LOG_BYTES:
            self._process.end()

    def _watch_exit(self) -> None:
        def wait() -> None:
            status = self._process.wait()
            self._api.drain(0.2)
            self._api.messages.put(Message(Kind.EXIT, status=status, log_size=None))

        self._watcher = threading.Thread(target=wait, name="function-exit", daemon=True)
        self._watcher.start()

    def _finish_process(self) -> None:
        if self.alive:
            self.alive = False
            self._process.end()
            self._watcher.join(2.0)

    def _outcome(
        self,
        ending: Ending,
        message: Message | None,
        duration_ms: float,
        *,
        in_init: bool = False,
        cut_short: bool = False,
    ) -> Outcome:
        init_log, self._init_log = self._init_log, b""
        exit_status = message.status if message else None
        return Outcome(
            ending=ending,
            body=message.body if message else b"",
            content_type=message.content_type if message else "",
            init_log=init_log,
            log=self._read_log(message.log_size if message else None),
            duration_ms=duration_ms,
            init_ms=self._init_ms,
            max_memory_mb=max(1, self._peak_mb),
            exit_reason=processes.describe_exit(exit_status) if exit_status is not None else "",
            in_init=in_init,
            cut_short=cut_short,
        )

    def _log_size(self) -> int:
        return os.fstat(self._log.fileno()).st_size

    def _read_log(self, end: int | None) -> bytes:
        """The log since it was last read, up to `end`, shortened in the middle when it is very long."""
        start, self._read_to = self._read_to, end if end is not None else self._log_size()
        parts = logs.cap(self._read_to - start)
        pieces = []
        for offset, length in parts:
            self._log.seek(start + offset)
            pieces.append(self._log.read(length))
        left_out = self._read_to - start - sum(length for _, length in parts)
        return (f"\n[... {left_out} bytes of log left out ...]\n".encode()).join(pieces)

    def _remove_created(self) -> None:
        """Remove what the function made under /tmp outside its own folder; the list of it is not trusted."""
        try:
            listed = (self._folder / "created").read_bytes().split(b"\0")
        except OSError:
            return
        for raw in sorted(filter(None, listed[:1000]), reverse=True):
            path = os.path.realpath(os.fsdecode(raw))
            if not path.startswith("/tmp/") or "/workbook-" in path:
                continue
            with contextlib.suppress(OSError):
                status = os.lstat(path)
                if status.st_uid != os.getuid() or status.st_ctime < self._started_at - 1:
                    continue
                os.rmdir(path) if stat.S_ISDIR(status.st_mode) else os.unlink(path)


def _within(limit: float, cutoff: float | None) -> float:
    """`limit` seconds, or what is left until `cutoff`. Raises BudgetSpent when nothing is."""
    if cutoff is None:
        return limit
    left = cutoff - time.monotonic()
    if left <= 0:
        raise BudgetSpent
    return min(limit, left)
