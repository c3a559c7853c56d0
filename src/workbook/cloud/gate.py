"""Whether a function is awake."""

from threading import Event


class Gate:
    """Open while a function initialises or handles an event, closed while AWS would have it frozen.

    Safe to use from any thread. The function's door answers 503 while the gate is closed.
    """

    def __init__(self) -> None:
        self._awake = Event()

    def open(self) -> None:
        self._awake.set()

    def close(self) -> None:
        self._awake.clear()

    @property
    def is_open(self) -> bool:
        return self._awake.is_set()
