"""A Lambda function: its code and configuration, and the environment in which it is warm."""

import json
import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from workbook.runtime import answers, logs, report, variables
from workbook.runtime.answers import Relocation
from workbook.runtime.api import Event
from workbook.runtime.code import Code, Stage
from workbook.runtime.environment import BudgetSpent, Ending, Outcome
from workbook.runtime.invocation import Invocation
from workbook.runtime.launch import Environment, Launch, Launcher, RuntimeClient
from workbook.runtime.launchers.spawn import SpawnLauncher, default_client

MAX_EVENT_BYTES = 6 * 1024 * 1024
ATTEMPTS = 3  # an asynchronous event is tried again twice


class InvalidEvent(ValueError):
    """The event is refused before the function runs, as the Invoke API does."""


class Gate(Protocol):
    """Whether the cloud may answer the function: it is frozen between invocations."""

    def open(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Platform:
    """What surrounds a function: where its AWS calls go, who starts it, how long all of its runs may take.

    `cutoff` is a time.monotonic() value; `observe` is told of every invocation as it ends.
    """

    launcher: Launcher = field(default_factory=SpawnLauncher)
    client: RuntimeClient = field(default_factory=default_client)
    endpoint: str | None = None
    credentials: Mapping[str, str] | None = None
    gate: Gate | None = None
    cutoff: float | None = None
    observe: Callable[[Invocation], None] = lambda _: None


@dataclass(frozen=True)
class Configuration:
    """What one sets in the console. `timeout` in seconds (1–900), `memory` in MB (128–10,240)."""

    handler: str = "lambda_function.lambda_handler"
    name: str = "function"
    runtime: str = "python3.13"
    timeout: float = 3
    memory: int = 128
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0 < self.timeout <= 900:
            raise ValueError(f"A timeout of {self.timeout} seconds is outside Lambda's 1 to 900.")
        if not 128 <= self.memory <= 10_240:
            raise ValueError(f"A memory of {self.memory} MB is outside Lambda's 128 to 10,240.")
        variables.check_own(self.environment)


class Function:
    """A function of the local Lambda.

    `code` is a folder, a .py file, a zip (as a path or an opened Code) or a Stage that several functions share.
    `layers` are folders that stand on sys.path after the code, such as installed requirements. The first
    `invoke` is a cold start; a timeout, an exit or a failed init makes the next one cold again. Use it as a
    context manager, or call `close`: it ends the function's process.
    """

    def __init__(
        self,
        code: Code | Stage | Path | str,
        configuration: Configuration | None = None,
        *,
        layers: Sequence[Path] = (),
        platform: Platform | None = None,
    ) -> None:
        if not isinstance(code, Stage):
            code = Stage(code if isinstance(code, Code) else Code.open(Path(code)))
            self._own_stage: Stage | None = code
        else:
            self._own_stage = None
        self._stage = code
        self.configuration = configuration or Configuration()
        self._layers = tuple(layers)
        self._platform = platform or Platform()
        self._relocation = Relocation(code.root, list(self._layers), self.configuration.runtime)
        self._environment: Environment | None = None
        self._log_stream = ""
        self._copies: list[Function] = []

    @property
    def code(self) -> Code:
        """The code under judgement, as files: names to bytes."""
        return self._stage.code

    def configure(
        self,
        *,
        environment: Mapping[str, str | None] | None = None,
        timeout: float | None = None,
        memory: int | None = None,
        handler: str | None = None,
    ) -> "Function":
        """A copy with these settings changed; a variable given as None is unset. Its first invocation is cold."""
        own = {**self.configuration.environment, **(environment or {})}
        changed = replace(
            self.configuration,
            environment={key: value for key, value in own.items() if value is not None},
            timeout=self.configuration.timeout if timeout is None else timeout,
            memory=self.configuration.memory if memory is None else memory,
            handler=self.configuration.handler if handler is None else handler,
        )
        copy = Function(self._stage, changed, layers=self._layers, platform=self._platform)
        self._copies.append(copy)
        return copy

    def invoke(self, event: Any = None) -> Invocation:
        """Invoke the function with `event` (any JSON value) and wait for its answer.

        Raises InvalidEvent for what the Invoke API itself would refuse, BudgetSpent when no time is left.
        """
        return self._run(event, encode_event(event), str(uuid.uuid4()))

    def deliver(self, event: Any = None) -> list[Invocation]:
        """Deliver `event` asynchronously, as EventBridge and S3 do: up to three attempts under one request ID,
        until one does not fail. The waits between them (one and two minutes on AWS) are left out."""
        body, request_id = encode_event(event), str(uuid.uuid4())
        attempts: list[Invocation] = []
        while len(attempts) < ATTEMPTS and (not attempts or attempts[-1].error):
            attempts.append(self._run(event, body, request_id))
        return attempts

    def close(self) -> None:
        """End the function's process and its copies', and remove what they left."""
        for copy in self._copies:
            copy.close()
        self._copies.clear()
        self._end_environment()
        if self._own_stage:
            self._own_stage.close()

    def __enter__(self) -> "Function":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, event: Any, body: bytes, request_id: str) -> Invocation:
        gate, settings = self._platform.gate, self.configuration
        if gate:
            gate.open()
        try:
            cold = self._environment is None
            if self._environment is None:
                self._environment = self._open_environment()
            outcome = self._environment.invoke(
                Event(request_id, body, self._deadline_ms, self._arn, _new_trace_id()),
                settings.timeout,
                self._platform.cutoff,
            )
        except BudgetSpent:
            self._end_environment()
            raise
        finally:
            if gate:
                gate.close()
        if not self._environment.alive:
            self._end_environment()
        if outcome.cut_short:
            raise BudgetSpent
        invocation = self._describe(event, request_id, cold, outcome)
        self._platform.observe(invocation)
        return invocation

    def _open_environment(self) -> Environment:
        self._log_stream = f"{time.strftime('%Y/%m/%d', time.gmtime())}/[$LATEST]{uuid.uuid4().hex}"
        gate = self._platform.gate
        return self._platform.launcher.open(
            self._prepare, memory_mb=self.configuration.memory, on_answer=gate.close if gate else lambda: None
        )

    def _prepare(self, api_address: str, folder: Path) -> Launch:
        settings = self.configuration
        return Launch(
            handler=settings.handler,
            task_root=self._stage.root,
            layers=self._layers,
            variables=variables.build(
                settings.environment,
                name=settings.name,
                handler=settings.handler,
                runtime=settings.runtime,
                memory=settings.memory,
                log_stream=self._log_stream,
                task_root=self._stage.root,
                temporary=folder / "tmp",
                empty_file=folder / "empty",
                api_address=api_address,
                endpoint=self._platform.endpoint,
                credentials=self._platform.credentials,
            ),
            api_address=api_address,
            folder=folder,
            log_stream=self._log_stream,
            client=self._platform.client,
        )

    @property
    def _arn(self) -> str:
        return f"arn:aws:lambda:{variables.REGION}:{variables.ACCOUNT}:function:{self.configuration.name}"

    def _deadline_ms(self) -> int:
        return int((time.time() + self.configuration.timeout) * 1000)

    def _end_environment(self) -> None:
        if self._environment:
            self._environment.close()
            self._environment = None

    def _describe(self, event: Any, request_id: str, cold: bool, outcome: Outcome) -> Invocation:
        settings, move = self.configuration, self._relocation
        document = answers.platform_error(outcome, request_id, settings.timeout)
        payload = document or answers.decode(outcome.body)
        failed = outcome.ending is not Ending.ANSWERED
        if failed:
            payload = move.apply_to(payload)
        init_records = logs.read_records(outcome.init_log, move.apply)
        records = logs.read_records(outcome.log, move.apply)
        lines = [record.text for record in init_records]
        lines += [report.start_line(request_id), *(record.text for record in records)]
        status = error_type = None
        if outcome.ending is Ending.TIMED_OUT:
            status = "timeout"
            lines.append(report.timeout_line(request_id, settings.timeout))
        elif failed and document:
            status, error_type = "error", document["errorType"]
            if outcome.ending is Ending.EXITED:
                lines += [document["errorMessage"], error_type]
        init_ms = outcome.init_ms if cold else None
        lines += [
            report.end_line(request_id),
            report.report_line(
                request_id,
                duration_ms=outcome.duration_ms,
                init_ms=init_ms,
                memory_mb=settings.memory,
                max_memory_mb=outcome.max_memory_mb,
                status=status,
                error_type=error_type,
            ),
        ]
        return Invocation(
            request_id=request_id,
            event=event,
            payload=payload,
            error=answers.read_error(payload) if failed else None,
            logs=(*init_records, *records),
            log_text="\n".join(lines) + "\n",
            cold=cold,
            duration_ms=round(outcome.duration_ms, 2),
            init_ms=None if init_ms is None else round(init_ms, 2),
            billed_ms=report.bill(outcome.duration_ms, init_ms),
            memory_mb=settings.memory,
            max_memory_mb=outcome.max_memory_mb,
            timed_out=outcome.ending is Ending.TIMED_OUT,
            in_init=outcome.in_init,
        )


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


def _new_trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{os.urandom(12).hex()};Parent={os.urandom(8).hex()};Sampled=0"
