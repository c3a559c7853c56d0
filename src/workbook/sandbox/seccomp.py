"""The system calls that a function may not make, as a filter of the kernel's own kind.

https://docs.kernel.org/userspace-api/seccomp_filter.html. The rest of the wall is made of namespaces and mounts: this
refuses the ways to make new namespaces, to look into other processes, and to hold memory that nobody counts.
"""

import errno
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass

ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, AT_LEAST, BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, JEQ, JGE, JSET, RET
NUMBER, ARCHITECTURE, FIRST_ARGUMENT, FOURTH_ARGUMENT = 0, 4, 16, 40  # offsets in struct seccomp_data
NAMESPACE_FLAGS = 0x7E020080  # CLONE_NEW*, of clone's flags
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
X32 = 0x40000000


@dataclass(frozen=True)
class Architecture:
    """audit: AUDIT_ARCH_*. The numbers of `refused` are EPERM, those of `absent` ENOSYS, so that the C library goes
    another way."""

    audit: int
    refused: tuple[int, ...]
    absent: tuple[int, ...]
    clone: int
    mmap: int
    socket: int


# Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux.
# In order: ptrace, mount, umount2, swapon, swapoff, reboot, sethostname, setdomainname, init_module, delete_module,
# quotactl, acct, pivot_root, chroot, settimeofday, clock_settime, add_key, request_key, keyctl, unshare, setns,
# perf_event_open, kexec_load, finit_module, kexec_file_load, bpf, userfaultfd, process_vm_readv, process_vm_writev,
# kcmp, name_to_handle_at, open_by_handle_at, move_pages, shmget, semget, msgget, memfd_create, memfd_secret,
# io_uring_setup, io_uring_enter, io_uring_register, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick,
# mount_setattr, pidfd_getfd.
X86_64 = Architecture(
    0xC000003E,
    (
        101, 165, 166, 167, 168, 169, 170, 171, 175, 176, 179, 163, 155, 161, 164, 227, 248, 249, 250, 272, 308,
        298, 246, 313, 320, 321, 323, 310, 311, 312, 303, 304, 279, 29, 64, 68, 319, 447, 425, 426, 427, 428, 429,
        430, 431, 432, 433, 442, 438,
    ),
    (435,),  # clone3, whose flags lie in memory
    clone=56,
    mmap=9,
    socket=41,
)  # fmt: skip
AARCH64 = Architecture(
    0xC00000B7,
    (
        117, 40, 39, 224, 225, 142, 161, 162, 105, 106, 60, 89, 41, 51, 170, 112, 217, 218, 219, 97, 268, 241, 104,
        273, 294, 280, 282, 270, 271, 272, 264, 265, 239, 194, 190, 186, 279, 447, 425, 426, 427, 428, 429, 430,
        431, 432, 433, 442, 438,
    ),
    (435,),
    clone=220,
    mmap=222,
    socket=198,
)  # fmt: skip
ARCHITECTURES = {"x86_64": X86_64, "aarch64": AARCH64}


def build_filter(machine: str | None = None) -> bytes:
    """The filter for this machine's architecture (or `machine`, as platform.machine() names it), eight bytes an
    instruction. KeyError: there is none."""
    return b"".join(_instructions(find_architecture(machine)))


def find_architecture(machine: str | None = None) -> Architecture:
    """This machine's, or that of `machine`. KeyError: it is not known."""
    return ARCHITECTURES[machine or platform.machine()]


def _instructions(architecture: Architecture) -> Iterator[bytes]:
    refuse, absent = REFUSE | errno.EPERM, REFUSE | errno.ENOSYS
    yield _instruction(LOAD, ARCHITECTURE)
    yield from _unless_equal(architecture.audit, KILL)
    yield _instruction(LOAD, NUMBER)
    yield from _if(AT_LEAST, X32, refuse)
    for number in architecture.refused:
        yield from _if(EQUAL, number, refuse)
    for number in architecture.absent:
        yield from _if(EQUAL, number, absent)
    yield _instruction(EQUAL, architecture.clone, otherwise=3)
    yield _instruction(LOAD, FIRST_ARGUMENT)
    yield from _if(BITS, NAMESPACE_FLAGS, refuse)
    yield _instruction(LOAD, NUMBER)
    yield _instruction(EQUAL, architecture.mmap, otherwise=5)  # shared anonymous memory outlives who wrote to it
    yield _instruction(LOAD, FOURTH_ARGUMENT)
    yield _instruction(BITS, MAP_ANONYMOUS, otherwise=2)
    yield from _if(BITS, MAP_SHARED, refuse)
    yield _instruction(LOAD, NUMBER)
    yield _instruction(EQUAL, architecture.socket, otherwise=5)
    yield _instruction(LOAD, FIRST_ARGUMENT)
    for family, left in ((AF_UNIX, 3), (AF_INET, 2), (AF_INET6, 1)):
        yield _instruction(EQUAL, family, then=left, otherwise=0)
    yield _instruction(RETURN, REFUSE | errno.EAFNOSUPPORT)
    yield _instruction(RETURN, ALLOW)


def _if(test: int, value: int, answer: int) -> Iterator[bytes]:
    yield _instruction(test, value, otherwise=1)
    yield _instruction(RETURN, answer)


def _unless_equal(value: int, answer: int) -> Iterator[bytes]:
    yield _instruction(EQUAL, value, then=1)
    yield _instruction(RETURN, answer)


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """struct sock_filter: the operation, how far to jump when it holds and when not, and its operand."""
    return struct.pack("=HBBI", code, then, otherwise, value)
