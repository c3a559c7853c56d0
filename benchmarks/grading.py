"""What grading a submission costs: `./lab setup --all`, then `.venv/bin/python benchmarks/grading.py`. Linux.

CPU and wall time for each submission of lab 03, of `lab grade` and of plain `python -m pytest`, and with
`--peers PYTHON` of the graders installed there; all in one run, in turns, with checks that ask for the same. README.md,
beside this file, says how. CPU holds on a busy machine, wall time does not.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from classroom import HIDES_BOTO3, Answer, find_answers, write_class
from graders import NAMES, Grader, Ours, PlainPytest, Verdicts
from metered import Cost, Group
from others import ALL_PEERS

MEASURES = ("cpu", "wall")


@dataclass
class Contestant:
    """A grader and its rounds. each: what a submission cost. fixed: what the run cost besides, of those that take a
    class at once. memory: the most that a process held, in MB. verdicts: all that it gave on an answer."""

    grader: Grader
    work: Path
    each: list[Cost] = field(default_factory=list)
    fixed: list[Cost] = field(default_factory=list)
    memory: Mapping[str, float] = field(default_factory=dict)
    verdicts: dict[str, list[Verdicts]] = field(default_factory=dict)

    def take_turn(self, group: Group, answers: list[Answer], copies: int) -> None:
        """Grade a class in which each answer is once; `lab grade` another one too, in which each is `copies` times:
        the difference is what the submissions cost, the rest is fixed."""
        say(f"  {self.grader.name}")
        once = self.judge(group, answers)
        self.each.append(once / len(answers))
        if isinstance(self.grader, Ours):
            often = self.judge(group, answers * copies)
            self.each[-1] = (often - once) / (len(answers) * (copies - 1))
            self.fixed.append(once - self.each[-1] * len(answers))
            self.memory = often.memory

    def judge(self, group: Group, answers: Sequence[Answer]) -> Cost:
        """Grade a class of these answers, and keep the verdicts."""
        submissions = write_class(self.work / "class", answers, len(answers))
        graded = self.grader.grade(group, submissions, self.work)
        shutil.rmtree(submissions)
        for name, verdicts in graded.verdicts.items():
            self.verdicts.setdefault(name.rpartition("-")[0], []).append(verdicts)
        return graded.cost

    def verdict(self, answer: Answer, check: str) -> str:
        """`passed`, `failed`, `none`, or `varies` where it was not the same each time."""
        words = {True: "passed", False: "failed", None: "none"}
        found = {words[verdicts.get(check)] for verdicts in self.verdicts.get(answer.name, [{}])}
        return found.pop() if len(found) == 1 else "varies"


def measure(
    graders: Sequence[Grader], answers: list[Answer], odd: list[Answer], *, rounds: int, copies: int
) -> list[Contestant]:
    """Let the graders take turns. The first two judge the `odd` answers as well, at nobody's cost."""
    with Group() as group, tempfile.TemporaryDirectory() as folder:
        contestants = [Contestant(grader, Path(folder, str(place))) for place, grader in enumerate(graders)]
        for contestant in contestants:
            contestant.grader.prepare(contestant.work)
        for place in range(rounds):
            say(f"round {place + 1} of {rounds}")
            first = place % len(contestants)
            for contestant in contestants[first:] + contestants[:first]:
                contestant.take_turn(group, answers, copies)
        for contestant in contestants[:2]:
            contestant.judge(group, odd)
    return contestants


def say(words: str) -> None:
    """Progress, which is no part of the result."""
    print(words, file=sys.stderr, flush=True)


def costs(contestants: Sequence[Contestant], answers: Sequence[Answer]) -> Iterator[dict[str, Any]]:
    """For each grader the medians of its rounds: ms of a submission, how many times less than plain pytest in the
    same round, seconds of a run besides; and how many of its verdicts are plain pytest's."""
    plain = contestants[0]
    for one in contestants:
        pairs = list(zip(plain.each, one.each, strict=True))
        equal = [plain.verdict(answer, name) == one.verdict(answer, name) for answer in answers for name in NAMES]
        yield {
            "grader": one.grader.name,
            **{f"{of}_ms": median(getattr(cost, of) for cost in one.each) * 1000 for of in MEASURES},
            **{f"times_less_{of}": median(getattr(a, of) / getattr(b, of) for a, b in pairs) for of in MEASURES},
            **{f"fixed_{of}_s": median(getattr(cost, of) for cost in one.fixed) for of in MEASURES if one.fixed},
            "verdicts": len(equal),
            "verdicts_as_plain_pytest": sum(equal),
            "memory_mb": one.memory,
            "rounds": {"each": list(map(asdict, one.each)), "fixed": list(map(asdict, one.fixed))},
        }


