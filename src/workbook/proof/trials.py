"""Codes on trial: each judged by a lab's suites, or invoked with events, in a process beside the others."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from typing import Any, TypeVar

from workbook.bench import Bench, BenchError
from workbook.course.labs import Lab
from workbook.grading.document import CheckResult, Reason, Result, Status
from workbook.proof.answers import open_answer
from workbook.runtime import Code, Invocation

T = TypeVar("T")


@contextmanager
def trial_processes() -> Iterator[Executor]:
    """A process for each core, since only one local cloud may be open in each. An exception ends their trials."""
    pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        while workers := active_children():
            for worker in workers:
                worker.terminate()
            time.sleep(0.05)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class Trials:
    """Where a lab's codes are tried. A trial is begun at once; `wait` gives what it came to."""

    lab: Lab
    executor: Executor

    def judge(self, folder: Path, *, hidden: bool = True) -> Future[Result]:
        """The folder judged by the public and, if `hidden`, the hidden checks."""
        return self.executor.submit(_judge, replace(self.lab), folder, hidden)

    def judge_answer(self, path: Path) -> Future[Result]:
        """A variant or mistake, laid over the solution, judged by public and hidden checks."""
        return self.executor.submit(_judge_answer, replace(self.lab), path)

    def judge_with(self, path: Path, *, reuse: bool) -> Future[Result]:
        """The starter, the solution or another answer, judged by public and hidden checks, on fresh execution
        environments or on shared ones."""
        return self.executor.submit(_judge_with, replace(self.lab), path, reuse)

    def find_failure(self, code: Code) -> Future[CheckResult | None]:
        """The first of the public and hidden checks that the code does not pass; the rest is not run then."""
        return self.executor.submit(_find_failure, replace(self.lab), code)

    def invoke(self, folder: Path, events: list[Any]) -> Future[list[Invocation]]:
        """The folder's function invoked with each event, each time cold and in a fresh world."""
        return self.executor.submit(_invoke, replace(self.lab), folder, events)


def _begin() -> None:
    """What a process of trials does first: leave ctrl-C to its parent, and end with it, even one that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        while True:  # the first may only end the trial that runs
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.5)


def wait(trial: Future[T]) -> T:
    """What the trial came to. Raises BenchError when the bench broke, CodeError for code that cannot be taken in."""
    try:
        return trial.result()
    except BrokenExecutor as error:
        raise BenchError("A process that judges ended of itself. Is the memory full?") from error


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A trial whose process is terminated closes what it opened, as if it were interrupted."""

    def interrupt(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _judge(lab: Lab, code: Path | Code, hidden: bool, reuse: bool = False) -> Result:
    from workbook.grading.judge import grade

    with _ending_in_order():
        result = grade(lab, code, hidden=hidden, reuse=reuse)
    broken = [check for check in result.checks if check.reason is Reason.BENCH]
    if broken:
        raise BenchError(f"{lab.id}, {result.submission.id}, {broken[0].id}: {broken[0].message}")
    return result


def _judge_answer(lab: Lab, path: Path) -> Result:
    return _judge(lab, open_answer(lab, path), True)


def _judge_with(lab: Lab, path: Path, reuse: bool) -> Result:
    return _judge(lab, path if path in (lab.folder, lab.solution) else open_answer(lab, path), True, reuse)


def _find_failure(lab: Lab, code: Code) -> CheckResult | None:
    import pytest

    from workbook.grading.judge import grade

    failures: list[CheckResult] = []

    def stop(check: CheckResult) -> None:
        if check.status is not Status.PASSED:
            failures.append(check)
            pytest.exit(f"{check.id} is enough")

    try:
        with _ending_in_order():
            grade(lab, code, hidden=True, on_check=stop)
    except BenchError:
        if not failures:
            raise
    if failures and failures[0].reason is Reason.BENCH:
        raise BenchError(f"{lab.id}, {failures[0].id}: {failures[0].message}")
    return failures[0] if failures else None


def _invoke(lab: Lab, folder: Path, events: list[Any]) -> list[Invocation]:
    invocations = []
    with _ending_in_order(), Bench(lab, folder) as bench:
        for event in events:
            bench.reset()
            invocations.append(bench.function().invoke(event))
            if broken := bench.faults + bench.breakdowns:
                raise BenchError(f"{lab.id}: the bench itself broke: {'; '.join(broken)}")
    return invocations
