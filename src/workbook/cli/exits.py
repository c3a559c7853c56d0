"""The exit codes of every verb, and the errors that carry them."""

from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    FAILED = 1
    USAGE = 2
    ENVIRONMENT = 3
    BENCH = 4


class Stop(Exception):
    """Ends the command with a message for the user and an exit code."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code
