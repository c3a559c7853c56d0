"""The Lambda that a package is made for: runtime and architecture, and the wheels that they take."""

import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbook.course.facts import runtimes

if TYPE_CHECKING:
    from packaging.tags import Tag

# The minor version of glibc 2 in each system (docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html).
GLIBC = {"AL2": 26, "AL2023": 34}
# What uv names: it knows no 2_26, so that Amazon Linux 2 gets the nearest below.
UV_GLIBC = {"AL2": 17, "AL2023": 34}
# PEP 600's older names for some of them.
ALIASES = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}


class UnknownTarget(ValueError):
    """No such runtime or architecture; the text lists those that there are."""


@dataclass(frozen=True)
class Target:
    """`runtime` as Lambda writes it (`python3.13`), `architecture` `x86_64` or `arm64`. Raises UnknownTarget."""

    runtime: str
    architecture: str = "x86_64"

    def __post_init__(self) -> None:
        if self.runtime not in runtimes():
            raise UnknownTarget(f"{self.runtime!r} is no Python runtime of Lambda. There are: {', '.join(runtimes())}.")
        if self.architecture not in MACHINES:
            raise UnknownTarget(f"{self.architecture!r} is no architecture of Lambda: x86_64 or arm64.")

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"

    @property
    def python(self) -> tuple[int, int]:
        """The version of Python, such as (3, 13)."""
        major, minor = self.runtime.removeprefix("python").split(".")
        return int(major), int(minor)

    @property
    def version(self) -> str:
        """The version of Python as tools write it: `3.13`."""
        return self.runtime.removeprefix("python")

    @property
    def machine(self) -> str:
        """The architecture as Linux names it: `x86_64` or `aarch64`."""
        return MACHINES[self.architecture]

    @property
    def uv_platform(self) -> str:
        return f"{self.machine}-manylinux_2_{UV_GLIBC[runtimes()[self.runtime].os]}"

    @cached_property
    def platforms(self) -> tuple[str, ...]:
        """Every platform tag that the system takes, the newest first: a wheel names only some of them."""
        return tuple(self._platforms())

    @cached_property
    def tags(self) -> "frozenset[Tag]":
        """The tags of all wheels that can be installed there."""
        from packaging.tags import compatible_tags, cpython_tags

        platforms = list(self.platforms)
        compiled = cpython_tags(self.python, platforms=platforms)
        pure = compatible_tags(self.python, f"cp{self.python[0]}{self.python[1]}", platforms)
        return frozenset(compiled) | frozenset(pure)

    @property
    def markers(self) -> Mapping[str, str]:
        """What the markers of requirements (PEP 508) read there."""
        return {
            "implementation_name": "cpython",
            "implementation_version": f"{self.version}.0",
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": f"{self.version}.0",
            "python_version": self.version,
            "sys_platform": "linux",
            "extra": "",
        }

    def is_here(self) -> bool:
        """Whether what is compiled for the target runs in this Python: same version, system, CPU and C library."""
        return (
            sys.implementation.name == "cpython"
            and self.python == sys.version_info[:2]
            and sys.platform == "linux"
            and platform.machine() == self.machine
            and platform.libc_ver()[0] == "glibc"
        )

    def _platforms(self) -> Iterator[str]:
        oldest = 5 if self.architecture == "x86_64" else 17
        for minor in range(GLIBC[runtimes()[self.runtime].os], oldest - 1, -1):
            yield f"manylinux_2_{minor}_{self.machine}"
            if minor in ALIASES:
                yield f"{ALIASES[minor]}_{self.machine}"
        yield f"linux_{self.machine}"
