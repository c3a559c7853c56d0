"""What one check of the doctor found."""

import sys
from dataclasses import dataclass
from enum import StrEnum

LAB = "py lab" if sys.platform == "win32" else "./lab"
REINSTALL = f"Run {LAB} setup."


class Status(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """`message` says what is so; `cure` what to do about it, None when nothing needs to be done."""

    name: str
    status: Status
    message: str
    cure: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        return {"name": self.name, "status": self.status.value, "message": self.message, "cure": self.cure}


def ok(name: str, message: str) -> Finding:
    return Finding(name, Status.OK, message)


def warning(name: str, message: str, cure: str) -> Finding:
    """Labs work; something near them may not."""
    return Finding(name, Status.WARNING, message, cure)


def problem(name: str, message: str, cure: str) -> Finding:
    """Labs, or some of them, do not work like this."""
    return Finding(name, Status.PROBLEM, message, cure)
