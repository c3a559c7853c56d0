"""A Lambda function: its code and configuration, and the environment in which it is warm."""

import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from workbook.runtime import answers, variables
from workbook.runtime.api import Event
from workbook.runtime.code import Code, Stage
from workbook.runtime.configuration import Configuration
from workbook.runtime.environment import BudgetSpent, Gone
from workbook.runtime.events import InvalidEvent, encode_event, parse_event
from workbook.runtime.invocation import Invocation
from workbook.runtime.launch import Entrance, Environment, Launch, Launcher, RuntimeClient
from workbook.runtime.launchers.spawn import SpawnLauncher, default_client
from workbook.runtime.outcome import Outcome
from workbook.runtime.relocation import Relocation

__all__ = ["Configuration", "Function", "Gate", "InvalidEvent", "Platform", "encode_event", "parse_event"]

ATTEMPTS = 3  # an asynchronous event is tried again twice


class Gate(Protocol):
    """Whether the cloud may answer the function: it is frozen between invocations."""

    def open(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Platform:
    """What surrounds a function: where its AWS calls go, who starts it, how long all of its runs may take.

    `cutoff` is a time.monotonic() value; `observe` is told of every invocation as it ends; `entrances` gives who
    takes connections to which port of 127.0.0.1, of a function with a network of its own.
    """

    launcher: Launcher = field(default_factory=SpawnLauncher)
    client: RuntimeClient = field(default_factory=default_client)
    endpoint: str | None = None
    credentials: Mapping[str, str] | None = None
    gate: Gate | None = None
    cutoff: float | None = None
    observe: Callable[[Invocation], None] = lambda _: None
    entrances: Callable[[], Mapping[int, Entrance]] = dict


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
        self._relocation = Relocation(code.root, self._layers, self.configuration.runtime)
        self._environment: Environment | None = None
        self._log_stream = ""
        self._copies: list[Function] = []
        self._closed = False

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
        code: Code | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> "Function":
        """A copy with these settings, or its code, changed; a variable given as None is unset, `files` are laid over
        the code. Its first invocation is cold. Raises CodeError for code that cannot be unfolded."""
        own = {**self.configuration.environment, **(environment or {})}
        changed = replace(
            self.configuration,
            environment={key: value for key, value in own.items() if value is not None},
            timeout=self.configuration.timeout if timeout is None else timeout,
            memory=self.configuration.memory if memory is None else memory,
            handler=self.configuration.handler if handler is None else handler,
        )
        if files:
            code = (code or self.code).overlaid(Code(self.code.path, files))
        copy = Function(code or self._stage, changed, layers=self._layers, platform=self._platform)
        self._copies.append(copy)
        return copy

    def invoke(self, event: Any = None, *, request_id: str | None = None) -> Invocation:
        """Invoke the function with `event` (any JSON value) and wait for its answer. A repeated attempt of one
        event carries the same `request_id`; without it a new one is made.

        Raises InvalidEvent for what the Invoke API itself would refuse, BudgetSpent when no time is left.
        """
        return self._run(event, encode_event(event), request_id or str(uuid.uuid4()))

    def deliver(self, event: Any = None) -> list[Invocation]:
        """Deliver `event` asynchronously, as EventBridge and S3 do: up to three attempts under one request ID,
        until one does not fail. The waits between them (one and two minutes on AWS) are left out."""
        request_id = str(uuid.uuid4())
        attempts: list[Invocation] = []
        while len(attempts) < ATTEMPTS and (not attempts or attempts[-1].error):
            attempts.append(self.invoke(event, request_id=request_id))
        return attempts

    def close(self) -> None:
        """End the function's process and its copies', and remove what they left."""
        self._closed = True
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
        if self._closed:
            raise RuntimeError("This function was closed, and its code removed. Make a new Function.")
        gate, cold = self._platform.gate, self._environment is None
        if gate:
            gate.open()
        try:
            try:
                outcome = self._offer(body, request_id)
            except Gone:
                self._end_environment()
                cold, outcome = True, self._offer(body, request_id)
        except BaseException:
            self._end_environment()
            raise
        finally:
            if gate:
                gate.close()
        if self._environment and not self._environment.alive:
            self._end_environment()
        if outcome.cut_short:
            raise BudgetSpent
        invocation = answers.describe(
            outcome, event, request_id, cold=cold, settings=self.configuration, move=self._relocation
        )
        self._platform.observe(invocation)
        return invocation

    def _offer(self, body: bytes, request_id: str) -> Outcome:
        self._environment = self._environment or self._open_environment()
        event = Event(request_id, body, self._deadline_ms, self._arn, _new_trace_id())
        return self._environment.invoke(event, self.configuration.timeout, self._platform.cutoff)

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
            entrances=self._platform.entrances(),
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


def _new_trace_id() -> str:
    return f"Root=1-{int(time.time()):08x}-{os.urandom(12).hex()};Parent={os.urandom(8).hex()};Sampled=0"
