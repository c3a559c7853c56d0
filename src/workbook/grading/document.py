"""The result document: what grading one submission gives, as plain data (schema 1).

Everything that reports is a function of it. All of its text may stem from a submission and is hostile until a
report has made it inert. `schema.json` beside this file describes it for other tools.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

SCHEMA = 1


class Status(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    TIMEOUT = "timeout"
    NOT_JUDGED = "not_judged"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a check was not judged: a check that it needs failed; the time was spent; the bench itself broke."""

    NEEDS = "needs"
    BUDGET = "budget"
    BENCH = "bench"


class Visibility(StrEnum):
    PUBLIC = "public"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class CheckResult:
    """One check's verdict. `score` is None when the bench broke: never the student's loss. `seconds` is wall time,
    `function_seconds` what its invocations took of the submission's budget (not part of the document)."""

    id: str
    task: int
    title: str
    status: Status
    max_score: int
    visibility: Visibility = Visibility.PUBLIC
    reason: Reason | None = None
    message: str | None = None
    diagnosis: str | None = None
    log: str | None = None
    seconds: float = 0.0
    function_seconds: float = 0.0

    @property
    def score(self) -> int | None:
        if self.reason is Reason.BENCH:
            return None
        return self.max_score if self.status is Status.PASSED else 0

    def to_dict(self) -> dict[str, Any]:
        """Its part of the result document."""
        return {
            "id": self.id,
            "task": self.task,
            "title": self.title,
            "status": self.status.value,
            "reason": self.reason.value if self.reason else None,
            "score": self.score,
            "max_score": self.max_score,
            "visibility": self.visibility.value,
            "message": self.message,
            "diagnosis": self.diagnosis,
            "log": self.log,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Submission:
    """What was judged: its folder's or file's name, and the digest of its files."""

    id: str
    sha256: str


@dataclass(frozen=True)
class Result:
    """One submission's record for one lab."""

    lab: str
    submission: Submission
    checks: Sequence[CheckResult]
    sandbox: str = "none"
    seconds: float = 0.0
    rejected: str | None = None
    max_score_if_rejected: int = 0

    @property
    def status(self) -> Status:
        """By precedence: rejected, not judged (the bench broke), timeout, failed, passed."""
        if self.rejected is not None:
            return Status.REJECTED
        if any(check.reason is Reason.BENCH for check in self.checks):
            return Status.NOT_JUDGED
        statuses = {check.status for check in self.checks}
        if Status.TIMEOUT in statuses or any(check.reason is Reason.BUDGET for check in self.checks):
            return Status.TIMEOUT
        return Status.PASSED if statuses == {Status.PASSED} else Status.FAILED

    @property
    def score(self) -> int | None:
        if self.status is Status.NOT_JUDGED:
            return None
        return sum(check.score or 0 for check in self.checks)

    @property
    def max_score(self) -> int:
        return self.max_score_if_rejected or sum(check.max_score for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """The document as DESIGN's contract has it, ready for JSON."""
        return {
            "schema": SCHEMA,
            "lab": self.lab,
            "submission": asdict(self.submission),
            "status": self.status.value,
            "score": self.score,
            "max_score": self.max_score,
            "sandbox": self.sandbox,
            "seconds": round(self.seconds, 3),
            "message": self.rejected,
            "checks": [check.to_dict() for check in self.checks],
        }
