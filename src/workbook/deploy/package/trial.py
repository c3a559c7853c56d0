"""A package run under the bare runtime: does the function start from what is in the zip, and from that alone?"""

import platform
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.inspection import Inspection
from workbook.runtime import Code, Configuration, Function, FunctionError, Invocation

IMPORT_ERRORS = {"Runtime.ImportModuleError", "ModuleNotFoundError", "ImportError"}
START_ERRORS = IMPORT_ERRORS | {
    "Runtime.HandlerNotFound", "Runtime.MalformedHandlerName", "Runtime.UserCodeSyntaxError",
}  # fmt: skip
LONGEST_SECONDS = 3.0
HERE = ".".join(map(str, sys.version_info[:3]))


class Outcome(StrEnum):
    STARTED = "started"
    FAILED = "failed"
    NOT_RUN = "not run here"


@dataclass(frozen=True)
class Trial:
    """How the run went; `reason` says what failed, or why nothing could be run, which is no failure."""

    outcome: Outcome
    reason: str = ""

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Circumstances:
    """What the function is started with: its variables, memory in MB, and the event that it is given."""

    environment: Mapping[str, str] = field(default_factory=dict)
    memory: int = 128
    event: Any = field(default_factory=dict)


def run(
    read: Callable[[], Mapping[str, bytes]],
    inspection: Inspection,
    expected: Expectation,
    circumstances: Circumstances,
) -> Trial:
    """Start the function from the zip's files, which `read` gives, and hand it one event, without any cloud: what is
    judged is that everything it imports is there. What it answers is not: `lab invoke --code` shows that, with the
    local cloud.
    """
    if inspection.problems:
        return Trial(Outcome.NOT_RUN, "what reading found comes first")
    if obstacle := _find_obstacle(inspection, expected):
        return Trial(Outcome.NOT_RUN, obstacle)
    settings = Configuration(
        handler=expected.handler,
        runtime=expected.target.runtime,
        timeout=LONGEST_SECONDS,
        memory=circumstances.memory,
        environment=circumstances.environment,
    )
    with Function(Code(Path("package"), read()), settings) as function:
        return _judge(function.invoke(circumstances.event), expected)


def _find_obstacle(inspection: Inspection, expected: Expectation) -> str | None:
    """Why its contents cannot run in this Python on this system."""
    from packaging.markers import default_environment

    here = f"Python {HERE} on {platform.system()} {platform.machine()}"
    if inspection.compiled and not expected.target.is_here():
        return f"{inspection.compiled[0]} is compiled for {expected.target}, and this is {here}"
    there = {one.key for one in inspection.distributions}
    for one in inspection.distributions:
        if not one.requires_python.contains(HERE):
            return f"{one.name} asks for Python {one.requires_python}, and this is {here}"
        markers = {key: str(value) for key, value in default_environment().items()} | {"extra": ""}
        if only_here := sorted(one.needs(markers) - one.needs(expected.target.markers) - there):
            return f"{one.name} needs {only_here[0]} here, though not on Lambda: this is {here}"
    return None


def _judge(invocation: Invocation, expected: Expectation) -> Trial:
    error = invocation.error
    if error and error.type in START_ERRORS:
        is_other_python = sys.version_info[:2] != expected.target.python
        if is_other_python and not _is_missing_module(error):
            return Trial(Outcome.NOT_RUN, f"this is Python {HERE}, which says {error}")
        return Trial(Outcome.FAILED, str(error))
    if error and invocation.in_init:
        return Trial(Outcome.NOT_RUN, f"its init phase ended here with {error}")
    return Trial(Outcome.STARTED)


def _is_missing_module(error: FunctionError) -> bool:
    """Whether another Python than the target's may be believed: it may know less syntax and fewer names."""
    return error.type == "Runtime.HandlerNotFound" or "No module named" in error.message
