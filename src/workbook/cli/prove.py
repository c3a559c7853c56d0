"""`lab prove`: for authors, that a lab is sound."""

import json
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Executor

    from rich.console import Console

    from workbook.course.labs import Lab
    from workbook.proof import Fact


@click.command("prove", short_help="Prove that a lab is sound (for authors).")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--mutants", is_flag=True, help="Put slips into the solution instead, and see that its checks fail.")
@click.option("--reuse", is_flag=True, help="See instead whether its checks may share an execution environment.")
@click.option(
    "--sample", "most", metavar="N", type=click.IntRange(1), help="Of a lab's mutants try N, always the same."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, mutants: bool, reuse: bool, most: int | None, as_json: bool) -> int:
    """Prove that LAB is sound: manifest, README, suites, events and notebook agree; the starter fails as it should,
    the solution and its variants score full marks, and each mistake fails as declared. Without LAB, every lab.

    With --mutants: make copies of the solution with one slip in each, as students make them, and run the checks on
    them. Of those that design.md does not list as harmless, at least 95 in 100 have to fail a check.

    With --reuse: judge starter, solution, variants and mistakes with a fresh execution environment for each check, and
    with shared ones. Where no verdict changes, that is kept in solutions/, and `lab grade` saves time by it.

    Exit code 0: every fact holds; 1: something is to be mended; 3: there is no solutions/; 4: the bench itself broke.
    """
    course = workspace.course
    labs = [workspace.find(name)] if name else list(course.labs)
    if not labs:
        raise Stop(f"{course.root / 'labs'} holds no lab.", Exit.USAGE)
    if most and not mutants:
        raise Stop("--sample is for --mutants: add that, or leave it out.", Exit.USAGE)
    if reuse and mutants:
        raise Stop("--reuse and --mutants are proofs of their own: ask for one.", Exit.USAGE)
    if not (course.root / "solutions").is_dir():
        words = "solutions/ is not here: this edition has none, and a proof needs them. Clone the whole repository."
        raise Stop(words, Exit.ENVIRONMENT)
    from workbook.bench import BenchError
    from workbook.proof import prove
    from workbook.proof.reuse import prove_reuse
    from workbook.proof.trials import trial_processes
    from workbook.reports.terminal import console

    to = None if as_json else console()
    proofs: list[dict[str, Any]] = []
    facts: list[Fact] = []
    try:
        with trial_processes() as processes:
            for lab in labs:
                if to:
                    to.print(lab.id, style="bold", markup=False)
                proofs.append({"lab": lab.id, "facts": []})
                if mutants:
                    found, proofs[-1]["mutants"] = _try_mutants(lab, processes, most, to)
                else:
                    found = prove_reuse(lab, processes) if reuse else prove(lab, processes)
                for fact in found:
                    facts.append(fact)
                    proofs[-1]["facts"].append(vars(fact))
                    if to:
                        _print_fact(fact, to)
    except BenchError as error:
        raise Stop(str(error), Exit.BENCH) from error
    if to:
        _print_end(facts, to)
    else:
        click.echo(json.dumps({"schema": 1, "labs": proofs}))
    return Exit.DONE if all(fact.ok for fact in facts) else Exit.FAILED


def _try_mutants(
    lab: "Lab", processes: "Executor", most: int | None, to: "Console | None"
) -> "tuple[Iterable[Fact], dict[str, Any] | None]":
    """The facts about the lab's mutants, and their tally as plain data; those that survive are printed."""
    from workbook.cli.mutants import print_survivors, showing_progress
    from workbook.proof.mutants import prove_mutants
    from workbook.proof.trials import Trials

    with showing_progress(lab.id) as show:
        proof = prove_mutants(lab, Trials(lab, processes), most, show)
    tally = proof.tally.to_dict() if proof.tally else None
    if to and tally:
        print_survivors(tally["survivors"], to)
    return proof.facts, tally


def _print_fact(fact: "Fact", to: "Console") -> None:
    from workbook.reports.inert import inert
    from workbook.reports.terminal import print_indented

    first, *rest = inert(fact.text).splitlines()
    style = "" if fact.ok else "red"
    print_indented(f"{'ok' if fact.ok else 'x '} {first}", to, 2, hang=3, style=style)
    for line in rest:
        print_indented(line, to, 5, style=style)


def _print_end(facts: "list[Fact]", to: "Console") -> None:
    from workbook.reports.inert import inert
    from workbook.reports.terminal import print_indented

    wrong = [fact for fact in facts if not fact.ok]
    to.print()
    if not wrong:
        to.print(f"Sound: {len(facts)} facts hold.", style="bold")
        return
    to.print(f"Not sound: {len(wrong)} of {len(facts)} facts do not hold. Mend first:", style="bold")
    for line in inert(f"{wrong[0].text}\n{wrong[0].cure}").splitlines():
        print_indented(line, to, 2)
