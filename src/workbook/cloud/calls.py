"""The AWS calls that a function made, in the order in which they arrived."""

from dataclasses import dataclass
from threading import Lock
from typing import Any


@dataclass(frozen=True)
class Call:
    """One call that the function made.

    service: boto3's name, `s3`. operation: AWS's name, `PutObject`; `GET /path` when the request is none that
    the service knows. parameters: boto3's keyword arguments, without what botocore adds by itself; every
    `bytes` value is kept to 64 KB, with its whole size in bytes beside it (`Body` and `BodySize`).
    status: the HTTP status of the answer. error: AWS's error code, None after a success.
    """

    service: str
    operation: str
    parameters: dict[str, Any]
    status: int
    error: str | None


class Journal:
    """Calls in order of arrival, each complete once it has been answered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: list[Call | None] = []
        self._bytes = 0

    def arrive(self, size: int) -> int:
        """Keeps a place for a call whose request is `size` bytes long, and gives its number."""
        with self._lock:
            self._calls.append(None)
            self._bytes += size
            return len(self._calls) - 1

    def weigh(self, size: int) -> None:
        """Counts bytes that a call moved without carrying them."""
        with self._lock:
            self._bytes += size

    def settle(self, place: int, call: Call) -> None:
        with self._lock:
            self._calls[place] = call

    @property
    def weight(self) -> tuple[int, int]:
        """How many calls have arrived, and how many bytes they carried or moved."""
        with self._lock:
            return len(self._calls), self._bytes

    @property
    def calls(self) -> list[Call]:
        with self._lock:
            return [call for call in self._calls if call is not None]
