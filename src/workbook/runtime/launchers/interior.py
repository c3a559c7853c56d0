"""What a function finds inside its process, put round a piece of this one and taken away again."""

import importlib
import io
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable
from types import ModuleType
from typing import TextIO

from workbook.runtime import logs
from workbook.runtime.launch import Launch


class Interior:
    """A context manager: inside, this process has the function's variables, folder, import path, modules, clock,
    output and root logger; outside, its own. What the function changed is there again the next time."""

    def __init__(self, launch: Launch) -> None:
        self._roots = tuple(str(folder) + os.sep for folder in (launch.task_root, *launch.layers))
        self._variables = dict(launch.variables)
        self._folder = str(launch.task_root)
        self._path = [str(launch.task_root), *map(str, launch.layers), *sys.path]
        self._modules: dict[str, ModuleType] = {}
        self._handlers: list[logging.Handler] | None = None
        self._level = logging.WARNING
        self._log = bytearray()
        self._outside: Callable[[], None] = lambda: None

    def __enter__(self) -> "Interior":
        root = logging.getLogger()
        self._outside = _remember(root)
        _set_variables(self._variables)
        os.chdir(self._folder)
        sys.path[:] = self._path
        sys.modules.update(self._modules)
        importlib.invalidate_caches()
        if sys.breakpointhook is sys.__breakpointhook__:  # else an editor's debugger is there already
            from workbook.runtime.launchers.debugger import make_hook

            sys.breakpointhook = make_hook(sys.stdout if sys.stdout.isatty() else sys.stderr)
        sys.dont_write_bytecode = True
        self._echo, tee = sys.stderr, _Tee(self._print)
        sys.stdout, sys.stderr = tee, tee
        tempfile.tempdir = None
        root.handlers[:], root.level = self._handlers or [], self._level
        root.manager._clear_cache()  # type: ignore[attr-defined]
        logging.Formatter.converter = time.gmtime
        if self._handlers is None:
            self._set_up_logging()
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        self._handlers, self._level = root.handlers[:], root.level
        self._variables, self._folder, self._path = dict(os.environ), os.getcwd(), sys.path[:]
        self._modules = {name: module for name, module in sys.modules.items() if self._is_own(module)}
        for name in self._modules:
            del sys.modules[name]
        self._outside()

    def take_log(self) -> bytes:
        """What was printed and logged since it was last taken, as the log file of a process of its own has it."""
        taken, self._log = self._log, bytearray()
        return logs.read(io.BytesIO(taken), 0, len(taken))

    def log(self, message: str, frame_type: bytes | None = None) -> None:
        """One record, as awslambdaric's log sinks take it."""
        self._log += logs.frame(message)
        self._echo.write(message)

    def log_error(self, lines: list[str]) -> None:
        self.log("\n".join(lines) + "\n")

    def _print(self, text: str) -> None:
        self._log += text.encode("utf-8", "replace")
        self._echo.write(text)

    def _set_up_logging(self) -> None:
        from awslambdaric import bootstrap

        bootstrap._GLOBAL_AWS_REQUEST_ID = None
        log_format = bootstrap.LogFormat.from_str(os.environ.get("AWS_LAMBDA_LOG_FORMAT"))
        bootstrap._setup_logging(log_format, os.environ.get("AWS_LAMBDA_LOG_LEVEL", ""), self)

    def _is_own(self, module: ModuleType) -> bool:
        origin = getattr(getattr(module, "__spec__", None), "origin", None)
        return isinstance(origin, str) and origin.startswith(self._roots)


class _Tee(io.TextIOBase):
    """A text stream that hands on what is written."""

    encoding = "utf-8"

    def __init__(self, hand_on: Callable[[str], None]) -> None:
        self._hand_on = hand_on

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._hand_on(text)
        return len(text)


def _remember(root: logging.Logger) -> Callable[[], None]:
    """Note how this process is now; the answer puts it back."""
    variables, folder, path, temporary = dict(os.environ), os.getcwd(), sys.path[:], tempfile.tempdir
    handlers, level, converter = root.handlers[:], root.level, logging.Formatter.converter
    streams: tuple[TextIO, TextIO] = sys.stdout, sys.stderr
    hook, without_bytecode = sys.breakpointhook, sys.dont_write_bytecode

    def put_back() -> None:
        sys.stdout, sys.stderr = streams
        sys.breakpointhook, sys.dont_write_bytecode = hook, without_bytecode
        _set_variables(variables)
        os.chdir(folder)
        sys.path[:], tempfile.tempdir = path, temporary
        root.handlers[:], root.level = handlers, level
        root.manager._clear_cache()  # type: ignore[attr-defined]
        logging.Formatter.converter = converter

    return put_back


def _set_variables(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)
    if hasattr(time, "tzset"):
        time.tzset()
