"""Programs that grade lab 03: plain pytest, and ours."""

import json
import re
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from classroom import LAB, ROOT
from metered import Cost, Group

HERE = Path(__file__).resolve().parent
CHECKS = HERE / "naive"
NAMES = re.findall(r"^def (test_\w+)", (CHECKS / "test_s3_writes.py").read_text("utf-8"), re.MULTILINE)

Verdicts = Mapping[str, bool]  # by the name of a check that was judged: whether it passed


@dataclass(frozen=True)
class Graded:
    """What a class cost, and each submission's verdicts, by its name."""

    cost: Cost
    verdicts: Mapping[str, Verdicts]


class Grader(ABC):
    name: str

    def prepare(self, work: Path) -> None:
        """Make the folder `work`, and in it whatever is made once for an assignment. It is not counted."""
        work.mkdir()

    @abstractmethod
    def grade(self, group: Group, submissions: Path, work: Path) -> Graded:
        """Grade a folder of submissions; `work` is a folder that is nobody else's."""


class OneByOne(Grader):
    """A grader that is started for each submission."""

    def grade(self, group: Group, submissions: Path, work: Path) -> Graded:
        cost, verdicts = Cost(), {}
        for submission in sorted(submissions.iterdir()):
            taken, verdicts[submission.name] = self.grade_one(group, submission, work)
            cost += taken
        return Graded(cost, verdicts)

    @abstractmethod
    def grade_one(self, group: Group, submission: Path, work: Path) -> tuple[Cost, Verdicts]: ...


class PlainPytest(OneByOne):
    """`python -m pytest` on a folder of tests that import the handler."""

    name = "python -m pytest"

    def prepare(self, work: Path) -> None:
        super().prepare(work)
        shutil.copytree(CHECKS, work / "tests", ignore=shutil.ignore_patterns("__pycache__"))

    def grade_one(self, group: Group, submission: Path, work: Path) -> tuple[Cost, Verdicts]:
        command = [sys.executable, "-m", "pytest", "-v", work / "tests"]
        cost, said = group.run(command, folder=submission, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})
        return cost, {name: word == "PASSED" for name, word in re.findall(r"::(test_\w+) (PASSED|FAILED)", said)}


class Ours(Grader):
    """`lab grade`; with `fresh`, each check has an execution environment of its own; with `isolated` false, the same
    benches beside us instead of in bubblewrap."""

    def __init__(self, workers: int, *, fresh: bool = False, isolated: bool = True) -> None:
        self._workers, self._fresh, self._isolated = workers, fresh, isolated
        kind = "lab grade --fresh" if fresh else "lab grade" if isolated else "not isolated"
        self.name = f"{kind}, {workers} worker{'s' if workers > 1 else ''}"

    def grade(self, group: Group, submissions: Path, work: Path) -> Graded:
        cost, said = group.run(self.command(submissions, work / "gradebook.db"), describe=describe)
        try:
            results = json.loads(said)["results"]
        except ValueError:
            raise SystemExit(f"`lab grade` said:\n{said[-2000:]}") from None
        verdicts = {result["submission"]["id"]: _read_checks(result["checks"]) for result in results}
        return Graded(cost, verdicts)

    def command(self, submissions: Path, gradebook: Path) -> list[object]:
        gradebook.unlink(missing_ok=True)
        if not self._isolated:
            return [sys.executable, HERE / "unisolated.py", submissions, f"sqlite:///{gradebook}", self._workers]
        lab = [sys.executable, "-m", "workbook", "--course", ROOT]
        book = ["--gradebook", f"sqlite:///{gradebook}"]
        fresh = ["--fresh"] if self._fresh else []
        return [*lab, "grade", LAB, submissions, *book, *fresh, "--workers", self._workers, "--json"]


def describe(pid: int) -> str | None:
    """Which of our processes one is."""
    said = Path(f"/proc/{pid}/cmdline").read_bytes()
    if b"workbook.grading.inside" in said:
        return None if said.startswith((b"bwrap", b"/usr/bin/bwrap", b"unshare", b"sh\0")) else "bench"
    if b"template.py" in said:
        return "function"
    return "grader" if b"--gradebook" in said or b"unisolated.py" in said else None


def _read_checks(checks: list[dict[str, str]]) -> Verdicts:
    return {check["id"]: check["status"] == "passed" for check in checks if check["reason"] != "bench"}
