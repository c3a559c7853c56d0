"""From what happened in a check to its result."""

import time
import traceback
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from workbook.bench import Bench, seconds_of
from workbook.grading import failure
from workbook.grading.diagnosis import Symptoms, diagnose
from workbook.grading.document import CheckResult, Reason, Status
from workbook.grading.session import Judging, Progress
from workbook.runtime import BudgetSpent

WORKBOOK = Path(__file__).parents[1]
BUDGET_WORDS = "The time for all checks together was used up ({budget:g} seconds)."


def refuse_to_run(item: pytest.Item, progress: Progress, judging: Judging) -> str | None:
    """Why the check is not run at all, with its result recorded; None when it may run."""
    needed = progress.check.needs
    if needed and judging.has_failed(item, needed):
        return _refuse(item, progress, judging, Reason.NEEDS, f"It waits for: {judging.title_of(item, needed)}")
    try:
        bench = judging.bench(progress)
    except pytest.UsageError:
        raise
    except Exception as error:
        return _refuse(item, progress, judging, Reason.BENCH, f"{type(error).__name__}: {error}")
    if bench.budget_is_spent:
        words = BUDGET_WORDS.format(budget=bench.manifest.budget)
        return _refuse(item, progress, judging, Reason.BUDGET, words)
    return None


def judge_phase(
    item: pytest.Item, call: pytest.CallInfo[None], report: Any, progress: Progress, judging: Judging
) -> None:
    """Settle the check after its call, or after a set-up or tear-down that broke; put our words into the report."""
    settled = progress.result is not None and (call.when != "teardown" or progress.result.reason is not None)
    if settled or (call.when != "call" and report.passed):
        return
    progress.result = _judge(item, call, progress, judging)
    judging.record(item, progress.result)
    if report.outcome == "failed":
        report.longrepr = _tell(progress.result)


def _judge(item: pytest.Item, call: pytest.CallInfo[None], progress: Progress, judging: Judging) -> CheckResult:
    bench = judging.bench(progress)
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, BudgetSpent):
        bench.spend_budget()
        return _result(progress, Status.TIMEOUT, message=BUDGET_WORDS.format(budget=bench.manifest.budget))
    if bench.faults or (error is not None and (call.when != "call" or _is_ours(error))):
        words = "; ".join(bench.faults) or f"{type(error).__name__}: {error}"
        return _result(progress, Status.NOT_JUDGED, Reason.BENCH, f"The bench itself broke: {words}")
    if error is None:
        return _result(progress, Status.PASSED)
    timed_out = [invocation for invocation in progress.invocations if invocation.timed_out]
    if any(invocation.in_init for invocation in timed_out):
        bench.spend_budget()
    message = failure.explain(error, progress.comparison, progress.invocations, progress.lab.manifest.function.handler)
    if bench.breakdowns:
        message += f"\n{failure.tell_breakdown(bench.breakdowns[0])}"
    status = Status.TIMEOUT if timed_out else Status.FAILED
    return _result(progress, status, message=message, diagnosis=_diagnose(item, progress, bench))


def _diagnose(item: pytest.Item, progress: Progress, bench: Bench) -> str | None:
    if not progress.invocations:
        return None
    symptoms = Symptoms(
        progress.invocations[-1],
        bench.stage.code,
        about_logs=_reads_the_log(item),
        about_answer="payload" in _names_in(getattr(item, "function", None)),
        failed_calls=[f"{call.operation}: {call.error}" for call in bench.calls if call.error],
        provoked=progress.check.provokes,
    )
    found = diagnose(symptoms)
    return str(found) if found else None


def _reads_the_log(item: pytest.Item) -> bool:
    code = getattr(getattr(item, "function", None), "__code__", None)
    return code is not None and not {"logs", "log_text"}.isdisjoint(code.co_names)


def _names_in(function: object) -> set[str]:
    """Every name that a check uses, or that the functions of its own file use for it."""
    names: set[str] = set()
    waiting = [function]
    while waiting:
        match waiting.pop():
            case FunctionType(__code__=code, __globals__=neighbours, __module__=module):
                found = set(code.co_names) - names
                names |= found
                helpers = (neighbours.get(name) for name in found)
                waiting += [helper for helper in helpers if getattr(helper, "__module__", None) == module]
    return names


def _is_ours(error: BaseException) -> bool:
    """Whether the exception came out of the workbook, not out of what the check asserted or looked for."""
    frames = traceback.extract_tb(error.__traceback__)
    return any(Path(frame.filename).is_relative_to(WORKBOOK) for frame in frames)


def _result(
    progress: Progress,
    status: Status,
    reason: Reason | None = None,
    message: str | None = None,
    diagnosis: str | None = None,
) -> CheckResult:
    check = progress.check
    return CheckResult(
        id=check.id,
        task=check.task,
        title=check.title,
        status=status,
        max_score=check.points,
        visibility=check.visibility,
        reason=reason,
        message=message,
        diagnosis=diagnosis,
        log=None if status is Status.PASSED else failure.function_log(progress.invocations),
        seconds=time.perf_counter() - progress.started,
        function_seconds=sum(map(seconds_of, progress.invocations)),
    )


def _refuse(item: pytest.Item, progress: Progress, judging: Judging, reason: Reason, words: str) -> str:
    progress.result = _result(progress, Status.NOT_JUDGED, reason, words)
    judging.record(item, progress.result)
    return f"not judged: {words}"


def _tell(result: CheckResult) -> str:
    parts = [result.title, "", result.message or "", result.diagnosis or ""]
    if result.log:
        parts += ["", "The function's log:", *(f"  {line}" for line in result.log.splitlines()[-40:])]
    return "\n".join(parts)
