"""The filter, run by a small interpreter of the kernel's instructions."""

import errno
import struct

import pytest

from workbook.sandbox.seccomp import ALLOW, ARCHITECTURES, REFUSE, build_filter

KILL = 0x80000000
CLONE_NEWUSER, CLONE_THREAD_FLAGS = 0x10000000, 0x003D0F00
UNTOUCHED = {"x86_64": {"read": 0, "openat": 257, "execve": 59}, "aarch64": {"read": 63, "openat": 56, "execve": 221}}


def judge(program: bytes, number: int, audit: int, first: int = 0, fourth: int = 0) -> int:
    data = struct.pack("=IIQ", number, audit, 0) + struct.pack("=6Q", first, 0, 0, fourth, 0, 0)
    at, register = 0, 0
    while True:
        code, then, otherwise, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        match code:
            case 0x20:
                register = struct.unpack_from("=I", data, value)[0]
            case 0x06:
                return value
            case 0x15 | 0x35 | 0x45:
                holds = {0x15: register == value, 0x35: register >= value, 0x45: bool(register & value)}[code]
                at += then if holds else otherwise
            case _:
                raise AssertionError(f"no such instruction: {code:#x}")


@pytest.fixture(params=sorted(ARCHITECTURES))
def machine(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def ask(machine: str):
    program = build_filter(machine)
    audit = ARCHITECTURES[machine].audit
    return lambda number, first=0, fourth=0: judge(program, number, audit, first, fourth)


def test_what_a_function_needs_is_allowed(ask, machine: str) -> None:
    assert {name: ask(number) for name, number in UNTOUCHED[machine].items()} == dict.fromkeys(
        UNTOUCHED[machine], ALLOW
    )


def test_what_is_listed_is_refused(ask, machine: str) -> None:
    listed = ARCHITECTURES[machine]
    assert {ask(number) for number in listed.refused} == {REFUSE | errno.EPERM}
    assert {ask(number) for number in listed.absent} == {REFUSE | errno.ENOSYS}


def test_a_thread_may_be_made_and_a_namespace_not(ask, machine: str) -> None:
    clone = ARCHITECTURES[machine].clone
    assert ask(clone, CLONE_THREAD_FLAGS) == ALLOW
    assert ask(clone, CLONE_NEWUSER | CLONE_THREAD_FLAGS) == REFUSE | errno.EPERM


def test_sockets_of_the_internet_and_of_unix_alone(ask, machine: str) -> None:
    answers = {family: ask(ARCHITECTURES[machine].socket, family) for family in range(46)}
    assert {family for family, answer in answers.items() if answer == ALLOW} == {1, 2, 10}


def test_memory_that_is_mapped_is_private_or_a_files(ask, machine: str) -> None:
    shared, private, anonymous = 0x01, 0x02, 0x20
    mmap = ARCHITECTURES[machine].mmap
    assert ask(mmap, fourth=private | anonymous) == ALLOW
    assert ask(mmap, fourth=shared) == ALLOW
    assert ask(mmap, fourth=shared | anonymous) == REFUSE | errno.EPERM


def test_another_architecture_ends_the_process() -> None:
    assert judge(build_filter("x86_64"), 0, ARCHITECTURES["aarch64"].audit) == KILL


def test_the_x32_numbers_are_refused() -> None:
    assert judge(build_filter("x86_64"), 0x40000000, ARCHITECTURES["x86_64"].audit) == REFUSE | errno.EPERM


def test_no_filter_for_a_machine_that_is_not_known() -> None:
    with pytest.raises(KeyError):
        build_filter("vax")
