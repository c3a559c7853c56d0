"""One grading of one submission, as the gradebook keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Attempt:
    """A result document with what it is found by.

    `key` is the hex SHA-256 over what the result depends on: an attempt under the same key need not be graded again.
    `document` is the result document, as `json.loads` would give it. `graded_at` must know its time zone (ValueError)
    and comes back in UTC. All text may be hostile and comes back as it was given.
    """

    lab: str
    submission_id: str
    key: str
    document: Mapping[str, Any]
    graded_at: datetime

    def __post_init__(self) -> None:
        if self.graded_at.utcoffset() is None:
            raise ValueError("graded_at must know its time zone")
