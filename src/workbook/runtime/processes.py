"""What differs by system about the function's process: starting it apart, ending its tree, its memory, its user."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

LINUX = sys.platform.startswith("linux")
WINDOWS = sys.platform == "win32"
KILLED = "Runtime exited with error: signal: killed"
_PR_SET_CHILD_SUBREAPER = 36


def start_apart() -> dict[str, Any]:
    """Popen's options that give the function a session (Windows: a process group) of its own."""
    if WINDOWS:
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined,unused-ignore]
    if LINUX:
        _adopt_orphans()
    return {"start_new_session": True}


def _adopt_orphans() -> None:
    """Become the parent of what a function leaves behind, so that it can be found and ended."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_tree(leader: int) -> list[int]:
    """Kill the function's process `leader`, which nobody has waited for yet, and everything below it: the pids of
    that."""
    below = list(_descendants(leader))
    for pid in below:
        _kill(pid)
    _kill_session(leader)
    _kill(leader)
    return below


def end_rest(session: int, below: Sequence[int], folder: Path) -> None:
    """Kill what outlived the function's process `session`, and return when it is gone; `below` was killed with it.

    On Linux that includes what left the session: `folder`, the environment's own, stands among the variables or
    the open files of every process of the function.
    """
    _kill_session(session)
    if not LINUX:
        return
    for _ in range(100):
        orphans = [pid for pid in _adopted() if pid in below or _belongs(pid, session, str(folder))]
        if not orphans:
            return
        for pid in orphans:
            _kill(pid)
            with contextlib.suppress(OSError):
                os.waitpid(pid, 0)
        time.sleep(0.001)


def _kill(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGTERM if WINDOWS else signal.SIGKILL)  # on Windows SIGTERM is TerminateProcess


def _kill_session(leader: int) -> None:
    if not WINDOWS:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _belongs(pid: int, session: int, folder: str) -> bool:
    with contextlib.suppress(OSError):
        if os.getsid(pid) == session:
            return True
        if folder.encode() in Path(f"/proc/{pid}/environ").read_bytes():
            return True
        return any(os.readlink(link).startswith(folder) for link in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _descendants(pid: int) -> Iterator[int]:
    if LINUX:
        for child in _children(pid):
            yield child
            yield from _descendants(child)
        return
    import psutil

    with contextlib.suppress(psutil.Error):
        yield from (child.pid for child in psutil.Process(pid).children(recursive=True))


def _children(pid: int) -> list[int]:
    """What all threads of the process have started; nothing when it has ended."""
    with contextlib.suppress(OSError):
        return [child for thread in os.listdir(f"/proc/{pid}/task") for child in _children_of_thread(pid, thread)]
    return []


def _adopted() -> list[int]:
    """The orphans that this process has become the parent of: the kernel gives them to its first thread."""
    return _children_of_thread(os.getpid(), os.getpid())


def _children_of_thread(pid: int, thread: int | str) -> list[int]:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
        return [*map(int, file.read().split())]
    return []


def peak_memory_mb(pid: int, born_with: int = 0) -> int:
    """The most memory that process `pid` has held, or what it and all below it hold now, if that is more, in MB; 0
    when it can no longer be asked. Where those below hide what they share with it, `born_with`, in KB, is taken for
    that: what the process held when it began.

    Away from Linux the processes below are left out, and on macOS, which keeps no peak of another process, it is what
    the process holds now.
    """
    if LINUX:
        below = list(_descendants(pid))
        now = held_kilobytes(pid) + sum(_own_kilobytes(each, born_with) for each in below) if below else 0
        return max(_read_kilobytes(f"/proc/{pid}/status", "VmHWM:"), now) // 1024
    import psutil

    try:
        memory = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "peak_wset", memory.rss)) // (1024 * 1024)


def held_kilobytes(pid: int) -> int:
    """What the process holds now, with all that it shares with others; Linux."""
    return _read_kilobytes(f"/proc/{pid}/status", "VmRSS:")


def _own_kilobytes(pid: int, born_with: int) -> int:
    """What the process holds and shares with no other."""
    own = _read_kilobytes(f"/proc/{pid}/smaps_rollup", "Private_Dirty:")
    return own or max(0, held_kilobytes(pid) - born_with)


def _read_kilobytes(path: str, label: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(path).read_text().splitlines():
            if line.startswith(label):
                return int(line.split()[1])
    return 0


def homes() -> set[str]:
    """What `~` may stand for: with HOME unset, it is the home that the system's user list names."""
    found = {os.path.expanduser("~")}
    if not WINDOWS:
        import pwd

        with contextlib.suppress(KeyError):
            found.add(pwd.getpwuid(os.getuid()).pw_dir)
    return found


def is_own(status: os.stat_result) -> bool:
    """Whether the file belongs to this process's user."""
    return WINDOWS or status.st_uid == os.getuid()


def describe_exit(returncode: int) -> str:
    """Lambda's words for a runtime that ended by itself (`returncode` as Popen gives it)."""
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode == -9:
        return KILLED
    if returncode < 0:
        with contextlib.suppress(ValueError):
            name = signal.strsignal(-returncode) or f"signal {-returncode}"
            return f"Runtime exited with error: signal: {name.lower()}"
    return f"Runtime exited with error: exit status {returncode}"
