"""A function's process forked from a template that has the managed runtime loaded: Linux, some fifteen times
cheaper than a fresh interpreter that imports boto3.

The function finds what it would find in a fresh one (see child/warm_modules.py), but for the seed of its hashes.
It keeps accidents in, not malice, like `spawn`.
"""

import json
import os
import select
import signal
import socket
import subprocess
import threading
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from workbook.runtime import processes
from workbook.runtime.environment import ExecutionEnvironment
from workbook.runtime.launch import FunctionProcess, Launch
from workbook.runtime.launchers.spawn import CHILD, INTERPRETER, SpawnLauncher, function_settings, runtime_settings

# Read when the managed runtime or the interpreter starts: functions that differ in these need different templates.
READ_EARLY = (
    "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL", "AWS_REGION", "LANG", "LC_CTYPE", "TZ",
)  # fmt: skip
MAX_REQUEST_BYTES = 128 * 1024
FOLDER_ROOM = 1024


def make_launcher(services: Collection[str] = (), spares: int = 0) -> "ForkLauncher | SpawnLauncher":
    """The quickest launcher that this system has; `services` are those that the function will call, `spares` as many
    processes as may be kept ready ahead."""
    return ForkLauncher(services, spares) if processes.LINUX else SpawnLauncher()


@dataclass(frozen=True)
class Confinement:
    """What keeps a template's functions in: the command around the template, and what each fork does to itself (see
    child/confine.py), as JSON."""

    wall: tuple[str, ...]
    settings: str


class ForkLauncher:
    """Forks a function's process from a template, which starts with the first function that needs it. `spares` is how
    many it keeps ready ahead.

    A function that has a file of the same name as a module that the template holds is spawned instead, and so is
    one whose template cannot fork.
    """

    def __init__(self, services: Collection[str] = (), spares: int = 0) -> None:
        self._services, self._spares = tuple(sorted(services)), spares
        self._spawn = SpawnLauncher()

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> ExecutionEnvironment:
        return ExecutionEnvironment(self.start, prepare, memory_mb=memory_mb, on_answer=on_answer)

    def start(self, launch: Launch) -> FunctionProcess:
        template = Template.get(launch, self._services, spares=self._spares)
        if template.shadowed_by(launch.task_root):
            return self._spawn.start(launch)
        pid = template.fork(launch)
        return ForkedProcess(pid, template, launch.folder) if pid else self._spawn.start(launch)


class Template:
    """A process of child/template.py, shared by all functions that it fits."""

    _all: ClassVar[dict[object, "Template"]] = {}
    _lock = threading.Lock()
    _owner: ClassVar[int | None] = None

    @classmethod
    def hand_down(cls) -> None:
        """From now on a fork of this process uses its templates: one fork at a time, and this process no more."""
        cls._owner = os.getpid()

    @classmethod
    def get(
        cls, launch: Launch, services: Sequence[str], confinement: Confinement | None = None, spares: int = 0
    ) -> "Template":
        early = {name: launch.variables[name] for name in READ_EARLY if name in launch.variables}
        fitting = (tuple(launch.layers), launch.client, tuple(services), tuple(early.items()), confinement, spares)
        key = (*fitting, cls._owner or os.getpid())
        with cls._lock:
            if key not in cls._all:
                cls._all[key] = cls(launch, services, early, confinement, spares)
            return cls._all[key]

    def __init__(
        self,
        first: Launch,
        services: Sequence[str],
        variables: Mapping[str, str],
        confinement: Confinement | None,
        spares: int,
    ) -> None:
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        settings = runtime_settings(first.layers, first.client) | {
            "services": services,
            "spares": spares,
            "door": theirs.fileno(),
            "confinement": json.loads(confinement.settings) if confinement else None,
        }
        with theirs:
            self._process = subprocess.Popen(
                [*(confinement.wall if confinement else ()), *INTERPRETER, str(CHILD / "template.py")],
                env={**variables, "_WORKBOOK_BOOT": json.dumps(settings), "_WORKBOOK_FOLDER": " " * FOLDER_ROOM},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                **processes.start_apart(),
            )
        weakref.finalize(self, _end, self._door, self._process)
        self._talking = threading.Lock()
        held = self._ask(json.dumps(dict(first.variables)).encode(), room=1 << 16)
        self._names = frozenset(json.loads(held or b"[]"))

    def shadowed_by(self, folder: Path) -> bool:
        """Whether a file or folder in `folder` has the name of a module that the template holds."""
        return any(entry.name.partition(".")[0] in self._names for entry in os.scandir(folder))

    def fork(self, launch: Launch, *handoff: int, **more: Any) -> int:
        """The pid of the function's process; 0 when there is none. A descriptor `handoff` and `more` settings are for
        a confined one, whose guard it is then."""
        request = function_settings(launch) | {"variables": dict(launch.variables), "folder": str(launch.folder)}
        message = json.dumps(request | more).encode()
        if len(message) > MAX_REQUEST_BYTES:
            return 0
        with (launch.folder / "log").open("ab") as log:
            return int(self._ask(message, log.fileno(), *handoff) or 0)

    def status_of(self, pid: int) -> int:
        """How the function's process `pid`, which has ended, did so, as Popen tells it."""
        status = self._ask(json.dumps({"ended": pid}).encode())
        return os.waitstatus_to_exitcode(int(status)) if status else -signal.SIGKILL

    def _ask(self, message: bytes, *descriptors: int, room: int = 32) -> bytes:
        """The template's answer, of up to `room` bytes; nothing when it is gone."""
        with self._talking:
            try:
                socket.send_fds(self._door, [message], descriptors)
                return self._door.recv(room)
            except OSError:
                return b""


class ForkedProcess:
    """A function's process that a template has forked."""

    def __init__(self, pid: int, template: Template, folder: Path) -> None:
        self.pid = pid
        self._template, self._folder = template, folder
        self._file = os.pidfd_open(pid)
        self._below: list[int] = []
        self._reaping = threading.Lock()
        self._status: int | None = None

    def peak_memory_mb(self) -> int:
        return processes.peak_memory_mb(self.pid)

    def wait(self) -> int:
        select.select([self._file], [], [])
        with self._reaping:
            if self._status is None:
                self._status = self._template.status_of(self.pid)
                os.close(self._file)
        processes.end_rest(self.pid, self._below, self._folder)
        return self._status

    def end(self) -> None:
        with self._reaping:
            if self._status is None:
                self._below += processes.end_tree(self.pid)


def _end(door: socket.socket, process: subprocess.Popen[bytes]) -> None:
    door.close()
    process.wait()
