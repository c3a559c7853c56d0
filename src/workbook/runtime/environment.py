"""An execution environment: one process of a function, from its cold start until it is closed.

It serves one event at a time, keeps its module state between events, and ends with a timeout, an exit, a
failed init phase or too much memory, as on AWS (docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment).
"""

import os
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import Empty

from workbook.runtime import leftovers, logs, processes
from workbook.runtime.api import Event, Kind, Message, RuntimeApi
from workbook.runtime.launch import FunctionProcess, Launch
from workbook.runtime.outcome import Ending, Outcome

INIT_SECONDS = 10.0
WATCH_SECONDS = 0.1
DRAIN_SECONDS = 0.2
END_SECONDS = 5.0
MAX_LOG_BYTES = 256 * 1024 * 1024

ENDINGS = {
    Kind.RESPONSE: Ending.ANSWERED,
    Kind.ERROR: Ending.FAILED,
    Kind.INIT_ERROR: Ending.INIT_FAILED,
    Kind.EXIT: Ending.EXITED,
    Kind.TOO_LARGE: Ending.TOO_LARGE,
}


class BudgetSpent(Exception):
    """The wall budget that all invocations of a submission share is used up."""


class Gone(Exception):
    """The process had ended before it took the event, which may go to another."""


class ExecutionEnvironment:
    """Starts the process at construction; `prepare` makes the launch from the Runtime API's address and the
    environment's own folder. `alive` turns False when the process has ended, whoever ended it."""

    def __init__(
        self,
        start: Callable[[Launch], FunctionProcess],
        prepare: Callable[[str, Path], Launch],
        *,
        memory_mb: int,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._temporary, self._folder = make_folder()
        self._log = (self._folder / "log").open("ab+")
        self._read_to = 0
        self._memory_mb = memory_mb
        self._began = time.time()
        self._api = RuntimeApi(on_answer=on_answer, log_size=self._log_size)
        self._init_ms: float | None = None
        self._init_log = b""
        self._peak_mb = 0
        self._over_limit = False
        self.alive = True
        try:
            launch = prepare(self._api.address, self._folder)
            self._process = start(replace(launch, entrances={**launch.entrances, self._api.port: self._api.take}))
        except BaseException:
            self._api.close()
            self._log.close()
            self._temporary.cleanup()
            raise
        self._started = time.perf_counter()
        self._at_exit = weakref.finalize(self, self._process.end)
        self._watcher = threading.Thread(target=self._watch, name="function-exit", daemon=True)
        self._watcher.start()

    def invoke(self, event: Event, timeout: float, cutoff: float | None = None) -> Outcome:
        """Run one event. `timeout` in seconds; `cutoff` is a time.monotonic() past which nothing may run.

        The clock of `timeout` starts when the event is delivered, after the init phase. Raises BudgetSpent when
        `cutoff` lies in the past, and Gone when the process ended between two events.
        """
        warm = self._init_ms is not None
        if not warm and (failed := self._await_init(cutoff)):
            return failed
        limit = _within(timeout, cutoff)
        delivered = time.perf_counter()
        self._api.deliver(event)
        message = self._await_message(limit, delivered)
        if message is None:
            self._api.withdraw()
            self._end_process()
            return self._describe(Ending.TIMED_OUT, None, limit * 1000, cut_short=limit < timeout)
        if message.kind is Kind.EXIT and warm and self._api.delivered_at is None:
            raise Gone
        duration_ms = max(0.0, (message.at - (self._api.delivered_at or delivered)) * 1000)
        self._note_memory()
        ending = ENDINGS[message.kind]
        if ending not in (Ending.ANSWERED, Ending.FAILED):
            self._end_process()
        return self._describe(ending, message, duration_ms)

    def close(self) -> None:
        """End the process and everything it started; remove every file that it left."""
        self._end_process()
        self._at_exit.detach()
        self._api.close()
        leftovers.remove(self._folder / "created", since=self._began - 1)
        self._log.close()
        self._temporary.cleanup()

    def _await_init(self, cutoff: float | None) -> Outcome | None:
        """The outcome when the init phase failed; None when the function is ready."""
        limit = _within(INIT_SECONDS, cutoff)
        message = self._await_message(limit, self._started)
        if message and message.kind is Kind.READY:
            self._init_ms = (message.at - self._started) * 1000
            self._init_log = self._read_log(message.log_size)
            self._note_memory()
            return None
        spent_ms = (time.perf_counter() - self._started) * 1000
        self._end_process()
        if message is None:
            return self._describe(Ending.TIMED_OUT, None, spent_ms, in_init=True, cut_short=limit < INIT_SECONDS)
        return self._describe(ENDINGS[message.kind], message, spent_ms, in_init=True)

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
        self._note_memory()
        if self._peak_mb > self._memory_mb or self._log_size() > MAX_LOG_BYTES:
            self._over_limit = True
            self._process.end()

    def _note_memory(self) -> None:
        self._peak_mb = max(self._peak_mb, self._process.peak_memory_mb())

    def _watch(self) -> None:
        status = self._process.wait()
        if self.alive:
            self.alive = False
            self._api.drain(DRAIN_SECONDS)
        self._api.messages.put(Message(Kind.EXIT, status=status))

    def _end_process(self) -> None:
        self.alive = False
        self._process.end()
        self._watcher.join(END_SECONDS)

    def _describe(
        self,
        ending: Ending,
        message: Message | None,
        duration_ms: float,
        *,
        in_init: bool = False,
        cut_short: bool = False,
    ) -> Outcome:
        init_log, self._init_log = self._init_log, b""
        status = message.status if message else None
        return Outcome(
            ending=ending,
            body=message.body if message else b"",
            init_log=init_log,
            log=self._read_log(message.log_size if message else None),
            duration_ms=duration_ms,
            init_ms=self._init_ms,
            max_memory_mb=max(1, min(self._peak_mb, self._memory_mb) if self._over_limit else self._peak_mb),
            exit_reason=processes.KILLED if self._over_limit else processes.describe_exit(status or 0),
            in_init=in_init,
            cut_short=cut_short,
        )

    def _log_size(self) -> int:
        return os.fstat(self._log.fileno()).st_size

    def _read_log(self, end: int | None) -> bytes:
        """The log since it was last read, up to `end`; nothing when the function has cut its log short."""
        start, self._read_to = self._read_to, self._log_size() if end is None else end
        return logs.read(self._log, start, self._read_to)


def make_folder() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """An environment's own folder: `tmp` for the function's files, `empty` for configuration that is not there."""
    temporary = tempfile.TemporaryDirectory(prefix="workbook-env-", ignore_cleanup_errors=True)
    folder = Path(os.path.realpath(temporary.name))
    (folder / "tmp").mkdir()
    (folder / "empty").touch()
    return temporary, folder


def _within(limit: float, cutoff: float | None) -> float:
    """`limit` seconds, or what is left until `cutoff`. Raises BudgetSpent when nothing is."""
    if cutoff is None:
        return limit
    left = cutoff - time.monotonic()
    if left <= 0:
        raise BudgetSpent
    return min(limit, left)
