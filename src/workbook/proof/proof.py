"""The proof of one lab, group by group: first what can be read, then what has to be run."""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from enum import StrEnum

from workbook.bench import BenchError
from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError
from workbook.proof.codes import prove_mistakes, prove_solution, prove_starter
from workbook.proof.evidence import Evidence
from workbook.proof.fact import Fact
from workbook.proof.files import prove_files
from workbook.proof.manifest import prove_manifest
from workbook.proof.notebook import prove_notebook
from workbook.proof.readme import prove_readme
from workbook.proof.suite import prove_suite
from workbook.proof.trials import Trials


class Group(StrEnum):
    """What is proved together. The last three run code."""

    MANIFEST = "manifest"
    FILES = "files"
    NOTEBOOK = "notebook"
    SUITE = "suite"
    README = "readme"
    STARTER = "starter"
    SOLUTION = "solution"
    MISTAKES = "mistakes"


READ: dict[Group, Callable[[Evidence], Iterator[Fact]]] = {
    Group.MANIFEST: prove_manifest,
    Group.FILES: prove_files,
    Group.NOTEBOOK: prove_notebook,
    Group.SUITE: prove_suite,
    Group.README: prove_readme,
}
RUN: dict[Group, Callable[[Evidence, Trials], Iterator[Fact]]] = {
    Group.STARTER: prove_starter,
    Group.SOLUTION: prove_solution,
    Group.MISTAKES: prove_mistakes,
}
NEEDED_TO_RUN = {"files", "api", "mistakes"}


def prove(lab: Lab, executor: Executor, groups: Collection[Group] = tuple(Group)) -> Iterator[Fact]:
    """The facts of these groups, in order, each as soon as it is known; code runs in `executor`.

    A manifest that does not load, or a suite that cannot be read, is the only finding. Nothing is run while a file
    that runs need is missing or wrong, asked for or not. Raises BenchError when the bench broke.
    """
    evidence = Evidence(lab)
    runs = [group for group in RUN if group in groups]
    reads = list(READ) if runs else [group for group in READ if group in groups]
    if unreadable := _find_unreadable(evidence, with_suites=Group.SUITE in reads or Group.README in reads):
        yield unreadable
        return
    can_run = evidence.solution.is_dir()
    for group in reads:
        facts = list(READ[group](evidence))
        can_run = can_run and all(fact.ok or fact.id not in NEEDED_TO_RUN for fact in facts)
        yield from facts if group in groups else ()
    for group in runs if can_run else ():
        yield from RUN[group](evidence, Trials(lab, executor))


def _find_unreadable(evidence: Evidence, *, with_suites: bool) -> Fact | None:
    """What keeps every other fact from being looked at."""
    try:
        _ = evidence.lab.manifest
        _ = evidence.checks if with_suites else ()
    except ManifestError as error:
        problem = ": ".join(filter(None, (error.key, error.problem)))
        return Fact("manifest", False, f"{evidence.name(error.path)}: {problem}", error.cure)
    except BenchError as error:
        place = evidence.name(evidence.lab.folder)
        return Fact("suite", False, f"{place}: a suite cannot be read. {error}", "Mend the suite.")
    return None
