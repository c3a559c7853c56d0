"""Compiled files: for which system, CPU and Python they were built, by their names and first bytes."""

import re

from workbook.deploy.package.target import Target

HEAD_BYTES = 20

_SHARED = re.compile(r"\.so(\.\d+)*$")
_FOREIGN = {".pyd": "Windows", ".dylib": "macOS"}
# PEP 3149 and its like: name.cpython-313-x86_64-linux-gnu.so, name.abi3.so, name.cp313-win_amd64.pyd
_TAGGED = re.compile(r"\.(?P<python>cpython-(?P<version>\d+t?)|abi3t?|pypy[\w]*)?(-(?P<system>[\w-]+))?\.so$")
_ELF = b"\x7fELF"
_ELF_MACHINES = {62: "x86_64", 183: "aarch64", 3: "32-bit x86", 40: "32-bit Arm", 243: "RISC-V"}
_MACH_O = (b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xfe\xed\xfa\xce", b"\xca\xfe\xba\xbe")


def is_compiled(name: str, head: bytes) -> bool:
    """Whether the file holds machine code that Python would load or run."""
    return bool(_SHARED.search(name)) or name.endswith(tuple(_FOREIGN)) or head.startswith(_ELF)


def is_executable(name: str, head: bytes) -> bool:
    """Whether the file gets the mode of a program: told by its content, since Windows knows no such mode."""
    return bool(_SHARED.search(name)) or head.startswith((_ELF, b"#!"))


def find_mismatch(name: str, head: bytes, target: Target) -> str | None:
    """For what the compiled file was built, such as `macOS` or `Python 3.11`, when that is not the target."""
    for ending, system in _FOREIGN.items():
        if name.endswith(ending):
            return system
    return _mismatch_in_name(name, target) or _mismatch_in_head(head, target)


def _mismatch_in_name(name: str, target: Target) -> str | None:
    tagged = _TAGGED.search(name.rsplit("/", 1)[-1])
    if not tagged or not tagged["python"]:
        return None
    if tagged["python"].startswith("pypy"):
        return "PyPy"
    if (version := tagged["version"]) and version != f"{target.python[0]}{target.python[1]}":
        free = " without the GIL" if version.endswith("t") else ""
        return f"Python {version[0]}.{version[1:].rstrip('t')}{free}"
    system = tagged["system"] or ""
    if "darwin" in system:
        return "macOS"
    if "musl" in system:
        return "Alpine's C library (musl)"
    if system and not system.startswith(target.machine):
        return f"another CPU ({system.partition('-')[0]})"
    return None


def _mismatch_in_head(head: bytes, target: Target) -> str | None:
    if head.startswith(_MACH_O):
        return "macOS"
    if head.startswith(b"MZ"):
        return "Windows"
    if not head.startswith(_ELF) or len(head) < HEAD_BYTES:
        return None
    machine = int.from_bytes(head[18:20], "little" if head[5] == 1 else "big")
    built_for = _ELF_MACHINES.get(machine, f"machine {machine}")
    return None if built_for == target.machine else f"another CPU ({built_for})"
