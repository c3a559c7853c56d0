"""`lab watch` as lines that are only ever added: for screen readers, and where there is no terminal."""

import sys
import threading
from collections.abc import Callable

from workbook.reports.inert import inert
from workbook.watch.screen import KEYS, Look, status, tell, turn, whisper
from workbook.watch.state import Phase, State

WIDTH = 80
WORDS = {what: key for key, what in KEYS} | {"run": "r", "exit": "q", "quit": "q", "yes": "y", "no": "n"}
ENDED = (Phase.JUDGED, Phase.BROKEN)


class PlainView:
    """Prints what has changed since the last state, once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._last: State | None = None
        self._told = (-1, False)

    def update(self, state: State) -> None:
        last, self._last = self._last, state
        if last is None or last.lab != state.lab:
            self._greet(state)
        if state.polling and (last is None or last.polling != state.polling):
            self._say(f"Looking for changes 5 times a second: {state.polling}.")
        if state.notice and (last is None or last.notice != state.notice):
            self._say(state.notice)
        if state.page and (last is None or last.page != state.page):
            self._say(*turn(state.page, self._look, WIDTH))
        if last is not None:
            for hint in state.hints[len(last.hints) :] if last.lab == state.lab else ():
                self._say(*whisper(hint, self._look, WIDTH))
        self._tell_verdict(state, last)

    def _greet(self, state: State) -> None:
        self._say(
            f"{inert(state.lab.name)}: watching {self._look.shorten(state.lab.folder)}. Save a file, and it is judged.",
            "Type a letter and press Enter: " + ", ".join(f"{key} {what}" for key, what in KEYS) + ".",
        )

    def _tell_verdict(self, state: State, last: State | None) -> None:
        if state.phase is Phase.STARTING and (last is None or last.phase is not Phase.STARTING):
            self._say(status(state, self._look))
        if state.phase is Phase.JUDGING and (last is None or last.run != state.run or last.phase is not Phase.JUDGING):
            self._say("Judging.")
        is_over = state.phase in ENDED
        now = (state.run, is_over)
        if now > self._told and (is_over or state.waits_for_slow_ones):
            self._told = now
            self._say(*tell(_without_hints(state), self._look, WIDTH), status(state, self._look))

    def _say(self, *lines: str) -> None:
        print(*lines, sep="\n", flush=True)


def _without_hints(state: State) -> State:
    from dataclasses import replace

    return replace(state, hints=())


def read_words(on_key: Callable[[str], None], on_end: Callable[[], None]) -> None:
    """Tell the key that each line of the input stands for, in a thread of its own."""

    def listen() -> None:
        for line in sys.stdin:
            for key in keys_of(line):
                on_key(key)
        on_end()

    threading.Thread(target=listen, name="words", daemon=True).start()


def keys_of(line: str) -> list[str]:
    """The keys that a typed line stands for: a letter, the word for it, or a number."""
    word = line.strip().lower()
    if word.isdecimal():
        return [*word, "enter"]
    return [WORDS.get(word, word[:1] or "enter")]
