"""A class graded: every submission ends as exactly one record in the gradebook, whatever happens on the way."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from workbook import __version__
from workbook.bench import install_layers
from workbook.course.labs import Lab
from workbook.gradebook import Attempt
from workbook.grading.bench_process import BenchProcess
from workbook.grading.check import Check
from workbook.grading.document import Result, Status
from workbook.grading.isolated import grade_isolated, reject, unjudged
from workbook.grading.judge import collect
from workbook.grading.reuse import digest_suites, is_proved
from workbook.sandbox.tier import Tier
from workbook.submissions.hand_in import Entry, HandIn


class Book(Protocol):
    """What a batch needs of a gradebook."""

    def find(self, lab: str, submission_id: str, key: str) -> Attempt | None: ...

    def record(self, attempt: Attempt) -> None: ...


@dataclass(frozen=True)
class Record:
    """A submission's record, and whether it was there already."""

    attempt: Attempt
    kept: bool

    @property
    def stands(self) -> bool:
        """Whether the bench stands behind it."""
        return bool(self.attempt.document["status"] != Status.NOT_JUDGED)


class Batch:
    """Grades `entries` with `workers` benches at a time. `close` ends those that run.

    A submission whose record is in the gradebook under the same key (its own bytes, the suites, the tier and the
    workbook's version) is not judged again, unless `force` says so or the bench could not judge it then. Checks share a
    function's execution environments where that is proved to change no verdict, unless `fresh`.
    """

    def __init__(
        self, lab: Lab, book: Book, tier: Tier, *, workers: int, force: bool = False, fresh: bool = False
    ) -> None:
        self._lab, self._book, self._tier, self._force = lab, book, tier, force
        self.checks: Sequence[Check] = collect(lab, hidden=True)
        install_layers(lab)
        self._suites = digest_suites(lab)
        self._reuse = is_proved(lab) and not fresh
        self._workers = workers
        self._running: set[BenchProcess] = set()
        self._own = threading.local()
        self._lock = threading.Lock()
        self._closed = False

    def grade(self, entries: Sequence[Entry]) -> Iterator[Record]:
        """Each submission's record, in the order in which they are done; it is in the gradebook when it comes."""
        waiting = iter(entries)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="grader") as pool:
            under_way: dict[Future[Result], str] = {}
            try:
                while True:
                    while len(under_way) < self._workers and (entry := next(waiting, None)):
                        hand_in = entry.take_in()
                        key = self._key(hand_in)
                        kept = None if self._force else self._book.find(self._lab.id, hand_in.id, key)
                        if kept and Record(kept, True).stands:
                            yield Record(kept, True)
                        else:
                            under_way[pool.submit(self._judge, hand_in)] = key
                    if not under_way:
                        return
                    done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield self._keep(future.result(), under_way.pop(future))
            finally:
                self.close()

    def close(self) -> None:
        """End every bench that runs; nothing that was not reported is recorded. A second call does nothing."""
        with self._lock:
            self._closed = True
            for bench in self._running:
                bench.end()

    def _judge(self, hand_in: HandIn) -> Result:
        if hand_in.refusal is not None:
            return reject(self._lab, hand_in, self.checks, self._tier, hand_in.refusal)
        try:
            return grade_isolated(self._lab, hand_in, self.checks, self._tier, self._bench())
        except OSError as error:
            return unjudged(self._lab, hand_in, self.checks, self._tier, f"The bench did not start: {error}")

    def _bench(self) -> BenchProcess:
        """This thread's bench, a fresh one where it is not fit any more."""
        bench: BenchProcess | None = getattr(self._own, "bench", None)
        if bench is None or not bench.is_fit:
            bench = self._own.bench = BenchProcess(self._lab, self._tier, reuse=self._reuse)
        with self._lock:
            self._running.add(bench)
            if self._closed:
                bench.end()
        return bench

    def _keep(self, result: Result, key: str) -> Record:
        attempt = Attempt(self._lab.id, result.submission.id, key, result.to_dict(), datetime.now(UTC))
        self._book.record(attempt)
        return Record(attempt, False)

    def _key(self, hand_in: HandIn) -> str:
        parts = (hand_in.sha256, self._suites, self._tier.sandbox, __version__)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()
