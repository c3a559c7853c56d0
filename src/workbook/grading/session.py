"""What one pytest session knows of the labs it judges: their benches, and each check's course of events."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from workbook.bench import Bench
from workbook.course.labs import Lab
from workbook.grading.check import Check, declare, find_lab
from workbook.grading.document import CheckResult, Status, Visibility
from workbook.grading.failure import Comparison
from workbook.runtime import Code, Invocation

CHECK = pytest.StashKey["Progress"]()
JUDGING = pytest.StashKey["Judging"]()


@dataclass
class Progress:
    """One check on its way to a verdict."""

    check: Check
    lab: Lab
    invocations: list[Invocation] = field(default_factory=list)
    comparison: Comparison | None = None
    result: CheckResult | None = None
    started: float = 0.0


class Judging:
    """The benches of this session, one for each lab, and the results by suite and check."""

    def __init__(self, code: Path | Code | None, solution: bool, unlimited: bool) -> None:
        self._code, self._solution, self._unlimited = code, solution, unlimited
        self._benches: dict[str, Bench] = {}
        self.results: dict[tuple[Path, str], CheckResult] = {}
        self.running: Progress | None = None

    def enrol(self, item: pytest.Item) -> None:
        """Make a check of the item when it belongs to a lab."""
        found = find_lab(item.path)
        if found:
            lab, visibility = found
            item.stash[CHECK] = Progress(declare(item, visibility), lab)

    def bench(self, progress: Progress) -> Bench:
        lab = progress.lab
        if lab.id not in self._benches:
            bench = Bench(lab, self._code_for(lab, progress.check.visibility))
            if not self._unlimited:
                bench.limit_time()
            self._benches[lab.id] = bench
        return self._benches[lab.id]

    def record(self, item: pytest.Item, result: CheckResult) -> None:
        self.results[item.path, result.id] = result

    def has_failed(self, item: pytest.Item, needed: str) -> bool:
        """Whether the check `needed` of the same suite ran and did not pass, in any of its variants."""
        return any(
            path == item.path
            and (name == needed or name.startswith(f"{needed}["))
            and result.status is not Status.PASSED
            for (path, name), result in self.results.items()
        )

    def close(self) -> None:
        for bench in self._benches.values():
            bench.close()
        self._benches.clear()

    def _code_for(self, lab: Lab, visibility: Visibility) -> Path | Code | None:
        if self._code is not None:
            return self._code
        if self._solution or visibility is Visibility.HIDDEN:
            if lab.solution is None:
                raise pytest.UsageError(
                    f"solutions/{lab.id} is not here: a student edition has no solutions. Leave out --solution."
                )
            return lab.solution
        return None


def bench_of(item: pytest.Item) -> Bench:
    """The bench of the lab that the check belongs to."""
    progress = item.stash.get(CHECK, None)
    if progress is None:
        raise pytest.UsageError(
            f"{item.nodeid} uses a lab's fixture outside labs/NN_name or solutions/NN_name: move the test there."
        )
    return item.config.stash[JUDGING].bench(progress)


def watch(item: pytest.Item) -> Callable[[Invocation], None]:
    """What keeps the check's invocations, for its failure text and its log."""
    return item.stash[CHECK].invocations.append
