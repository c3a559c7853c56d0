"""A process that judges one submission: inside bubblewrap where there is isolation, beside us where there is none."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook.course.labs import Lab
from workbook.runtime import processes
from workbook.sandbox import bubblewrap
from workbook.sandbox.tier import Tier
from workbook.submissions.hand_in import HandIn

COMMAND = (sys.executable, "-I", "-B", "-m", "workbook.grading.inside")
MAX_LINE = 8 * 1024 * 1024  # bytes of one verdict, with its log
MAX_WORDS = 16 * 1024  # bytes kept of what a bench process says about its own end


class BenchProcess:
    """A bench with one submission on it. `verdicts` gives what it says, until it ends or is ended.

    It ends with the thread that made it. Raises OSError when it cannot start.
    """

    def __init__(self, lab: Lab, hand_in: HandIn, tier: Tier) -> None:
        isolated = tier is Tier.NAMESPACES
        self._process = subprocess.Popen(
            bubblewrap.around_bench(COMMAND, _readable(lab)) if isolated else COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": bubblewrap.SEARCHED} if isolated else dict(os.environ),
        )
        self._words = b""
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._sender = threading.Thread(target=self._send, args=(lab, hand_in, tier), daemon=True)
        self._sender.start()

    def verdicts(self, seconds: float) -> Iterator[Mapping[str, Any]]:
        """Its documents as they come. After `seconds` it is ended."""
        clock = threading.Timer(seconds, self.end)
        clock.daemon = True
        clock.start()
        assert self._process.stdout
        try:
            while line := self._process.stdout.readline(MAX_LINE):
                with contextlib.suppress(ValueError, RecursionError):
                    document = json.loads(line)
                    if isinstance(document, dict):
                        yield document
        finally:
            clock.cancel()
            self.end()

    def end(self) -> None:
        """End it with all that runs in it. A second call does nothing."""
        if self._process.poll() is None:
            processes.end_tree(self._process.pid)
        self._process.wait()

    @property
    def words(self) -> str:
        """The last of what it wrote to standard error."""
        self._listener.join(5)
        return self._words.decode("utf-8", "replace")

    def _send(self, lab: Lab, hand_in: HandIn, tier: Tier) -> None:
        request: dict[str, Any] = {"course": str(lab.folder.parents[1]), "lab": lab.id, "tier": tier.value}
        if hand_in.archive is not None:
            request["archive"] = len(hand_in.archive)
            parts: Sequence[bytes] = [hand_in.archive]
        else:
            request["files"] = {name: len(data) for name, data in hand_in.files.items()}
            parts = list(hand_in.files.values())
        assert self._process.stdin
        with contextlib.suppress(OSError), self._process.stdin as stream:
            stream.write(json.dumps(request).encode() + b"\n")
            for part in parts:
                stream.write(part)

    def _listen(self) -> None:
        assert self._process.stderr
        with self._process.stderr as stream:
            while piece := os.read(stream.fileno(), 4096):
                self._words = (self._words + piece)[-MAX_WORDS:]


def _readable(lab: Lab) -> list[Path]:
    """What a bench needs of the course: this lab and its solution's checks, and the layers that are installed."""
    root = lab.folder.parents[1]
    solution = [lab.solution] if lab.solution else []
    return [lab.folder, *solution, root / ".workbook" / "layers", root / ".workbook" / "wheels"]
