"""The proof by mutants: each is put on trial, and of those that may not live at least 95 in 100 must die."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from math import floor
from typing import Any

from workbook.course.labs import Lab
from workbook.grading.document import CheckResult, Status
from workbook.proof.evidence import Evidence, read_text
from workbook.proof.exemption import Exemption, ExemptionError, read_exemptions
from workbook.proof.fact import Fact, Finding, count, settle
from workbook.proof.mutant import Mutant, make_mutants, sample
from workbook.proof.trials import Trials, wait
from workbook.runtime import Code, CodeError

FEWEST_KILLED = 0.95


@dataclass(frozen=True)
class Tally:
    """What became of a lab's mutants: how many were made and how many tried; the check that killed each of the dead;
    those that live as design.md lists them; those that live without; and what is listed in vain."""

    made: int
    tried: int
    killed: Sequence[tuple[Mutant, CheckResult]]
    listed: Sequence[tuple[Mutant, Exemption]]
    survivors: Sequence[Mutant]
    stale: Sequence[tuple[Exemption, str]]

    @property
    def share(self) -> float:
        """The killed among those that may not live, from 0 to 1; 1 when there is none."""
        all_told = len(self.killed) + len(self.survivors)
        return len(self.killed) / all_told if all_told else 1.0

    @property
    def timeouts(self) -> int:
        """How many died of a timeout: a slow machine may have killed them."""
        return sum(check.status is Status.TIMEOUT for _, check in self.killed)

    def to_dict(self) -> dict[str, Any]:
        """The tally as plain data: numbers, how many each check killed, and every mutant that lives."""
        return {
            "made": self.made,
            "tried": self.tried,
            "killed": len(self.killed),
            "timeouts": self.timeouts,
            "share": round(self.share, 4),
            "killers": dict(Counter(check.id for _, check in self.killed).most_common()),
            "listed": [_describe(mutant) | {"reason": exemption.reason} for mutant, exemption in self.listed],
            "survivors": [_describe(mutant) for mutant in self.survivors],
        }


@dataclass(frozen=True)
class MutantProof:
    """The facts, and the tally that they are drawn from: None when there was nothing to try."""

    facts: Sequence[Fact]
    tally: Tally | None


def prove_mutants(
    lab: Lab,
    trials: Trials,
    most: int | None = None,
    on_tried: Callable[[int, int], None] = lambda tried, all_told: None,
) -> MutantProof:
    """The facts about the mutants of a lab's solution, of all or of a sample of `most`, the same at each run.

    `on_tried` is told how many of how many are done. Raises BenchError when the bench broke.
    """
    evidence = Evidence(lab)
    design = evidence.solution / "design.md"
    try:
        exemptions = read_exemptions(read_text(design))
    except ExemptionError as error:
        place = f"{evidence.name(design)}:{error.line}"
        return MutantProof([Fact("mutants-listed", False, f"{place}: {error}", "Mend that place.")], None)
    try:
        code = Code.open(evidence.solution, files=evidence.lab.manifest.files)
        failure = wait(trials.find_failure(code))
    except CodeError as error:
        return _refuse(evidence, f"the solution cannot be taken in: {error}")
    if failure:
        return _refuse(evidence, f"the solution itself does not pass {failure.id}")
    made = make_mutants(lab)
    chosen = made if most is None else sample(made, most, lab.id)
    begun = {trials.find_failure(mutant.laid_over(code)): mutant for mutant in chosen}
    for done, trial in enumerate(as_completed(begun), 1):
        wait(trial)
        on_tried(done, len(begun))
    tally = _tally(made, {mutant: wait(trial) for trial, mutant in begun.items()}, exemptions)
    return MutantProof([*_draw_share(evidence, tally), *_draw_listed(evidence, tally)], tally)


def _describe(mutant: Mutant) -> dict[str, Any]:
    words = {"line": mutant.line, "slip": mutant.slip, "meaning": mutant.meaning, "listing": str(mutant.place)}
    return vars(mutant.place) | words


def _refuse(evidence: Evidence, problem: str) -> MutantProof:
    text = f"{evidence.name(evidence.solution)}: {problem}"
    return MutantProof([Fact("mutants", False, text, "Mend it first: see `lab prove`.")], None)


def _tally(made: Sequence[Mutant], tried: dict[Mutant, CheckResult | None], exemptions: Sequence[Exemption]) -> Tally:
    by_place = {exemption.place.key: exemption for exemption in exemptions}
    living = [mutant for mutant, failure in tried.items() if failure is None]
    keys_made = {mutant.place.key for mutant in made}
    keys_tried = {mutant.place.key for mutant in tried}
    keys_living = {mutant.place.key for mutant in living}

    def find_stale() -> Iterator[tuple[Exemption, str]]:
        for key, exemption in by_place.items():
            if key not in keys_made:
                yield exemption, "is not made any more"
            elif key in keys_tried - keys_living:
                yield exemption, "is killed now"

    return Tally(
        made=len(made),
        tried=len(tried),
        killed=[(mutant, failure) for mutant, failure in tried.items() if failure],
        listed=[(mutant, by_place[mutant.place.key]) for mutant in living if mutant.place.key in by_place],
        survivors=[mutant for mutant in living if mutant.place.key not in by_place],
        stale=list(find_stale()),
    )


def _draw_share(evidence: Evidence, tally: Tally) -> list[Fact]:
    percent = floor(tally.share * 100)
    of_all = "" if tally.tried == tally.made else f" of {tally.made}"
    text = (
        f"{count(tally.tried, 'mutant')}{of_all}: {len(tally.killed)} killed"
        f"{f' ({tally.timeouts} by a timeout)' if tally.timeouts else ''}, {len(tally.listed)} may live, "
        f"{len(tally.survivors)} survive: of those that may not live, {percent} in 100 die"
    )
    if tally.share >= FEWEST_KILLED:
        return [Fact("mutants", True, text)]
    cure = "Write a check that they fail, or list them in design.md with the reason why they may live."
    return [Fact("mutants", False, f"{evidence.name(evidence.lab.folder)}: {text}", cure)]


def _draw_listed(evidence: Evidence, tally: Tally) -> list[Fact]:
    place = evidence.name(evidence.solution / "design.md")
    found = [
        Finding(f"{place}:{exemption.line}", f"this mutant {why}\n{exemption.place}", "Take it out of the list.")
        for exemption, why in tally.stale
    ]
    return settle("mutants-listed", f"{place} lists no mutant in vain", found)
