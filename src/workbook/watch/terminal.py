"""The terminal: keys as they are pressed, a screen of its own, and everything as it was afterwards.

What differs by system stands here: POSIX has termios and signals, Windows has msvcrt.
"""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import FrameType

from workbook.watch.screen import Look, draw
from workbook.watch.state import State

WINDOWS = sys.platform == "win32"
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[2J", "\x1b[?25h\x1b[?1049l"
SEQUENCES = {
    "[A": "up", "[B": "down", "OA": "up", "OB": "down", "[5~": "page up", "[6~": "page down",
}  # fmt: skip
CONTROLS = {"\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\x03": "q", "\x04": "q"}
WINDOWS_KEYS = {"H": "up", "P": "down", "I": "page up", "Q": "page down"}
ESCAPE_SECONDS = 0.05  # after which an Esc is the key and not the beginning of another's
TICK_SECONDS = 0.05

OnKey = Callable[[str], None]


def read_keys(text: str) -> Iterator[str]:
    """The keys in what a POSIX terminal has sent: characters, and names of those that have none."""
    while text:
        if text[0] != "\x1b":
            yield CONTROLS.get(text[0], text[0])
            text = text[1:]
        elif found := next((sequence for sequence in SEQUENCES if text.startswith(sequence, 1)), None):
            yield SEQUENCES[found]
            text = text[1 + len(found) :]
        elif len(text) > 1 and text[1] in "[O":  # of a key that means nothing here
            end = next((place for place in range(2, len(text)) if text[place].isalpha() or text[place] == "~"), 1)
            text = text[end + 1 :]
        else:
            yield "escape"
            text = text[1:]


class Terminal:
    """A screen of its own. Use it as a context manager: what it finds is put back, however it ends.

    `on_key` is told each key, `on_resize` when the size has changed, `on_end` when the system wants it to end.
    """

    def __init__(self, on_key: OnKey, on_resize: Callable[[], None], on_end: Callable[[], None]) -> None:
        self._on_key, self._on_resize, self._on_end = on_key, on_resize, on_end
        self._shown: list[str] = []
        self._size = self.size
        self._before: object = None
        self._handlers: dict[int, object] = {}
        self._closed = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="keys", daemon=True)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        with contextlib.suppress(OSError):
            found = os.get_terminal_size(sys.stdout.fileno())
            if found.columns and found.lines:
                return found.columns, found.lines
        return 80, 24

    def __enter__(self) -> "Terminal":
        if WINDOWS:
            _allow_sequences()
        else:
            for number, act in _signals(self).items():
                self._handlers[number] = signal.signal(number, act)
        self._enter()
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._listener.join(1)  # what is typed from now on is for others
        self._leave()
        for number, act in self._handlers.items():
            signal.signal(number, act)  # type: ignore[arg-type]

    def draw(self, lines: Sequence[str]) -> None:
        """Write the lines that differ from those that stand there."""
        size = self.size
        if size != self._size:
            self._size, self._shown = size, []
            self._write("\x1b[2J")
        pieces = []
        for number in range(max(len(lines), len(self._shown))):
            line = lines[number] if number < len(lines) else ""
            if number >= len(self._shown) or self._shown[number] != line:
                pieces.append(f"\x1b[{number + 1};1H{line}\x1b[0m\x1b[K")
        self._shown = list(lines)
        if pieces:
            self._write("".join(pieces))

    def check_size(self) -> None:
        """Tell of a new size where no signal does."""
        if self.size != self._size:
            self._on_resize()

    def suspend(self, *_: object) -> None:
        """Give the terminal back and stop, as Ctrl+Z asks; go on from there when the shell says so."""
        self._leave()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self.suspend)
        self._shown = []
        self._enter()
        self._on_resize()

    def tell_size(self, _number: int, _frame: FrameType | None) -> None:
        self._on_resize()

    def tell_end(self, _number: int, _frame: FrameType | None) -> None:
        self._on_end()

    def _enter(self) -> None:
        if not WINDOWS:
            import termios
            import tty

            self._before = termios.tcgetattr(sys.stdin.fileno())
            tty.setcbreak(sys.stdin.fileno())
        self._write(ENTER_SCREEN)

    def _leave(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # a terminal that is gone
            self._write(LEAVE_SCREEN)
        if not WINDOWS and self._before is not None:
            import termios

            with contextlib.suppress(OSError, termios.error):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)  # type: ignore[arg-type]

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()

    def _listen(self) -> None:
        listen_on_windows(self._on_key, self._closed) if WINDOWS else self._listen_on_posix()

    def _listen_on_posix(self) -> None:
        import select

        source = sys.stdin.fileno()
        while not self._closed.is_set():
            ready, _, _ = select.select([source], [], [], TICK_SECONDS)
            if not ready or self._closed.is_set():
                continue
            try:
                text = os.read(source, 1024)
                while text.endswith(b"\x1b") and select.select([source], [], [], ESCAPE_SECONDS)[0]:
                    text += os.read(source, 1024)
            except OSError:
                text = b""
            if not text:
                self._on_end()
                return
            for key in read_keys(text.decode("utf-8", "replace")):
                self._on_key(key)


class ScreenView:
    """Draws the state on the terminal."""

    def __init__(self, terminal: Terminal, look: Look) -> None:
        self._terminal, self._look = terminal, look

    def update(self, state: State) -> State:
        """Draw it; the state as far as it was scrolled."""
        frame = draw(state, self._look, *self._terminal.size)
        self._terminal.draw(frame.lines)
        return replace(state, offset=frame.offset)


def listen_on_windows(on_key: OnKey, closed: threading.Event) -> None:
    """Tell each key that the console takes, until `closed`."""
    import msvcrt

    while not closed.is_set():
        if not msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
            time.sleep(TICK_SECONDS)
            continue
        key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
        if key in ("\x00", "\xe0"):
            key = WINDOWS_KEYS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore]
            if key:
                on_key(key)
        else:
            on_key("escape" if key == "\x1b" else CONTROLS.get(key, key))


def _allow_sequences() -> None:
    """Let an older Windows console understand escape sequences (learn.microsoft.com: SetConsoleMode, 0x0004)."""
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle, mode = kernel.GetStdHandle(-11), ctypes.c_ulong()
    if kernel.GetConsoleMode(handle, ctypes.byref(mode)):
        kernel.SetConsoleMode(handle, mode.value | 0x0004)


def _signals(terminal: Terminal) -> dict[int, Callable[[int, FrameType | None], None]]:
    return {
        signal.SIGWINCH: terminal.tell_size,
        signal.SIGTSTP: terminal.suspend,
        signal.SIGTERM: terminal.tell_end,
        signal.SIGHUP: terminal.tell_end,
    }
