"""What a process does to confine itself before a student's first byte: namespaces of its own, bounds, no way back.

Linux. It is meant for the inside of bubblewrap, which holds the line to the host; this part keeps one function from
the bench and from other functions, and bounds what it takes.
"""

import array
import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import struct
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 4, 22, 24, 38
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION = 0x20080522
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
APART = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS
LIBRARY = ctypes.CDLL(None, use_errno=True)
HOLDING_THE_LOCK = ctypes.PyDLL(None)
HOLDING_THE_LOCK.syscall.restype = ctypes.c_long


def fork_apart(clone):
    """Fork into namespaces of its own: user, network, mount, IPC, host name, processes. The pid of the new process (0
    when none could be made), or None in that process itself.

    `clone` is the number of that system call, which os.fork knows no flags for: one process instead of two, the first
    of which would only enter the namespaces. Python's own part of a fork is done around it.
    """
    user, group = os.geteuid(), os.getegid()
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = HOLDING_THE_LOCK.syscall(clone, APART | signal.SIGCHLD, 0, 0, 0, 0)
    if pid:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        return max(pid, 0)
    ctypes.pythonapi.PyOS_AfterFork_Child()
    be_seen()
    become(user, group)
    return None


def open_doors(handoff, ports):
    """On `ports` of the new network's 127.0.0.1, listen for the bench, which is outside and answers there: the
    listeners go out through the descriptor `handoff`, of a Unix socket."""
    bring_up_loopback()
    listeners = [socket.create_server(("127.0.0.1", port), backlog=64) for port in ports]
    descriptors = array.array("i", [listener.fileno() for listener in listeners])
    with socket.socket(fileno=os.dup(handoff)) as out:
        out.sendmsg([b"listening"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


def enter_user_namespace() -> None:
    """A user namespace of its own, with the same user and all capabilities in it."""
    user, group = os.geteuid(), os.getegid()
    check(LIBRARY.unshare(CLONE_NEWUSER))
    become(user, group)


def become(user: int, group: int) -> None:
    """In a new user namespace, be whom one was outside."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def stand_guard(handoff):
    """Called as the first process of the namespace. Returns in a second one, the function's; the first, which the
    function can neither signal nor look into, tells the bench how that ended. With it, all that runs here ends."""
    leader = os.fork()
    if not leader:
        return
    hide()
    os.dup2(handoff, 0)
    os.closerange(1, os.sysconf("SC_OPEN_MAX"))
    while True:
        pid, status = os.wait()
        if pid == leader:
            os.write(0, str(os.waitstatus_to_exitcode(status)).encode())
            os._exit(0)


def arrange_mounts(confinement, request):
    """A /tmp and a /dev/shm of its own, bounded; the function's code and nothing else of the bench's folder."""
    check(LIBRARY.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    covered = {place: os.open(place, os.O_PATH) for place in confinement["covered"]}
    mount_memory("/tmp", confinement["temporary_bytes"])
    for place, descriptor in covered.items():
        os.makedirs(place)
        check(LIBRARY.mount(f"/proc/self/fd/{descriptor}".encode(), os.fsencode(place), None, MS_BIND, None))
    mount_memory("/dev/shm", confinement["shared_bytes"])
    check(LIBRARY.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None))
    root = request["task_root"]
    source = os.path.join(confinement["bench"], os.path.relpath(root, confinement["bench_is"]))
    os.makedirs(root)
    check(LIBRARY.mount(os.fsencode(source), os.fsencode(root), None, MS_BIND, None))
    mount_memory(confinement["bench"], 4096, MS_RDONLY)
    os.makedirs(request["temporary"])
    with open(request["empty"], "x"):
        pass


def mount_memory(path, size, flags=0):
    options = f"size={size},nr_inodes={max(16, size // 4096)},mode=1777"
    check(LIBRARY.mount(b"tmpfs", os.fsencode(path), b"tmpfs", MS_NOSUID | MS_NODEV | flags, options.encode()))


def give_up_everything(confinement):
    """Bounds, no capability, and the system calls that the filter leaves."""
    for name, value in confinement["limits"].items():
        number = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(number)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(number, (bound, bound))
    give_up_capabilities()
    be_seen()
    check(LIBRARY.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    install_filter(bytes.fromhex(confinement["filter"]))


def give_up_capabilities() -> None:
    with open("/proc/sys/kernel/cap_last_cap") as file:
        last = int(file.read())
    for capability in range(last + 1):
        check(LIBRARY.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
    check(LIBRARY.capset(struct.pack("Ii", CAPABILITY_VERSION, 0), bytes(24)))


def hide() -> None:
    """Let no process of the same user look into this one, unless it has capabilities over it."""
    check(LIBRARY.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))


def be_seen() -> None:
    check(LIBRARY.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))


def install_filter(program):
    code = ctypes.create_string_buffer(program, len(program))
    filter_program = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    check(LIBRARY.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter_program, 0, 0))


def confine(handoff, confinement, request):
    """Called in the function's process, which after this holds nothing and sees nothing of the bench."""
    arrange_mounts(confinement, request)
    highest = os.sysconf("SC_OPEN_MAX")
    give_up_everything(confinement)
    os.write(handoff, b"confined")
    os.closerange(3, highest)


def start_afresh(request):
    """Become a new interpreter that starts the function, for code that a warm one could not hold."""
    variables = request["variables"] | {"_WORKBOOK_BOOT": json.dumps(request)}
    os.execve(sys.executable, [*request["interpreter"], request["boot"]], variables)


def check(answer):
    if answer != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
