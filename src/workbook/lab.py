"""A lab's world for notebooks and scripts: the local Lambda and the local cloud in a few readable words.

from workbook.lab import open_lab

lab = open_lab(3)
function = lab.function("def lambda_handler(event, context):\\n    return event")
function.invoke({"station": "north-quay"}).payload
"""

import atexit
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.bench import Bench
from workbook.course.labs import Course, Lab, NoCourse
from workbook.runtime import Code, Function, Invocation

if TYPE_CHECKING:
    from workbook.cloud import Call, HttpApi

__all__ = ["Function", "Invocation", "OpenLab", "open_lab"]


_opened: "OpenLab | None" = None


class OpenLab:
    """One lab's cloud and functions, alive until `close`, the next `open_lab` or the end of the program."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._bench = Bench(lab, Code(lab.folder, {}))
        atexit.register(self.close)

    @property
    def environment(self) -> Mapping[str, str]:
        """The function's variables, as the lab's manifest sets them."""
        return self._bench.environment

    def function(self, code: str | Path | None = None, **variables: str | None) -> Function:
        """A function with the lab's configuration: `code` is a text for lambda_function.py, a path to a file,
        folder or zip, or None for the code in the lab's folder. `variables` are laid over its environment."""
        return self._bench.function(variables, code=self._open(code))

    def client(self, service: str) -> Any:
        """A boto3 client with full rights on the lab's cloud."""
        return self._bench.cloud.client(service)

    def attach(self, policy: object) -> None:
        """From now on, until `reset`, the functions' execution role has this policy, a document like that in a
        policy.json. Raises PolicyError."""
        self._bench.attach(policy)

    @property
    def calls(self) -> "list[Call]":
        """Every AWS call that the functions made, in order."""
        return self._bench.cloud.calls

    @property
    def http_api(self) -> "HttpApi":
        """The HTTP server whose address the functions get as API_URL."""
        return self._bench.http_api

    def reset(self) -> None:
        """The world as it was at first; functions made before are closed."""
        self._bench.reset()

    def close(self) -> None:
        self._bench.close()
        atexit.unregister(self.close)

    def _open(self, code: str | Path | None) -> Code:
        if isinstance(code, str) and ("\n" in code or not os.path.exists(code)):
            return Code(self._lab.folder, {self._lab.manifest.files[0]: code.encode()})
        return Code.open(Path(code) if code else self._lab.folder, files=self._lab.manifest.files)


def open_lab(lab: int | str) -> OpenLab:
    """Open a lab by number or name, from any working folder; one that was open is closed, so that a notebook's
    cell can be run again. Raises UnknownLab, NoCourse."""
    global _opened
    try:
        course = Course.locate(Path.cwd())
    except NoCourse:
        course = Course(Path(__file__).resolve().parents[2])
    found = course.find(str(lab))
    if _opened:
        _opened.close()
    _opened = OpenLab(found)
    return _opened
