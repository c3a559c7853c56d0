"""What differs by system about the function's process: starting it apart, ending its tree, its memory."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LINUX = sys.platform.startswith("linux")
WINDOWS = sys.platform == "win32"
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


def end_tree(process: subprocess.Popen[bytes], marker: str) -> None:
    """Kill the function's process and everything it started; return when its process has ended.

    `marker` stands in the environment of every process of this function (its log stream's name): on Linux
    it finds those that left the session.
    """
    import psutil

    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(process.pid).children(recursive=True) if WINDOWS or not LINUX else ():
            with contextlib.suppress(psutil.Error):
                child.kill()
    if not WINDOWS:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()
    process.wait()
    if LINUX:
        _end_orphans(process.pid, marker.encode())


def _end_orphans(session: int, marker: bytes) -> None:
    for _ in range(100):
        orphans = [pid for pid in _children(os.getpid()) if _belongs(pid, session, marker)]
        if not orphans:
            return
        for pid in orphans:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        time.sleep(0.001)


def _belongs(pid: int, session: int, marker: bytes) -> bool:
    with contextlib.suppress(OSError):
        return os.getsid(pid) == session or marker in _environment(pid)
    return False


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for listing in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, listing.read_text().split())
    return found


def _environment(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""


def peak_memory_mb(pid: int) -> int:
    """The most memory that process `pid` has held, in MB; 0 when it can no longer be asked."""
    if LINUX:
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return 0
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
        return 0
    import psutil

    try:
        memory = psutil.Process(pid).memory_info()
    except psutil.Error:
        return 0
    return int(getattr(memory, "peak_wset", memory.rss)) // (1024 * 1024)


def describe_exit(returncode: int) -> str:
    """Lambda's words for a runtime that ended by itself (`returncode` as Popen gives it)."""
    if returncode == 0:
        return "Runtime exited without providing a reason"
    if returncode == -9:
        return "Runtime exited with error: signal: killed"
    if returncode < 0:
        with contextlib.suppress(ValueError):
            return f"Runtime exited with error: signal: {signal.strsignal(-returncode) or -returncode}".lower().replace(
                "runtime", "Runtime", 1
            )
    return f"Runtime exited with error: exit status {returncode}"
