"""A process that judges submissions of a lab: in bubblewrap where there is isolation, beside us where there is none."""

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.course.labs import Lab
from workbook.runtime import processes
from workbook.sandbox import bubblewrap
from workbook.sandbox.tier import Tier
from workbook.submissions.hand_in import HandIn

MAX_LINE = 8 * 1024 * 1024  # bytes of one verdict, with its log
MAX_WORDS = 16 * 1024  # bytes kept of what a bench process says about its own end
MOST = 100  # submissions, after which its place is taken by a fresh one


class BenchProcess:
    """A bench that takes one submission after another, with `reuse` on execution environments that its checks share.
    It ends with the thread that made it.

    Raises OSError when it cannot start.
    """

    def __init__(self, lab: Lab, tier: Tier, *, reuse: bool = False) -> None:
        arguments = (str(lab.root), lab.id, tier.name, *(["reuse"] if reuse else []))
        command = bubblewrap.run_module("workbook.grading.inside", *arguments)
        isolated = tier is Tier.NAMESPACES
        self._process = subprocess.Popen(
            bubblewrap.around_bench(command, _readable(lab)) if isolated else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": bubblewrap.SEARCHED} if isolated else dict(os.environ),
        )
        self._left = MOST if processes.LINUX else 1
        self._words = b""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def is_fit(self) -> bool:
        """Whether it may be given another submission."""
        return self._left > 0 and self._process.poll() is None

    def judge(self, hand_in: HandIn, seconds: float) -> Iterator[Mapping[str, Any]]:
        """What it says of the submission, as it comes, up to the document that closes its verdict: `done`, `rejected`
        or `broken`. Without one, and after `seconds`, it is ended."""
        self._left -= 1
        clock = threading.Timer(seconds, self.end)
        clock.daemon = True
        clock.start()
        threading.Thread(target=self._send, args=(hand_in,), daemon=True).start()
        assert self._process.stdout
        closed = False
        try:
            while not closed and (line := self._process.stdout.readline(MAX_LINE)):
                with contextlib.suppress(ValueError, RecursionError):
                    document = json.loads(line)
                    if isinstance(document, dict):
                        closed = not document.keys().isdisjoint({"done", "rejected", "broken"})
                        yield document
        finally:
            clock.cancel()
            if not closed or not self._left:
                self.end()

    def end(self) -> None:
        """End it with all that runs in it. A second call does nothing."""
        self._left = 0
        if self._process.poll() is None:
            processes.end_tree(self._process.pid)
        self._process.wait()

    @property
    def words(self) -> str:
        """The last of what it wrote to standard error, once it has ended."""
        self._listener.join(5)
        return self._words.decode("utf-8", "replace")

    def _send(self, hand_in: HandIn) -> None:
        if hand_in.archive is not None:
            request: dict[str, Any] = {"archive": len(hand_in.archive)}
            parts: Sequence[bytes] = [hand_in.archive]
        else:
            request = {"files": {name: len(data) for name, data in hand_in.files.items()}}
            parts = list(hand_in.files.values())
        header = json.dumps(request).encode()
        assert self._process.stdin
        with contextlib.suppress(OSError, ValueError):  # it has ended
            self._process.stdin.write(len(header).to_bytes(4, "big") + header + b"".join(parts))
            self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stderr
        with self._process.stderr as stream:
            while piece := os.read(stream.fileno(), 4096):
                self._words = (self._words + piece)[-MAX_WORDS:]


def _readable(lab: Lab) -> list[Path]:
    """What a bench needs of the course: this lab and its solution's checks, and what is kept for them."""
    root = lab.root
    solution = [lab.solution] if lab.solution else []
    return [lab.folder, *solution, *(root / ".workbook" / name for name in ("layers", "wheels", "pycache"))]
