"""A check on an environment that other checks have used: what it does not pass so, it is asked again afresh.

So nobody loses a mark to what an earlier check left behind; that something was left is told.
"""

from dataclasses import replace

import pytest
from _pytest.runner import runtestprotocol

from workbook.grading.document import CheckResult, Status
from workbook.grading.session import CHECK, Judging, Progress

SURVIVES = (
    "passes alone, and fails after another check's invocations: something survives in your function from one "
    "invocation to the next, and would on AWS too"
)


def judge_twice_if_need_be(item: pytest.Item, nextitem: pytest.Item | None, judging: Judging) -> None:
    """Run the item's protocol; and once more on a fresh environment where the first verdict came from one that was
    used before, and was not `passed`."""
    first = item.stash[CHECK]
    used, spent = judging.used_again, judging.budget_left
    runtestprotocol(item, log=False, nextitem=nextitem)
    if _has_passed(first):
        return
    judging.forget_environments()
    if judging.used_again == used:
        return
    judging.budget_left = spent
    again = item.stash[CHECK] = Progress(first.check, first.lab)
    item._initrequest()  # type: ignore[attr-defined]
    runtestprotocol(item, log=False, nextitem=nextitem)
    if _has_passed(again):
        assert again.result
        _settle(item, again, judging, replace(again.result, message=SURVIVES))
    else:
        judging.forget_environments()


def _has_passed(progress: Progress) -> bool:
    return progress.result is not None and progress.result.status is Status.PASSED


def _settle(item: pytest.Item, progress: Progress, judging: Judging, result: CheckResult) -> None:
    progress.result = result
    judging.record(item, result)
