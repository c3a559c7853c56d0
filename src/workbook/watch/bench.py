"""The warm benches beside the screen: each a process that judges its share of a lab's checks (see inside.py)."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from workbook.course.labs import Lab
from workbook.grading.document import CheckResult, Reason, Status, Visibility
from workbook.runtime import processes
from workbook.watch import events
from workbook.watch.state import Declared

MAX_WORDS = 16 * 1024  # bytes kept of what a bench says about its own end
END_SECONDS = 3.0

Post = Callable[[events.Event], None]


def count_lanes() -> int:
    """How many benches share a lab's checks: two where there are two processors."""
    return min(2, os.cpu_count() or 1)


class Benches:
    """Judge a lab on `lanes` benches at once. What they say is posted as events. Use `end` when it is over."""

    def __init__(self, lab: Lab, post: Post, lanes: int | None = None) -> None:
        self._lab, self._post = lab, post
        self._lock = threading.Lock()
        self._ready = 0
        self._left: dict[int, int] = {}
        self._seconds: dict[str, float] = {}
        self._declared: tuple[Declared, ...] = ()
        self._ended = False
        self._lanes = [_Lane(lab, self._hear, self._miss) for _ in range(lanes or count_lanes())]

    def judge(self, run: int) -> None:
        """Judge what lies in the lab's folder now; a run that goes on is stopped."""
        shares = share(self._declared, len(self._lanes), self._seconds)
        with self._lock:
            self._left = {run: sum(bool(ids) for ids in shares)}
        for lane, ids in zip(self._lanes, shares, strict=True):
            if ids:
                lane.order({"run": run, "checks": ids})

    def end(self) -> None:
        """End the benches with all that runs in them."""
        self._ended = True
        for lane in self._lanes:
            lane.dismiss()
        for lane in self._lanes:
            lane.end()

    def _hear(self, word: Mapping[str, Any]) -> None:
        match word:
            case {"declared": list(checks)}:
                with self._lock:
                    first, self._declared = not self._declared, tuple(Declared(**check) for check in checks)
                if first:
                    self._post(events.Collected(self._declared))
            case {"ready": True}:
                with self._lock:
                    self._ready += 1
                    all_ready = self._ready == len(self._lanes)
                if all_ready:
                    self._post(events.Ready())
            case {"run": int(run), "check": check}:
                result = read_result(check)
                self._seconds[result.id] = result.seconds
                self._post(events.Judged(run, result))
            case {"run": int(run), "done": str(sha256), "seconds": float(seconds) | int(seconds)}:
                with self._lock:
                    left = self._left.get(run, 0) - 1
                    self._left[run] = left
                if left == 0:
                    self._post(events.Finished(run, sha256, seconds))
            case {"run": int(run), "rejected": str(why)}:
                self._post(events.Rejected(run, why))
            case {"broken": str(why)}:
                self._lose(why)

    def _miss(self, words: str) -> None:
        self._lose(f"The bench has ended. {words}".strip())

    def _lose(self, why: str) -> None:
        with self._lock:
            first, self._ended = not self._ended, True
        if first:
            self._post(events.Broken(why))


class _Lane:
    """One bench process, which speaks and listens in lines."""

    def __init__(self, lab: Lab, hear: Callable[[Any], None], miss: Callable[[str], None]) -> None:
        self._hear, self._miss = hear, miss
        self._dismissed = False
        apart: dict[str, Any] = (
            {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined,unused-ignore]
            if processes.WINDOWS
            else {"start_new_session": True}
        )
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workbook.watch.inside", str(lab.root), lab.id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **apart,
        )
        self._words = b""
        self._listener = threading.Thread(target=self._keep_words, name="bench-words", daemon=True)
        self._listener.start()
        threading.Thread(target=self._listen, name="bench", daemon=True).start()

    def order(self, document: Any) -> None:
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # it has ended, and its listener says so
            self._process.stdin.write(json.dumps(document).encode() + b"\n")
            self._process.stdin.flush()

    def dismiss(self) -> None:
        """No more orders: it stops what runs, and ends by itself."""
        self._dismissed = True
        assert self._process.stdin
        with contextlib.suppress(OSError):
            self._process.stdin.close()

    def end(self) -> None:
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            processes.end_tree(self._process.pid)
            self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if not self._dismissed:
                self._hear(json.loads(line))
        self._process.wait()
        if not self._dismissed:
            self._listener.join(5)
            self._miss(self._words.decode("utf-8", "replace"))

    def _keep_words(self) -> None:
        assert self._process.stderr
        while piece := os.read(self._process.stderr.fileno(), 4096):
            self._words = (self._words + piece)[-MAX_WORDS:]


def share(declared: Sequence[Declared], lanes: int, seconds: Mapping[str, float]) -> list[list[str]]:
    """The checks' ids for each lane, so that the quick ones end together: by what they took the last time. Those that
    need one another stay in one lane."""
    names = {check.id.partition("[")[0]: check for check in declared}
    groups: dict[str, list[Declared]] = {}
    for check in declared:
        chain = [check]
        while (needed := names.get(chain[-1].needs or "")) and needed not in chain:
            chain.append(needed)
        groups.setdefault(chain[-1].id.partition("[")[0], []).append(check)

    def cost(group: list[Declared], *, slow: bool) -> float:
        return sum(seconds.get(check.id, 0.1) for check in group if check.slow is slow)

    found: list[list[str]] = [[] for _ in range(lanes)]
    busy = [(0.0, 0.0, lane) for lane in range(lanes)]
    for group in sorted(groups.values(), key=lambda group: (-cost(group, slow=False), -cost(group, slow=True))):
        quick, slow, lane = min(busy)
        busy[lane] = (quick + cost(group, slow=False), slow + cost(group, slow=True), lane)
        found[lane] += [check.id for check in group]
    return found


def read_result(document: Mapping[str, Any]) -> CheckResult:
    """A check of the result document as the object that it was."""
    known = {field.name for field in fields(CheckResult)} & document.keys()
    told = {key: document[key] for key in known}
    return CheckResult(
        **{
            **told,
            "status": Status(told["status"]),
            "visibility": Visibility(told["visibility"]),
            "reason": Reason(told["reason"]) if told["reason"] else None,
        }
    )
