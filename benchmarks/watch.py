"""What passes between a save and its verdict in `lab watch`: from the write of the file to the painted verdict.

For each lab a copy of the course holds the reference solution; `lab watch` runs in a pseudo-terminal of 80 by 24, and
the solution is saved again and again, as it is. The verdict is painted when the screen has every check but those marked
`slow`. Median and 95th percentile in ms, and the median of what the benches took from the order to judge until all was
cleared away again, which goes on when the verdict stands there.
"""

import argparse
import contextlib
import json
import math
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from fcntl import ioctl
from pathlib import Path

from workbook.course.labs import Course, Lab

ROOT = Path(__file__).resolve().parents[1]
QUICK = re.compile(rb"those to come wait for a time limit")
WHOLE = re.compile(rb"(\d+) of (\d+) checks passed, \d+ of \d+ points")
SECONDS = re.compile(rb"points, ([0-9.]+) s")
PATIENCE = 120.0


class Screen:
    """`lab watch` of one lab in a pseudo-terminal."""

    def __init__(self, course: Path, lab: Lab) -> None:
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.environ.update(NO_COLOR="1", TERM="xterm")
            os.execv(sys.executable, [sys.executable, "-m", "workbook", "--course", str(course), "watch", lab.id])
        self._seen = b""
        ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

    def until(self, *patterns: re.Pattern[bytes]) -> tuple[float, re.Match[bytes]]:
        """The moment at which one of the patterns is painted."""
        seen, self._seen = self._seen, b""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            now = time.perf_counter()
            for pattern in patterns:
                if found := pattern.search(seen):
                    self._seen = seen[found.end() :]
                    return now, found
            if select.select([self._terminal], [], [], 1.0)[0]:
                with contextlib.suppress(OSError):
                    seen += os.read(self._terminal, 1 << 16)
        raise SystemExit(f"nothing was painted in {PATIENCE} s: {seen[-500:]!r}")

    def forget(self) -> None:
        """What was painted so far no longer counts."""
        self._seen = b""
        while select.select([self._terminal], [], [], 0)[0]:
            os.read(self._terminal, 1 << 16)

    def close(self) -> None:
        os.kill(self._pid, signal.SIGTERM)
        with contextlib.suppress(OSError):
            while os.read(self._terminal, 1 << 16):
                pass
        os.waitpid(self._pid, 0)
        os.close(self._terminal)


def copy_course(to: Path) -> Course:
    """The course with the solutions as the student's files."""
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("labs", "solutions"):
        shutil.copytree(ROOT / folder, to / folder, ignore=ignored)
    for kept in ("wheels", "layers"):
        if (ROOT / ".workbook" / kept).is_dir():
            shutil.copytree(ROOT / ".workbook" / kept, to / ".workbook" / kept)
    course = Course(to)
    for lab in course.labs:
        for name in lab.manifest.files:
            if lab.solution and (lab.solution / name).is_file():
                shutil.copyfile(lab.solution / name, lab.folder / name)
    return course


def measure(course: Path, lab: Lab, saves: int, pause: float) -> dict[str, object]:
    """The milliseconds of each save, and of the benches in them."""
    screen = Screen(course, lab)
    file = lab.folder / "lambda_function.py"
    source = file.read_bytes()
    painted: list[float] = []
    judged: list[float] = []
    checks = 0
    try:
        screen.until(SECONDS)
        for number in range(saves + 1):
            time.sleep(pause)
            screen.forget()
            began = time.perf_counter()
            file.write_bytes(source)
            now, found = screen.until(QUICK, WHOLE)
            is_whole = found.re is WHOLE
            if not is_whole:
                _, found = screen.until(WHOLE)
            _, told = screen.until(SECONDS)
            if is_whole and number:
                judged.append(float(told[1]) * 1000)
            if found[1] != found[2]:
                raise SystemExit(f"{lab.id}: {found[0]!r}")
            checks = int(found[2])
            if number:
                painted.append((now - began) * 1000)
    finally:
        screen.close()
    return {"lab": lab.id, "checks": checks, "painted_ms": painted, "judged_ms": judged}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("labs", nargs="*", help="their numbers; without, all")
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between a verdict and the next save")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        course = copy_course(Path(folder))
        for lab in [course.find(name) for name in asked.labs] or course.labs:
            row = measure(Path(folder), lab, asked.saves, asked.pause)
            rows.append(row)
            if not asked.json:
                print(line_of(row), flush=True)
    if asked.json:
        print(json.dumps(rows))


def line_of(row: dict[str, object]) -> str:
    painted, judged = sorted(row["painted_ms"]), row["judged_ms"]  # type: ignore[type-var,arg-type]
    median, late = statistics.median(painted), painted[math.ceil(0.95 * len(painted)) - 1]
    rest = f"benches {statistics.median(judged):4.0f} ms" if judged else "slow checks after that"  # type: ignore[arg-type]
    return f"{row['lab']:<28} {row['checks']:>3} checks  median {median:4.0f} ms  p95 {late:4.0f} ms  ({rest})"


if __name__ == "__main__":
    main()
