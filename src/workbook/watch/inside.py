"""The inside of a bench that stays warm: pytest's session, the cloud and the function's template are ready, and it
waits
for the order to judge what lies in the lab's folder now.

Run as a module, with a course's folder and a lab's name as arguments. Its input is a JSON document a line: {"run": 7,
"checks": [ids]}, without `checks` for all of them; an order ends the run before it. Its output likewise: {"declared":
[checks]}, {"ready": true}, then of a run {"run": 7, ...} with `check`, a verdict, and at last `done`, `stopped` or
`rejected`; {"broken": why} when the suite cannot be run. It ends with its input.
"""

import contextlib
import gc
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbook.bench import Bench, BenchError
from workbook.course.labs import Course, Lab
from workbook.grading.document import CheckResult
from workbook.grading.judge import digest, grade
from workbook.grading.reuse import is_proved
from workbook.grading.session import CHECK, JUDGING
from workbook.runtime import BudgetSpent, Code, CodeError
from workbook.runtime.environment import ExecutionEnvironment
from workbook.runtime.launch import FunctionProcess, Launch, Launcher
from workbook.runtime.launchers.fork import make_launcher

SPARES = 8  # functions' processes kept ready: some 10 MB each
READS, READ_SECONDS = 10, 0.02  # of files that come and go: how often, how far apart
NOTHING = b"def lambda_handler(event, context):\n    pass\n"

Tell = Callable[[Any], None]


@dataclass(frozen=True)
class Order:
    """Judge what is there now. `checks` are the ids to run; None: all."""

    run: int
    checks: frozenset[str] | None


class InterruptibleLauncher:
    """Starts functions until it is stopped: that ends those that run, and refuses more."""

    def __init__(self, services: Collection[str]) -> None:
        self._start = make_launcher(services, SPARES).start
        self._processes: list[FunctionProcess] = []
        self._lock = threading.Lock()
        self.is_stopped = False

    def open(
        self, prepare: Callable[[str, Path], Launch], *, memory_mb: int, on_answer: Callable[[], None]
    ) -> ExecutionEnvironment:
        if self.is_stopped:
            raise BudgetSpent
        return ExecutionEnvironment(self.start, prepare, memory_mb=memory_mb, on_answer=on_answer)

    def start(self, launch: Launch) -> FunctionProcess:
        process = self._start(launch)
        with self._lock:
            self._processes.append(process)
        if self.is_stopped:
            process.end()
        return process

    def stop(self) -> None:
        self.is_stopped = True
        with self._lock:
            running = list(self._processes)
        for process in running:
            process.end()


class Desk:
    """Where orders come in. The newest counts; it stops the run that an older one began."""

    def __init__(self) -> None:
        self._orders: queue.Queue[Order | None] = queue.Queue()
        self._running: InterruptibleLauncher | None = None
        self._lock = threading.Lock()
        self.is_closed = False
        threading.Thread(target=self._listen, name="orders", daemon=True).start()

    def take(self, launcher: InterruptibleLauncher) -> Order | None:
        """Waits for an order, which `launcher` will serve; None when there will be no more."""
        order = self._orders.get()
        with self._lock:
            while not self._orders.empty():
                order = self._orders.get()
            self._running = launcher
            launcher.is_stopped = False
        return order

    def _listen(self) -> None:
        for line in sys.stdin:
            asked = json.loads(line)
            checks = asked.get("checks")
            self._put(Order(asked["run"], None if checks is None else frozenset(checks)))
        self.is_closed = True
        self._put(None)

    def _put(self, order: Order | None) -> None:
        with self._lock:
            self._orders.put(order)
            running, self._running = self._running, None
        if running:
            running.stop()


class Preparation:
    """A pytest plugin of one run: all that can be done before the code is known, then the wait for an order."""

    def __init__(self, lab: Lab, desk: Desk, launcher: InterruptibleLauncher, tell: Tell) -> None:
        self._lab, self._desk, self._launcher, self._tell = lab, desk, launcher, tell
        self.order: Order | None = None
        self.sha256 = ""
        self.began = 0.0

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if not session.items:
            return
        self._tell({"declared": [_declare(item) for item in session.items]})
        judging = session.config.stash[JUDGING]
        _rehearse(judging.bench(session.items[0].stash[CHECK]))
        gc.unfreeze()
        gc.collect()
        gc.freeze()
        gc.disable()
        self._tell({"ready": True})
        while self.order is None:
            order = self._desk.take(self._launcher)
            if order is None:
                pytest.exit("no more orders")
            self.began = time.perf_counter()
            try:
                code = read_code(self._lab)
                judging.take(code)
                self.sha256 = digest(code)
                self.order = order
            except (CodeError, OSError) as error:
                self._tell({"run": order.run, "rejected": str(error)})
        if self.order.checks is not None:
            session.items[:] = [item for item in session.items if item.stash[CHECK].check.id in self.order.checks]

    def tell_verdict(self, result: CheckResult) -> None:
        if self.order and not self._launcher.is_stopped:
            self._tell({"run": self.order.run, "check": result.to_dict()})

    def close(self) -> None:
        """Tell how the run ended."""
        if self.order:
            seconds = round(time.perf_counter() - self.began, 3)
            done = {"stopped": True} if self._launcher.is_stopped else {"done": self.sha256, "seconds": seconds}
            self._tell({"run": self.order.run, **done})


def read_code(lab: Lab) -> Code:
    """The code as it is now. A file that an editor makes beside it for a moment may go while it is read: then again."""
    for _ in range(READS):
        with contextlib.suppress(FileNotFoundError):
            found = Code.open(lab.folder, files=lab.manifest.files)
            return Code(found.path, {name: found[name] for name in found})
        time.sleep(READ_SECONDS)
    raise CodeError("Files come and go while they are read. Save again.")


def main(course: str, name: str) -> None:
    lab = Course(Path(course)).find(name)
    tell, desk = speaker(), Desk()
    while not desk.is_closed:
        try:
            serve(lab, desk, tell)
        except BenchError as error:
            if not desk.is_closed:
                tell({"broken": str(error)})
            return


def serve(lab: Lab, desk: Desk, tell: Tell) -> None:
    """Prepare one run, wait for its order, and judge. Raises BenchError."""
    launcher = InterruptibleLauncher(lab.manifest.function.services)
    preparation = Preparation(lab, desk, launcher, tell)

    def give(_: Collection[str]) -> Launcher:
        return launcher

    nothing = Code(Path("nothing"), {lab.manifest.files[0]: NOTHING})
    grade(
        lab,
        nothing,
        make_launcher=give,
        reuse=is_proved(lab, public=True),
        on_check=preparation.tell_verdict,
        plugins=[preparation],
    )
    preparation.close()


def speaker() -> Tell:
    """What writes to the pipe that standard output was; whatever prints from now on goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)

    def tell(document: Any) -> None:
        print(json.dumps(document), file=pipe, flush=True)

    return tell


def _declare(item: pytest.Item) -> dict[str, Any]:
    check = item.stash[CHECK].check
    return {
        "id": check.id,
        "task": check.task,
        "title": check.title,
        "points": check.points,
        "needs": check.needs,
        "slow": item.get_closest_marker("slow") is not None,
    }


def _rehearse(bench: Bench) -> None:
    """Use what the checks will use, for the first time, and leave nothing of it."""
    bench.function().invoke({})
    for service in bench.manifest.function.services:
        bench.cloud.client(service)
    if "s3" in bench.manifest.function.services:
        bench.cloud.client("s3").list_buckets()
    bench.reset()
    bench.forget_environments()


if __name__ == "__main__":
    main(*sys.argv[1:])
