"""The function inside this very process: breakpoints work, and nothing is isolated.

No time limit, no memory limit, no read-only file system, and every installed package can be imported: for
`lab invoke --debug`, where someone stands at the breakpoint.
"""

import importlib
import io
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from workbook.runtime import processes
from workbook.runtime.api import Event
from workbook.runtime.environment import Ending, Outcome
from workbook.runtime.launch import Launch


class InlineLauncher:
    """Opens environments in this process."""

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> "InlineEnvironment":
        return InlineEnvironment(prepare, on_answer)


class InlineEnvironment:
    """Runs awslambdaric's own handler code on each event, its answers caught instead of posted."""

    def __init__(self, prepare: Callable[[str, Path], Launch], on_answer: Callable[[], None]) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="workbook-env-", ignore_cleanup_errors=True)
        folder = Path(self._temporary.name)
        (folder / "tmp").mkdir()
        (folder / "empty").touch()
        self._launch = prepare("127.0.0.1:9", folder)
        self._on_answer = on_answer
        self._handler: Callable[..., Any] | None = None
        self._init_ms: float | None = None
        self.alive = True

    def invoke(self, event: Event, timeout: float, cutoff: float | None = None) -> Outcome:
        with _inside(self._launch) as output:
            from awslambdaric import bootstrap

            answers = _Answers()
            sink = bootstrap.StandardLogSink()
            with _lambda_logging(bootstrap, sink, event.request_id):
                if self._handler is None and (failure := self._initialise(bootstrap, sink)) is not None:
                    self.alive = False
                    return self._outcome(Ending.INIT_FAILED, failure, output, 0.0, in_init=True)
                began = time.perf_counter()
                try:
                    bootstrap.handle_event_request(
                        answers, self._handler, event.request_id, event.body, "application/json", None, None,
                        event.function_arn, event.deadline_ms(), None, sink,
                    )  # fmt: skip
                except SystemExit as stop:
                    self.alive = False
                    status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
                    return self._outcome(Ending.EXITED, b"", output, _since(began), exit_status=status)
                finally:
                    self._on_answer()
                ending = Ending.FAILED if answers.failed else Ending.ANSWERED
                return self._outcome(ending, answers.body, output, _since(began))

    def close(self) -> None:
        self.alive = False
        self._temporary.cleanup()

    def _initialise(self, bootstrap: Any, sink: Any) -> bytes | None:
        began = time.perf_counter()
        try:
            self._handler = bootstrap._get_handler(self._launch.handler)
        except bootstrap.FaultException as fault:
            error = bootstrap.make_error(fault.msg, fault.exception_type, fault.trace)
        except Exception:
            error = bootstrap.build_fault_result(sys.exc_info(), None)
        else:
            self._init_ms = _since(began)
            return None
        bootstrap.log_error(error, sink)
        return bytes(bootstrap.to_json(error), "utf-8")

    def _outcome(
        self, ending: Ending, body: bytes, output: "_Tee", duration_ms: float, *, in_init: bool = False,
        exit_status: int = 0,
    ) -> Outcome:  # fmt: skip
        return Outcome(
            ending=ending,
            body=body,
            content_type="application/json",
            init_log=b"",
            log=output.take(),
            duration_ms=duration_ms,
            init_ms=self._init_ms,
            max_memory_mb=max(1, processes.peak_memory_mb(os.getpid())),
            exit_reason=processes.describe_exit(exit_status),
            in_init=in_init,
        )


class _Answers:
    """Stands where the Runtime API's client would."""

    def __init__(self) -> None:
        from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

        self.marshaller = LambdaMarshaller()
        self.body, self.failed = b"", False

    def post_invocation_result(self, _id: str, result: str | bytes, *_: object) -> None:
        self.body = result if isinstance(result, bytes) else result.encode()

    def post_invocation_error(self, _id: str, error: str, *_: object) -> None:
        self.body, self.failed = error.encode(), True


class _Tee(io.TextIOBase):
    """Passes everything on to the terminal and keeps a copy for the log."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._kept = stream, io.StringIO()

    def write(self, text: str) -> int:
        self._kept.write(text)
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def take(self) -> bytes:
        kept = self._kept.getvalue().encode("utf-8", "replace")
        self._kept = io.StringIO()
        return kept


@contextmanager
def _inside(launch: Launch) -> Iterator[_Tee]:
    """Environment, working folder and import path as the function has them; all put back afterwards."""
    environment, folder, path, stdout = dict(os.environ), os.getcwd(), list(sys.path), sys.stdout
    output = _Tee(sys.stderr)
    try:
        os.environ.clear()
        os.environ.update(launch.variables)
        os.chdir(launch.task_root)
        sys.path[:0] = [str(launch.task_root), *map(str, launch.layers)]
        importlib.invalidate_caches()
        sys.stdout = output
        yield output
    finally:
        sys.stdout = stdout
        sys.path[:] = path
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)


@contextmanager
def _lambda_logging(bootstrap: Any, sink: Any, request_id: str) -> Iterator[None]:
    """The root logger as Lambda configures it, for as long as the function runs."""
    root = logging.getLogger()
    handlers, level, converter = root.handlers[:], root.level, logging.Formatter.converter
    try:
        root.handlers[:] = []
        root.setLevel(logging.WARNING)
        bootstrap._setup_logging(bootstrap.LogFormat.TEXT, "", sink)
        bootstrap._GLOBAL_AWS_REQUEST_ID = request_id
        yield
    finally:
        root.handlers[:], logging.Formatter.converter = handlers, converter
        root.setLevel(level)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
