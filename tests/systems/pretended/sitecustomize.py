"""Takes from a Python on Linux what it would not have on the system that PRETENDED_SYSTEM names: "darwin" or "win32".

What other libraries decide by the system is decided before. A function's process, which reads no sitecustomize, is
started through `function.py` beside this file. macOS has `fork`, but it is unsafe there beside threads: nobody gets it.
"""

import os
import select
import signal
import socket
import sys
import time
import warnings
from importlib import import_module
from pathlib import Path

MODULES = {
    "darwin": "ossaudiodev spwd",
    "win32": "fcntl grp pty pwd readline resource spwd syslog termios tty",
}
NAMES = {
    "darwin": {
        os: "eventfd fork forkpty getxattr listxattr memfd_create pidfd_open removexattr sched_getaffinity "
        "sched_setaffinity setns setxattr unshare waitid",
        select: "epoll",
        signal: "SIGPWR SIGSTKFLT pidfd_send_signal",
        socket: "SOCK_CLOEXEC SOCK_NONBLOCK SOCK_SEQPACKET",
    },
    "win32": {
        os: "O_CLOEXEC O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK P_PID WEXITED WNOWAIT chown chroot ctermid eventfd "
        "fchmod fchown fork forkpty getegid geteuid getgid getgroups getloadavg getpgid getpgrp getpriority getsid "
        "getuid getxattr killpg lchown listxattr memfd_create mkfifo mknod nice openpty pidfd_open posix_fadvise "
        "posix_fallocate posix_spawn posix_spawnp pread pwrite readv sched_getaffinity sched_setaffinity sched_yield "
        "sendfile setegid seteuid setgid setgroups setpgid setpriority setsid setuid setxattr statvfs sysconf "
        "tcgetpgrp ttyname uname unshare wait wait3 wait4 waitid writev",
        select: "epoll poll",
        signal: "SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGTSTP SIGUSR1 SIGUSR2 SIGWINCH alarm "
        "pause pthread_kill pthread_sigmask setitimer sigwait",
        socket: "AF_UNIX CMSG_LEN SOCK_CLOEXEC SOCK_NONBLOCK SOCK_SEQPACKET recv_fds send_fds",
        time: "tzset",
    },
}
# What looks at the system when it is imported.
STANDARD = (
    "asyncio concurrent.futures.thread ctypes.util getpass http.server multiprocessing.managers platform shutil "
    "subprocess sysconfig tarfile tempfile urllib.request uuid webbrowser zipfile"
)
PACKAGES = "_pytest.capture _pytest.pathlib click psutil rich.console werkzeug.serving"


class Without:
    """A finder of modules that does not find some."""

    def __init__(self, finder, names) -> None:
        self._finder, self._names = finder, names

    def find_spec(self, name, path=None, target=None):
        return None if name in self._names else self._finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self._finder, name)


def hide(system: str, *packages: str) -> None:
    """Take away what the system lacks, from this process, and `packages`."""
    for name in STANDARD.split():
        import_module(name)
    sys.modules["sysconfig"].get_config_vars()
    sys.modules["shutil"]._USE_CP_SENDFILE = False
    for module, names in NAMES[system].items():
        for name in names.split():
            module.__dict__.pop(name, None)
    modules = [*MODULES[system].split(), *packages]
    for name in modules:
        sys.modules.pop(name, None)
    sys.meta_path[:] = [Without(finder, modules) for finder in sys.meta_path]
    if not hasattr(socket, "AF_UNIX"):
        socket.socketpair = socketpair
    sys.platform = system


def socketpair():
    """As Python makes one where there are no Unix sockets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        one = socket.create_connection(server.getsockname())
        return one, server.accept()[0]


def start_functions_likewise(system: str) -> None:
    """Let a function's own process be of that system too; and let Popen take what it takes on Windows."""
    import subprocess

    begin = subprocess.Popen.__init__

    def init(self, command, *, creationflags=0, **options):
        if system == "win32":
            assert not options.keys() & {"pass_fds", "preexec_fn", "process_group", "start_new_session"}, options
        if command[-1].endswith("boot.py"):
            command = [*command[:-1], str(Path(__file__).with_name("function.py")), system, command[-1]]
        begin(self, command, **options)

    subprocess.Popen.__init__ = init
    if system == "win32":
        subprocess.CREATE_NEW_PROCESS_GROUP = 0x200


def pretend(system: str) -> None:
    for name in PACKAGES.split():
        import_module(name)
    hide(system, "runtime_client")  # awslambdaric's compiled part, which only its wheels for Linux have
    start_functions_likewise(system)
    warnings.filterwarnings("error", category=EncodingWarning, module=r"workbook\b")
    if system == "win32":
        import io

        io._WindowsConsoleIO = type("_WindowsConsoleIO", (), {})


if pretended := os.environ.get("PRETENDED_SYSTEM"):
    pretend(pretended)
