"""One submission's record, whatever was submitted.

This side never looks into what was submitted: it hands bytes over, and takes verdicts back as bounded JSON.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from workbook.course.labs import Lab
from workbook.grading.bench_process import BenchProcess
from workbook.grading.check import Check
from workbook.grading.document import CheckResult, Reason, Result, Status, Submission, Visibility
from workbook.sandbox.tier import Tier
from workbook.submissions.hand_in import HandIn

START_SECONDS = 60.0  # for a bench process itself, on a slow machine
CHECK_SECONDS = 10.0  # for the bench's own work on a check

Key = tuple[Visibility, str]


def grade_isolated(lab: Lab, hand_in: HandIn, checks: Sequence[Check], tier: Tier, bench: BenchProcess) -> Result:
    """Judge one submission on the bench. `checks` are the lab's public and hidden ones, as they are declared: one of
    which no verdict comes is one that the bench could not judge."""
    began = time.monotonic()
    declared: dict[Key, Check] = {(check.visibility, check.id): check for check in checks}
    judged: dict[Key, CheckResult] = {}
    for word in bench.judge(hand_in, START_SECONDS + CHECK_SECONDS * len(checks) + 2 * lab.manifest.budget):
        match word:
            case {"check": {"id": str(name), "visibility": str(visibility)} as told}:
                with suppress(ValueError, KeyError, TypeError):
                    key = (Visibility(visibility), name)
                    judged.setdefault(key, _read(declared[key], told))
            case {"rejected": str(why)} if not judged:
                return reject(lab, hand_in, checks, tier, why)
            case {"done": {"sha256": str(sha256)}} if judged.keys() == declared.keys():
                found = Result(lab.id, Submission(hand_in.id, sha256), tuple(judged[key] for key in declared))
                return replace(found, sandbox=tier.sandbox, seconds=time.monotonic() - began)
            case {"broken": str(why)}:
                break
    else:
        why = f"The bench ended before this check. {bench.words}".strip()
    rest = unjudged(lab, hand_in, checks, tier, why)
    kept = tuple(judged.get((check.visibility, check.id), check) for check in rest.checks)
    return replace(rest, checks=kept, seconds=time.monotonic() - began)


def unjudged(lab: Lab, hand_in: HandIn, checks: Sequence[Check], tier: Tier, why: str) -> Result:
    """The record of a submission that no bench could judge."""
    found = tuple(replace(_describe(check), message=why) for check in checks)
    return Result(lab.id, Submission(hand_in.id, hand_in.sha256), found, sandbox=tier.sandbox)


def reject(lab: Lab, hand_in: HandIn, checks: Sequence[Check], tier: Tier, why: str) -> Result:
    """The record of a submission that could not be taken in."""
    points = sum(check.points for check in checks)
    submission = Submission(hand_in.id, hand_in.sha256)
    return Result(lab.id, submission, (), sandbox=tier.sandbox, rejected=why, max_score_if_rejected=points)


def _describe(check: Check) -> CheckResult:
    return CheckResult(
        check.id, check.task, check.title, Status.NOT_JUDGED, check.points, check.visibility, Reason.BENCH
    )


def _read(check: Check, told: Mapping[str, Any]) -> CheckResult:
    """The verdict told about a check; what the check is and is worth stays as it is declared. Raises ValueError,
    KeyError or TypeError for what is no verdict."""
    return replace(
        _describe(check),
        status=Status(told["status"]),
        reason=Reason(told["reason"]) if told["reason"] else None,
        message=_text(told["message"]),
        diagnosis=_text(told["diagnosis"]),
        log=_text(told["log"]),
        seconds=float(told["seconds"]),
    )


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return value
