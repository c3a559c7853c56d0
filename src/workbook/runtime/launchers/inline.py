"""The function inside this very process: breakpoints work, and nothing is isolated.

No time limit, no memory limit, no read-only file system, and every installed package can be imported: for
`lab invoke --debug`, where someone stands at the breakpoint.
"""

import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook.runtime import processes
from workbook.runtime.api import Event
from workbook.runtime.environment import make_folder
from workbook.runtime.launch import Launch
from workbook.runtime.launchers.interior import Interior
from workbook.runtime.outcome import Ending, Outcome
from workbook.runtime.wire import MAX_RESPONSE_BYTES


class InlineLauncher:
    """Opens environments in this process."""

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> "InlineEnvironment":
        return InlineEnvironment(prepare, on_answer)


class InlineEnvironment:
    """Runs awslambdaric's own handler code on each event, its answers caught instead of posted."""

    def __init__(self, prepare: Callable[[str, Path], Launch], on_answer: Callable[[], None]) -> None:
        self._temporary, folder = make_folder()
        self._launch = prepare("127.0.0.1:9", folder)
        self._interior = Interior(self._launch)
        self._on_answer = on_answer
        self._handler: Callable[..., Any] | None = None
        self._init_ms: float | None = None
        self.alive = True

    def invoke(self, event: Event, timeout: float, cutoff: float | None = None) -> Outcome:
        init_log, began = b"", time.perf_counter()
        with self._interior:
            if self._handler is None:
                answer = _let_end(self._initialise)
                init_log = self._interior.take_log()
                if answer.ending is not Ending.ANSWERED:
                    return self._describe(answer, began, b"", init_log, in_init=True)
                self._init_ms, began = _since(began), time.perf_counter()
            answer = _let_end(lambda: self._handle(event))
            self._on_answer()
            return self._describe(answer, began, init_log, self._interior.take_log())

    def close(self) -> None:
        self.alive = False
        self._temporary.cleanup()

    def _initialise(self) -> "_Answer":
        from awslambdaric import bootstrap, lambda_literals

        try:
            self._handler = bootstrap._get_handler(self._launch.handler)
            return _Answer(Ending.ANSWERED)
        except bootstrap.FaultException as fault:
            error = bootstrap.make_error(fault.msg, fault.exception_type, fault.trace)
        except Exception as failure:
            below = failure.__traceback__ and failure.__traceback__.tb_next  # the first frame is this one
            error = bootstrap.build_fault_result((type(failure), failure, below), None)
        logging.warning(lambda_literals.lambda_unhandled_exception_warning_message)
        bootstrap.log_error(error, self._interior)
        return _Answer(Ending.INIT_FAILED, bootstrap.to_json(error).encode())

    def _handle(self, event: Event) -> "_Answer":
        from awslambdaric import bootstrap

        client = _Client()
        bootstrap._GLOBAL_AWS_REQUEST_ID = event.request_id
        bootstrap.handle_event_request(
            client, self._handler, event.request_id, event.body, "application/json", None, None, event.function_arn,
            event.deadline_ms(), None, self._interior,
        )  # fmt: skip
        return client.answer

    def _describe(
        self, answer: "_Answer", began: float, init_log: bytes, log: bytes, *, in_init: bool = False
    ) -> Outcome:
        self.alive = answer.ending in (Ending.ANSWERED, Ending.FAILED)
        return Outcome(
            ending=answer.ending,
            body=answer.body,
            init_log=init_log,
            log=log,
            duration_ms=_since(began),
            init_ms=self._init_ms,
            max_memory_mb=max(1, processes.peak_memory_mb(os.getpid())),
            exit_reason=processes.describe_exit(answer.exit_status),
            in_init=in_init,
        )


@dataclass(frozen=True)
class _Answer:
    ending: Ending
    body: bytes = b""
    exit_status: int = 0


class _Client:
    """Stands where awslambdaric's client of the Runtime API would."""

    def __init__(self) -> None:
        from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

        self.marshaller = LambdaMarshaller()
        self.answer = _Answer(Ending.EXITED, exit_status=1)

    def post_invocation_result(self, _id: str, result: str | bytes, *_: object) -> None:
        body = result if isinstance(result, bytes) else result.encode()
        too_large = len(body) > MAX_RESPONSE_BYTES
        self.answer = _Answer(Ending.TOO_LARGE) if too_large else _Answer(Ending.ANSWERED, body)

    def post_invocation_error(self, _id: str, error: str, *_: object) -> None:
        self.answer = _Answer(Ending.FAILED, error.encode())


def _let_end(step: Callable[[], _Answer]) -> _Answer:
    """Take `step`; what would end the runtime's own process is an answer here."""
    try:
        return step()
    except SystemExit as stop:
        if isinstance(stop.code, int):
            return _Answer(Ending.EXITED, exit_status=stop.code & 0xFF)
        if stop.code is not None:
            print(stop.code, file=sys.stderr)
        return _Answer(Ending.EXITED, exit_status=int(stop.code is not None))
    except Exception:  # such as an answer that is no UTF-8
        traceback.print_exc()
        return _Answer(Ending.EXITED, exit_status=1)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
