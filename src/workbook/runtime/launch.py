"""What a launcher is: the one part of the runtime that differs between check, debug and grade."""

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from workbook.runtime.api import Event
    from workbook.runtime.outcome import Outcome


class RuntimeClient(Enum):
    """Which `runtime_client` awslambdaric speaks through."""

    NATIVE = "native"
    PURE = "pure"


#: Takes a connection that a function has made, accepted elsewhere.
Entrance = Callable[[socket.socket], None]


@dataclass(frozen=True)
class Launch:
    """Everything that a process of a function needs to begin.

    `folder` is its own folder on the bench's side: `tmp` in it is the function's temporary folder, `log` the
    file that its output goes to, `created` lists what it made elsewhere under /tmp. `entrances` says who takes the
    connections that it makes to which port of 127.0.0.1, for a function with a network of its own.
    """

    handler: str
    task_root: Path
    layers: Sequence[Path]
    variables: Mapping[str, str]
    api_address: str
    folder: Path
    log_stream: str
    client: RuntimeClient
    entrances: Mapping[int, Entrance] = field(default_factory=dict)


class FunctionProcess(Protocol):
    """A function's process. `peak_memory_mb` is the most that it, with all that it started, is known to have held;
    0 when it has ended. `end` kills it with all that it started, if it still runs; `wait` returns its exit
    status, as Popen does, when nothing of it runs any more. Both may be called at the same time."""

    pid: int

    def peak_memory_mb(self) -> int: ...

    def wait(self) -> int: ...

    def end(self) -> None: ...


class Environment(Protocol):
    """Where a function runs: it takes one event at a time until it is closed or no longer `alive`."""

    @property
    def alive(self) -> bool: ...

    def invoke(self, event: "Event", timeout: float, cutoff: float | None = None) -> "Outcome": ...

    def close(self) -> None: ...


class Launcher(Protocol):
    """Opens execution environments. `prepare(api_address, folder)` gives what one of them needs to begin;
    `on_answer` is called the moment that the function has answered an event."""

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> Environment: ...
