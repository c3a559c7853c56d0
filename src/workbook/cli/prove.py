"""`lab prove`: for authors, that a lab is sound."""

import json
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.exits import Exit, Stop
from workbook.cli.workspace import Workspace

if TYPE_CHECKING:
    from rich.console import Console

    from workbook.proof import Fact


@click.command("prove", short_help="Prove that a lab is sound (for authors).")
@click.argument("name", metavar="[LAB]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def command(workspace: Workspace, name: str | None, as_json: bool) -> int:
    """Prove that LAB is sound: manifest, README, suites, events and notebook agree; the starter fails as it should,
    the solution and its variants score full marks, and each mistake fails as declared. Without LAB, every lab.

    Exit code 0: every fact holds; 1: something is to be mended; 3: there is no solutions/; 4: the bench itself broke.
    """
    course = workspace.course
    labs = [workspace.find(name)] if name else list(course.labs)
    if not labs:
        raise Stop(f"{course.root / 'labs'} holds no lab.", Exit.USAGE)
    if not (course.root / "solutions").is_dir():
        words = "solutions/ is not here: this edition has none, and a proof needs them. Clone the whole repository."
        raise Stop(words, Exit.ENVIRONMENT)
    from workbook.bench import BenchError
    from workbook.proof import prove
    from workbook.proof.trials import trial_processes
    from workbook.reports.terminal import console

    to = None if as_json else console()
    proofs: dict[str, list[Fact]] = {}
    try:
        with trial_processes() as processes:
            for lab in labs:
                if to:
                    to.print(lab.id, style="bold", markup=False)
                facts = proofs[lab.id] = []
                for fact in prove(lab, processes):
                    facts.append(fact)
                    if to:
                        _print_fact(fact, to)
    except BenchError as error:
        raise Stop(str(error), Exit.BENCH) from error
    if to:
        _print_end([fact for facts in proofs.values() for fact in facts], to)
    else:
        click.echo(json.dumps(_document(proofs)))
    return Exit.DONE if all(fact.ok for facts in proofs.values() for fact in facts) else Exit.FAILED


def _document(proofs: "dict[str, list[Fact]]") -> dict[str, Any]:
    labs = [{"lab": lab, "facts": [vars(fact) for fact in facts]} for lab, facts in proofs.items()]
    return {"schema": 1, "labs": labs}


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
