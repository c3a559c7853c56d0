"""The launcher for code that nobody trusts: each function in namespaces of its own, inside the bench's bubblewrap."""

import contextlib
import json
import os
import select
import selectors
import signal
import socket
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from workbook.runtime import processes
from workbook.runtime.environment import ExecutionEnvironment
from workbook.runtime.launch import Entrance, FunctionProcess, Launch
from workbook.runtime.launchers.fork import Confinement, Template
from workbook.runtime.launchers.spawn import CHILD, INTERPRETER
from workbook.sandbox import bubblewrap, seccomp

MEGABYTE = 1024 * 1024
TEMPORARY_BYTES = 512 * MEGABYTE  # Lambda's default for /tmp
SHARED_BYTES = 16 * MEGABYTE
LIMITS = {
    "NPROC": 256,  # threads are counted too
    "NOFILE": 1024,  # Lambda's own quota
    "FSIZE": 512 * MEGABYTE,
    "AS": 4096 * MEGABYTE,  # for each process; the memory that all of them hold is watched besides
    "CPU": 900,  # seconds, for each process; Lambda's longest timeout
    "CORE": 0,
    "MEMLOCK": MEGABYTE,
    "MSGQUEUE": 0,
}
SOCKETS = 256  # that are nothing out of the ordinary; what more of them can hold counts as memory
SOCKET_KILOBYTES = 240  # that each can hold, of what nobody has read (net.core.wmem_default, and what goes with it)
PATIENCE = 60.0  # seconds for a process to confine itself


class ConfinementError(RuntimeError):
    """A function's process could not be confined, and did not start."""


class ConfinedLauncher:
    """Forks each function's process from a template in bubblewrap, and confines it before its first own byte.

    For the inside of a bench that stands in bubblewrap itself.
    """

    def __init__(self, services: Collection[str], readable: Collection[Path]) -> None:
        self._services = tuple(sorted(services))
        places = bubblewrap.seen_by_template(list(readable))
        settings = {
            "bench": str(bubblewrap.BENCH_IN_TEMPLATE),
            "bench_is": str(bubblewrap.BENCH_FOLDER),
            "covered": [str(place) for place in places if place.is_relative_to("/tmp")],
            "temporary_bytes": TEMPORARY_BYTES,
            "shared_bytes": SHARED_BYTES,
            "limits": LIMITS,
            "filter": seccomp.build_filter().hex(),
            "clone": seccomp.find_architecture().clone,
        }
        wall = bubblewrap.around_template(places)
        self._confinement = Confinement(tuple(wall), json.dumps(settings))

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> ExecutionEnvironment:
        return ExecutionEnvironment(self.start, prepare, memory_mb=memory_mb, on_answer=on_answer)

    def start(self, launch: Launch) -> FunctionProcess:
        template = Template.get(launch, self._services, self._confinement)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(PATIENCE)
        with theirs:
            guard = template.fork(
                launch,
                theirs.fileno(),
                ports=sorted(launch.entrances),
                empty=launch.variables["AWS_CONFIG_FILE"],
                afresh=template.shadowed_by(launch.task_root),
                interpreter=INTERPRETER,
                boot=str(CHILD / "boot.py"),
            )
        return ConfinedProcess(guard, ours, launch)


class ConfinedProcess:
    """A function's process and the guard that is the first in its process namespace."""

    def __init__(self, guard: int, handoff: socket.socket, launch: Launch) -> None:
        self._guard, self._handoff = guard, handoff
        self._guard_file = -1
        self._listeners: list[socket.socket] = []
        try:
            self._guard_file = os.pidfd_open(guard or -1)
            _, descriptors, _, _ = socket.recv_fds(handoff, 64, len(launch.entrances))
            self._listeners = [socket.socket(fileno=descriptor) for descriptor in descriptors]
            word = handoff.recv(64)
        except OSError as error:
            word = str(error).encode()
        if word != b"confined":
            self._end_guard()
            told = (launch.folder / "log").read_text("utf-8", "replace")[-2000:]
            raise ConfinementError(f"A function's process could not be confined: {word.decode()} {told}".strip())
        handoff.settimeout(None)
        self.pid = _child_of(guard)
        self._born_with = processes.held_kilobytes(self.pid)
        self._status: int | None = None
        self._reaping = threading.Lock()
        self._closing, self._close = socket.socketpair()
        threading.Thread(target=self._welcome, args=(launch.entrances,), name="function-doors", daemon=True).start()

    def peak_memory_mb(self) -> int:
        return processes.peak_memory_mb(self.pid, self._born_with) + _count_sockets(self.pid) * SOCKET_KILOBYTES // 1024

    def wait(self) -> int:
        told = self._handoff.recv(64)
        with self._reaping:
            if self._status is None:
                self._end_guard()
                self._status = int(told) if told else -signal.SIGKILL
                self._close.close()
        return self._status

    def end(self) -> None:
        with self._reaping:
            if self._status is None:
                self._kill_guard()

    def _end_guard(self) -> None:
        """With the guard, the kernel ends all that runs in its namespace."""
        self._handoff.close()
        if self._guard_file < 0:
            return
        self._kill_guard()
        select.select([self._guard_file], [], [], PATIENCE)
        os.close(self._guard_file)

    def _kill_guard(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._guard_file, signal.SIGKILL)

    def _welcome(self, entrances: Mapping[int, Entrance]) -> None:
        with selectors.DefaultSelector() as selector, self._closing:
            selector.register(self._closing, selectors.EVENT_READ)
            for listener in self._listeners:
                listener.setblocking(False)
                selector.register(listener, selectors.EVENT_READ, entrances[listener.getsockname()[1]])
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._closing:
                        for listener in self._listeners:
                            listener.close()
                        return
                    try:
                        connection, _ = key.fileobj.accept()  # type: ignore[union-attr]
                    except OSError:
                        continue
                    connection.setblocking(True)
                    with contextlib.suppress(OSError):  # the peer has hung up
                        key.data(connection)


def _count_sockets(pid: int) -> int:
    """How many sockets above SOCKETS there are in the network of the process."""
    with contextlib.suppress(OSError, ValueError):
        words = Path(f"/proc/{pid}/net/sockstat").read_text().split()  # sockets: used N ...
        return max(0, int(words[2]) - SOCKETS)
    return 0


def _child_of(pid: int) -> int:
    """The only child of the guard, or the guard itself when it has ended already."""
    try:
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    except (OSError, IndexError):
        return pid
