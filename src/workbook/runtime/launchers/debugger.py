"""The debugger that `breakpoint()` starts in this process: it talks to the terminal, not to the function's log."""

import bdb
import pdb
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from types import FrameType
from typing import Any, TextIO


def make_hook(terminal: TextIO) -> Callable[..., None]:
    """A `sys.breakpointhook` that stops in whoever calls `breakpoint()`."""

    def stop(*_: object, **__: object) -> None:
        Debugger(terminal).set_trace(sys._getframe(1))

    return stop


class Debugger(pdb.Pdb):
    """Pdb with the terminal's line editing. Its command `q` ends the whole command, as Ctrl-C does."""

    def __init__(self, terminal: TextIO) -> None:
        with redirect_stdout(terminal):  # given as an argument, it would cost the line editing
            super().__init__()
        self._terminal = terminal

    def cmdloop(self, intro: Any = None) -> None:
        with redirect_stdout(self._terminal):
            super().cmdloop(intro)

    def trace_dispatch(self, frame: FrameType, event: str, arg: Any) -> Any:
        try:
            return super().trace_dispatch(frame, event, arg)
        except bdb.BdbQuit:
            raise KeyboardInterrupt from None
