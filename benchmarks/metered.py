"""What a command costs with all that it starts: the CPU of a control group of its own.

`RUSAGE_CHILDREN` does not do: a process that nobody waits for is not in it, and that is every process in a process
namespace that is ended by ending its first one, as bubblewrap's and a function's are. Nor does a counter of perf that
forks inherit: it leaves out what a process takes to give its memory back.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.25
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"  # left out: where it is set, everything is compiled again and again
PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1024 * 1024
NO_GROUP = """This measures with a control group (cgroup v2), which it could not make: {why}
Run it as root, or in a group of your own:
    systemd-run --user --scope -p Delegate=yes {command}"""


@dataclass(frozen=True)
class Cost:
    """cpu and wall: seconds. memory: the most that a process held, in MB resident, by a word for its kind."""

    cpu: float = 0.0
    wall: float = 0.0
    memory: Mapping[str, float] = field(default_factory=dict)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall)

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu - other.cpu, self.wall - other.wall)

    def __truediv__(self, count: float) -> "Cost":
        return Cost(self.cpu / count, self.wall / count)

    def __mul__(self, count: float) -> "Cost":
        return Cost(self.cpu * count, self.wall * count)


class Group:
    """A control group for one run after another. Raises SystemExit with what to do where there can be none."""

    def __init__(self) -> None:
        self._folder = _own_group() / f"benchmark-{os.getpid()}"
        try:
            self._folder.mkdir()
        except OSError as error:
            raise SystemExit(NO_GROUP.format(why=error, command="python benchmarks/...")) from None

    def __enter__(self) -> "Group":
        return self

    def __exit__(self, *_: object) -> None:
        while self.pids:
            time.sleep(0.05)
        self._folder.rmdir()

    def run(
        self,
        command: Sequence[object],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
        describe: Callable[[int], str | None] | None = None,
    ) -> tuple[Cost, str]:
        """Run the command to its end: what it cost, and its standard output. `describe` gives a word for the kind
        of a process whose memory is to be looked at. The command's exit code is not looked at."""
        began, before = time.perf_counter(), self._cpu
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name != NO_BYTECODE} | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            preexec_fn=self._enter,
        )
        peaks: dict[str, float] = {}
        while True:
            try:
                said, _ = process.communicate(timeout=SAMPLE_SECONDS if describe else None)
                break
            except subprocess.TimeoutExpired:
                for word, held in self._weigh(describe).items() if describe else ():
                    peaks[word] = max(held, peaks.get(word, 0.0))
        wall = time.perf_counter() - began
        while self.pids:  # what it killed is still being put away
            time.sleep(0.01)
        return Cost(self._cpu - before, wall, peaks), said

    @property
    def pids(self) -> list[int]:
        return list(map(int, (self._folder / "cgroup.procs").read_text().split()))

    @property
    def _cpu(self) -> float:
        for line in (self._folder / "cpu.stat").read_text().splitlines():
            if line.startswith("usage_usec"):
                return int(line.split()[1]) / 1e6
        raise SystemExit("This kernel's control groups do not tell what CPU they use.")

    def _enter(self) -> None:
        (self._folder / "cgroup.procs").write_text("0")

    def _weigh(self, describe: Callable[[int], str | None]) -> dict[str, float]:
        """The most that one process of each kind holds now, in MB."""
        held: dict[str, float] = {}
        for pid in self.pids:
            try:
                if word := describe(pid):
                    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    held[word] = max(held.get(word, 0.0), pages * PAGE / MEGABYTE)
            except OSError:
                continue
        return held


def _own_group() -> Path:
    """The folder of this process's group, in the hierarchy of cgroup v2."""
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    roots = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"]
    mine = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
    if not roots or not mine:
        raise SystemExit(NO_GROUP.format(why="there is no cgroup v2 here.", command="python benchmarks/..."))
    return roots[0] / mine[0].lstrip("/")
