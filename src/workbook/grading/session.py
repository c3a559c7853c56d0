"""What one pytest session knows of the labs it judges: their benches, and each check's course of events."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from workbook.bench import Bench
from workbook.course.labs import Lab
from workbook.grading.check import Check, declare, find_lab
from workbook.grading.document import CheckResult, Status, Visibility
from workbook.grading.failure import Comparison
from workbook.runtime import Code, Invocation
from workbook.runtime.launch import Launcher

if TYPE_CHECKING:
    from workbook.cloud import Call

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

    def compare(self, operator: str, got: Any, expected: Any) -> str:
        """Keep what an assert compares, as it fails, for the failure's text."""
        self.comparison = Comparison(operator, got, expected)
        return f"{type(got).__name__} {operator} {type(expected).__name__}"


class Judging:
    """The bench of the lab under judgement, and the results of this session by suite and check."""

    def __init__(
        self,
        code: Path | Code | None,
        solution: bool,
        unlimited: bool,
        make_launcher: Callable[[Collection[str]], Launcher],
        reuse: bool = False,
    ) -> None:
        self.reuses = reuse
        self._code, self._solution, self._unlimited = code, solution, unlimited
        self._make_launcher = make_launcher
        self._open: tuple[object, Bench] | None = None
        self.results: dict[tuple[Path, str], CheckResult] = {}
        self.running: Progress | None = None

    def enrol(self, item: pytest.Item) -> None:
        """Make a check of the item when it belongs to a lab."""
        found = find_lab(item.path)
        if found:
            lab, visibility = found
            item.stash[CHECK] = Progress(declare(item, lab, visibility), lab)

    def bench(self, progress: Progress) -> Bench:
        """The check's bench. Only one is open at a time: the local cloud is one for the whole process."""
        wanted = (progress.lab.folder, progress.check.visibility if self._code is None else None)
        if self._open is None or self._open[0] != wanted:
            self.close()
            code = self._code_for(progress.lab, progress.check.visibility)
            launcher = self._make_launcher(progress.lab.manifest.function.services)
            bench = Bench(progress.lab, code, launcher=launcher, reuse=self.reuses)
            if not self._unlimited:
                bench.limit_time()
            self._open = (wanted, bench)
        return self._open[1]

    def take(self, code: Code) -> None:
        """Judge this code from now on, on the bench that is open, if one is. Raises CodeError."""
        if self._open:
            self._open[1].take(code)
        self._code = code

    @property
    def used_again(self) -> int:
        """How often a function has begun in an environment that another one had used."""
        return self._open[1].used_again if self._open else 0

    def forget_environments(self) -> None:
        """Let the functions that come next begin afresh."""
        if self._open:
            self._open[1].forget_environments()

    @property
    def budget_left(self) -> float | None:
        """Seconds that the submission's functions may still take; None where nothing was counted yet."""
        return self._open[1].budget_left if self._open else None

    @budget_left.setter
    def budget_left(self, seconds: float | None) -> None:
        if self._open and seconds is not None:
            self._open[1].budget_left = seconds

    @property
    def calls(self) -> "list[Call]":
        """The calls to AWS that the lab's function has made, under its role's own policy, in the check that runs."""
        return self._open[1].own_calls if self._open else []

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

    def title_of(self, item: pytest.Item, name: str) -> str:
        """The line that the student sees for the check `name` of the same suite."""
        for (path, other), result in self.results.items():
            if path == item.path and other.partition("[")[0] == name:
                return result.title
        return name

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None

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
