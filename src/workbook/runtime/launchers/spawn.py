"""A fresh interpreter for each execution environment: works on every system.

It keeps accidents in, not malice: the function runs as you, with your files readable.
"""

import functools
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workbook.runtime import processes
from workbook.runtime.environment import ExecutionEnvironment
from workbook.runtime.launch import FunctionProcess, Launch, RuntimeClient

CHILD = Path(__file__).parents[1] / "child"
INTERPRETER = (sys.executable, "-I", "-S", "-B", "-X", "utf8")

# What Lambda's Python runtime ships beside the standard library: boto3 with what it depends on, and the runtime
# client's own (docs.aws.amazon.com/lambda/latest/dg/python-package.html; awslambdaric's Requires-Dist).
SURFACE = (
    "awslambdaric", "boto3", "botocore", "dateutil", "jmespath", "runtime_client", "s3transfer", "simplejson", "six",
    "snapshot_restore_py", "urllib3",
)  # fmt: skip


class SpawnedProcess:
    """A function's process that was started as a new interpreter."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.pid = process.pid
        self._process, self._folder = process, folder
        self._below: list[int] = []

    def peak_memory_mb(self) -> int:
        return processes.peak_memory_mb(self.pid)

    def wait(self) -> int:
        status = self._process.wait()
        processes.end_rest(self.pid, self._below, self._folder)
        return status

    def end(self) -> None:
        if self._process.returncode is None:
            self._below += processes.end_tree(self.pid)


class SpawnLauncher:
    """Starts `python -I -S` on the boot file, its output going to the launch's log file."""

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> ExecutionEnvironment:
        return ExecutionEnvironment(self.start, prepare, memory_mb=memory_mb, on_answer=on_answer)

    def start(self, launch: Launch) -> FunctionProcess:
        settings = runtime_settings(launch.layers, launch.client) | function_settings(launch)
        with (launch.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [*INTERPRETER, str(CHILD / "boot.py")],
                env={**launch.variables, "_WORKBOOK_BOOT": json.dumps(settings)},
                cwd=launch.task_root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **processes.start_apart(),
            )
        return SpawnedProcess(process, launch.folder)


def runtime_settings(layers: Sequence[Path], client: RuntimeClient) -> dict[str, Any]:
    """What a process must know to load the managed runtime (see child/boot.py)."""
    return {
        "layers": [str(layer) for layer in layers],
        "site_packages": site_packages(),
        "surface": SURFACE,
        "client": client.value,
    }


def function_settings(launch: Launch) -> dict[str, Any]:
    """What it must know besides, to become the function's (see child/boot.py)."""
    return {
        "handler": launch.handler,
        "task_root": str(launch.task_root),
        "temporary": str(launch.folder / "tmp"),
        "shared": shared_temporary(),
        "private": private_paths(),
        "created": str(launch.folder / "created"),
        "api": launch.api_address,
    }


def site_packages() -> list[str]:
    """The bench's folders of installed packages, from which the function sees the runtime's own alone."""
    return [folder for folder in sys.path if Path(folder).name in ("site-packages", "dist-packages")]


def shared_temporary() -> list[str]:
    return [] if processes.WINDOWS else ["/tmp"]


def private_paths() -> list[str]:
    """Where real credentials lie, which a function must not find by accident (botocore looks into .aws, and into
    boto 2's .boto)."""
    return sorted(os.path.join(home, name) for home in processes.homes() for name in (".aws", ".boto"))


@functools.cache
def default_client() -> RuntimeClient:
    """Native where awslambdaric's wheel brought its compiled part (Linux), else pure Python."""
    return RuntimeClient.NATIVE if importlib.util.find_spec("runtime_client") else RuntimeClient.PURE