def differences(plain: Contestant, ours: Contestant, answers: Sequence[Answer]) -> Iterator[dict[str, Any]]:
    """For each answer the verdicts of plain pytest and of `lab grade`, and the checks on which they differ."""
    for answer in answers:
        theirs = {name: plain.verdict(answer, name) for name in NAMES}
        own = {name: ours.verdict(answer, name) for name in NAMES}
        differ = [name for name in NAMES if theirs[name] != own[name]]
        yield {"answer": answer.name, "plain_pytest": theirs, "lab_grade": own, "differ": differ}


def print_costs(rows: Sequence[Mapping[str, Any]]) -> None:
    print(f"{'':<28}{'a submission, ms':>16}{'times less':>14}{'a run, s':>14}{'verdicts':>12}")
    print(f"{'grader':<28}{'CPU':>8}{'wall':>8}{'CPU':>7}{'wall':>7}{'CPU':>7}{'wall':>7}{'as pytest':>12}")
    for row in rows:
        fixed = "".join(f"{row[f'fixed_{of}_s']:7.1f}" if f"fixed_{of}_s" in row else f"{'–':>7}" for of in MEASURES)
        print(
            f"{row['grader']:<28}{row['cpu_ms']:8.0f}{row['wall_ms']:8.0f}{row['times_less_cpu']:7.1f}"
            f"{row['times_less_wall']:7.1f}{fixed}{row['verdicts_as_plain_pytest']:>8}/{row['verdicts']}"
        )


def print_differences(rows: Sequence[Mapping[str, Any]]) -> None:
    print(f"{'passed, of ' + str(len(NAMES)):<28}{'pytest':>10}{'lab grade':>11}   differ")
    for row in rows:
        passed = [list(row[judge].values()).count("passed") for judge in ("plain_pytest", "lab_grade")]
        judged = any(word != "none" for word in row["plain_pytest"].values())
        differ = f"{len(row['differ'])}: {row['differ'][0]}..." if row["differ"] else "–"
        print(f"{row['answer']:<28}{passed[0] if judged else 'none':>10}{passed[1]:>11}   {differ[:27]}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="an interpreter that has other graders installed")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--copies", type=int, default=4, metavar="N", help="of each answer in lab grade's larger class")
    parser.add_argument("--answers", type=int, metavar="N", help="only so many of the answers, for a try")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON document")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    found = find_answers()
    answers = [answer for answer in found if answer.name != HIDES_BOTO3]
    answers = answers[:: max(1, len(answers) // (options.answers or len(answers)))]
    odd = [answer for answer in found if answer.name == HIDES_BOTO3]
    graders: list[Grader] = [PlainPytest(), Ours(1), Ours(2), Ours(1, fresh=True), Ours(1, isolated=False)]
    for peer in (kind(options.peers) for kind in ALL_PEERS if options.peers):
        say(f"{peer.name}: {peer.version or 'not installed, left out'}")
        graders += [peer] if peer.version else []
    contestants = measure(graders, answers, odd, rounds=options.rounds, copies=options.copies)
    rows = list(costs(contestants, answers))
    compared = list(differences(contestants[0], contestants[1], answers + odd))
    if options.json:
        machine = {"cores": os.cpu_count(), "python": platform.python_version(), "kernel": platform.release()}
        document = {"schema": 1, "machine": machine, "load": os.getloadavg(), "graders": rows, "answers": compared}
        print(json.dumps(document, indent=1))
        return
    print_costs(rows)
    print()
    print_differences(compared)
    if not options.peers:
        print("\nOther graders are left out: --peers PYTHON names an interpreter that has them.")


if __name__ == "__main__":
    main()
