"""What stands for everything real: secrets in files and variables, listeners on every kind of address, a bystander.

All of it is made inside the outer sandbox. A word that stands in a record, a listener that heard something, or a
bystander that is gone tells of a hole.
"""

import ctypes
import fcntl
import hashlib
import os
import secrets
import selectors
import signal
import socket
import struct
import subprocess
import threading
from collections import Counter
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8914, 0x8916, 1
ADDRESSES = {"lo:1": "192.0.2.1", "lo:2": "169.254.169.254", "lo:3": "198.51.100.7"}


def word(kind: str) -> str:
    """A secret that is found wherever it gets to."""
    return f"canary-{kind}-{secrets.token_hex(4)}"


def enter_network() -> None:
    """A network of this process's own, with addresses that elsewhere would be the host's or beyond it."""
    user, group = os.getuid(), os.getgid()
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "the museum's own network cannot be made")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
        for name, address in ADDRESSES.items():
            request = struct.pack("16sHH4s8x", name.encode(), socket.AF_INET, 0, socket.inet_aton(address))
            fcntl.ioctl(any_socket, SIOCSIFADDR, request)


class Listeners:
    """Listens wherever a function might try to get to, and counts who does."""

    def __init__(self, home: Path) -> None:
        self.heard: Counter[str] = Counter()
        self._waiting = selectors.DefaultSelector()
        for address in ("127.0.0.1", *ADDRESSES.values()):
            for port in (80, 443, 8080, 18080):
                self._add(socket.create_server((address, port)))
            for port in (53, 5353):
                datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                datagrams.bind((address, port))
                self._add(datagrams)
        self._add(socket.create_server(("::1", 18080), family=socket.AF_INET6))
        for name in ("\0museum-canary", str(home / "agent.sock"), f"\0{word('socket')}"):
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(name)
            listener.listen()
            self._add(listener)
        threading.Thread(target=self._listen, daemon=True).start()

    def _add(self, listener: socket.socket) -> None:
        self._waiting.register(listener, selectors.EVENT_READ, repr(listener.getsockname()))

    def _listen(self) -> None:
        while True:
            for key, _ in self._waiting.select():
                self.heard[key.data] += 1
                if key.fileobj.type == socket.SOCK_DGRAM:
                    key.fileobj.recv(65536)
                else:
                    key.fileobj.accept()[0].close()


class Bystander:
    """A process that nobody has a reason to touch, and this one, which counts what it is sent."""

    def __init__(self) -> None:
        self.signals: Counter[str] = Counter()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            signal.signal(number, lambda number, _: self.signals.update([signal.Signals(number).name]))
        self._process = subprocess.Popen(["sleep", "100000"])

    @property
    def pids(self) -> set[int]:
        return {os.getpid(), self._process.pid}

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None


def plant_home(home: Path) -> dict[str, str]:
    """An instructor's home with secrets in it. The answer: variables with more of them."""
    for name in (".aws/credentials", ".aws/config", ".ssh/id_ed25519", ".netrc", ".bash_history", "marks.csv"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"[default]\naws_secret_access_key = {word('file')}\n")
    return {"HOME": str(home), "AWS_SECRET_ACCESS_KEY": word("variable"), "MARKS_TOKEN": word("variable")}


def plant_course(course: Path) -> None:
    """A secret in a comment of every file that students do not get to see."""
    for path in (course / "solutions").rglob("*.py"):
        path.write_text(f"{path.read_text('utf-8')}\n# {word('solution')}\n", "utf-8")


def fingerprint(folder: Path) -> dict[str, str]:
    """Every file and folder by its path: its mode and what it holds."""
    found = {}
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != ".workbook"]
        for name in [*folders, *files]:
            path = os.path.join(parent, name)
            status = os.lstat(path)
            is_plain = name in files and os.path.isfile(path) and os.access(path, os.R_OK) and not os.path.islink(path)
            content = hashlib.sha256(Path(path).read_bytes()).hexdigest() if is_plain else ""
            found[os.fsencode(path).decode("ascii", "backslashreplace")] = f"{status.st_mode:o} {content}"
    return found
