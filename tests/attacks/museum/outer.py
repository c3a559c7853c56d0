"""The outer sandbox: the only place where anything of the museum runs.

bubblewrap, started as a plain user: namespaces of its own, no network, no variable of the caller's, and of its files
only the interpreter, the libraries, the workbook's source and this folder, all read-only. Nothing on the host can be
written to: what runs inside writes to memory, and answers on its standard output. What runs away is ended as a whole.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

import workbook

MUSEUM = Path(__file__).resolve().parents[1]
SOURCE = Path(workbook.__file__).resolve().parents[1]
NOBODY = 65534
MB = 1024 * 1024
MEMORY_BYTES = 6 * 1024 * MB
WATCH_SECONDS = 0.25

#: Run as root, in a mount namespace of its own: shows the read-only folders at places that nobody may pass through,
#: then becomes nobody. Arguments: how many folders, each with its place, and the command.
STAGE = """
count=$1; shift
while [ "$count" -gt 0 ]; do mount --bind "$1" "$2" || exit 71; shift 2; count=$((count - 1)); done
exec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --no-new-privs -- "$@"
"""


@dataclass(frozen=True)
class Ended:
    """How a command in the sandbox ended; `excess` says why it was ended from outside, if it was."""

    status: int
    output: bytes
    errors: str
    excess: str | None = None


def run(*arguments: str, seconds: float = 60, memory_bytes: int = MEMORY_BYTES) -> Ended:
    """Run this interpreter with `arguments` in the outer sandbox; modules of this folder can be imported."""
    with _staged([Path(sys.base_prefix), Path(sys.prefix), SOURCE, MUSEUM]) as (prologue, folders):
        command = [*prologue, *_bubblewrap(folders), "--", sys.executable, "-B", *arguments]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PATH": _path()}
        ) as process:
            guard = _Guard(process, seconds, memory_bytes)
            output, errors = process.communicate()
            guard.stop()
        return Ended(process.returncode, output, errors.decode("utf-8", "replace"), guard.excess)


def _bubblewrap(folders: dict[Path, Path]) -> list[str]:
    """`folders`: where each of the read-only folders is found now, by where it belongs."""
    command = [
        "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        "--setenv", "PATH", _path(), "--setenv", "PYTHONPATH", str(MUSEUM), "--setenv", "LANG", "C.UTF-8",
        "--ro-bind", "/usr", "/usr",
    ]  # fmt: skip
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            command += ["--symlink", os.readlink(name), name]
        else:
            command += ["--ro-bind-try", name, name]
    for name in ("/etc/passwd", "/etc/group", "/etc/ld.so.cache"):
        command += ["--ro-bind-try", name, name]
    command += ["--size", str(3072 * MB), "--tmpfs", "/tmp"]  # before a checkout that lies below it
    for place, found in folders.items():
        if not place.is_relative_to("/usr"):
            command += ["--ro-bind", str(found), str(place)]
    return [
        *command,
        "--proc", "/proc", "--dev", "/dev", "--size", str(512 * MB), "--tmpfs", "/dev/shm", "--remount-ro", "/dev",
        "--size", str(512 * MB), "--tmpfs", "/museum",
        "--remount-ro", "/", "--chdir", "/museum",
    ]  # fmt: skip


def _path() -> str:
    return "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"


@contextmanager
def _staged(folders: list[Path]) -> Iterator[tuple[list[str], dict[Path, Path]]]:
    """What to put before the command so that it runs as a plain user, and where that user finds the folders."""
    if os.geteuid() != 0:
        yield [], {folder: folder for folder in folders}
        return
    stage = Path(tempfile.mkdtemp(prefix="museum-stage-"))
    places = {folder: stage / str(number) for number, folder in enumerate(folders)}
    stage.chmod(0o711)
    for place in places.values():
        place.mkdir()
    try:
        pairs = [str(path) for pair in places.items() for path in pair]
        staging = ["unshare", "--mount", "--propagation", "private", "sh", "-c", STAGE, "sh", str(len(places)), *pairs]
        yield staging, places
    finally:
        for place in [*places.values(), stage]:
            place.rmdir()  # never more than an empty folder: what was mounted there was real


class _Guard:
    """Ends the sandbox, and with it all that runs inside, when it takes too long or too much memory."""

    def __init__(self, process: "subprocess.Popen[bytes]", seconds: float, memory_bytes: int) -> None:
        self.excess: str | None = None
        self._process, self._seconds, self._memory = process, seconds, memory_bytes
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        left = self._seconds
        while not self._done.wait(WATCH_SECONDS):
            left -= WATCH_SECONDS
            used = _memory_of(self._process.pid, self._memory)
            if left <= 0 or used > self._memory:
                self.excess = f"more than {self._seconds:g} s" if left <= 0 else f"{used // MB} MB of memory"
                self._process.kill()
                return


def _memory_of(pid: int, enough: int) -> int:
    """What a process and all below it hold, in bytes. Exact only above `enough`: pages that many share are then counted
    once, which takes long."""
    try:
        tree = [top := psutil.Process(pid), *top.children(recursive=True)]
    except psutil.Error:
        return 0
    held = sum(_held(process, lambda one: one.memory_info().rss) for process in tree)
    return held if held <= enough else sum(_held(process, lambda one: one.memory_full_info().pss) for process in tree)


def _held(process: psutil.Process, measure: Callable[[psutil.Process], int]) -> int:
    try:
        return measure(process)
    except (psutil.Error, OSError):
        return 0
