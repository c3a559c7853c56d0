"""What becomes of a lab's mutants: the verdict on each is given here, but for one test that runs them."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from workbook.bench import BenchError
from workbook.course.labs import Lab
from workbook.grading.document import CheckResult, Status
from workbook.proof.exemption import HEADING
from workbook.proof.mutant import make_mutants
from workbook.proof.mutants import MutantProof, prove_mutants
from workbook.proof.trials import Trials
from workbook.runtime import Code

FILE = "lambda_function.py"
DESIGN = "solution/design.md"
LISTED = HEADING + "\n\n```diff\n@@ lambda_function.py, lambda_handler @@\n-{}\n+{}\n```\n\nEquivalent: nobody asks.\n"
REFUSAL = 'return {"statusCode": 400}', 'return {"statusCode": 401}'


class Judges(Executor):
    """Lets those codes live whose text it likes, and kills the others."""

    def __init__(self, likes: Callable[[str], bool], status: Status = Status.FAILED) -> None:
        self.likes, self.status = likes, status
        self.judged = 0

    def submit(self, _: object, lab: Lab, code: Code) -> Future:
        self.judged += 1
        future: Future = Future()
        dead = CheckResult("test_it", 1, "title", self.status, 1)
        future.set_result(None if self.likes(code[FILE].decode()) else dead)
        return future


def prove(draft, judges: Executor, most: int | None = None) -> MutantProof:
    return prove_mutants(draft.lab, Trials(draft.lab, judges), most)


@pytest.fixture
def solution(draft) -> str:
    return draft.path("solution/lambda_function.py").read_text()


def test_all_die(draft, solution) -> None:
    proof = prove(draft, Judges(lambda text: text == solution, Status.TIMEOUT))
    made = len(make_mutants(draft.lab))
    assert [fact.text for fact in proof.facts] == [
        f"{made} mutants: {made} killed ({made} by a timeout), 0 may live, 0 survive: "
        "of those that may not live, 100 in 100 die",
        "solutions/01_greeting/design.md lists no mutant in vain",
    ]
    assert all(fact.ok for fact in proof.facts)
    assert proof.tally
    assert proof.tally.to_dict()["killers"] == {"test_it": made}
    assert proof.tally.survivors == []


def test_too_few_die(draft, solution) -> None:
    proof = prove(draft, Judges(lambda text: text == solution or "400" not in text))
    assert proof.tally
    survivors = {(mutant.slip, mutant.place.after) for mutant in proof.tally.survivors}
    assert survivors == {("drop_entry", "return {}"), ("misstate_number", REFUSAL[1])}
    assert [fact.ok for fact in proof.facts] == [False, True]
    assert proof.facts[0].text.startswith("labs/01_greeting: ")
    assert "2 survive" in proof.facts[0].text
    assert proof.tally.to_dict()["survivors"][1] == {
        "file": FILE,
        "scope": "lambda_handler",
        "before": REFUSAL[0],
        "after": REFUSAL[1],
        "line": 9,
        "slip": "misstate_number",
        "meaning": "a number is wrong by one",
        "listing": f"@@ {FILE}, lambda_handler @@\n-{REFUSAL[0]}\n+{REFUSAL[1]}",
    }


def test_what_is_listed_may_live(draft, solution) -> None:
    draft.edit(DESIGN, None, LISTED.format(*REFUSAL).replace('"', "'"))
    proof = prove(draft, Judges(lambda text: text == solution or "401" in text))
    assert all(fact.ok for fact in proof.facts)
    assert "1 may live, 0 survive" in proof.facts[0].text
    assert proof.tally
    assert proof.tally.to_dict()["listed"][0]["reason"] == "Equivalent: nobody asks."


@pytest.mark.parametrize(
    ("listed", "why"),
    [(REFUSAL, "is killed now"), ((REFUSAL[0], 'return {"statusCode": 402}'), "is not made any more")],
)
def test_what_is_listed_in_vain(draft, solution, listed, why) -> None:
    draft.edit(DESIGN, None, LISTED.format(*listed))
    proof = prove(draft, Judges(lambda text: text == solution))
    assert [fact.ok for fact in proof.facts] == [True, False]
    assert proof.facts[1].text.splitlines() == [
        f"solutions/01_greeting/design.md:4: this mutant {why}",
        "@@ lambda_function.py, lambda_handler @@",
        f"-{listed[0]}",
        f"+{listed[1]}",
    ]


def test_a_sample_says_nothing_of_those_it_left_out(draft, solution) -> None:
    made = make_mutants(draft.lab)
    judges = Judges(lambda text: text == solution)
    proof = prove(draft, judges, 3)
    assert proof.tally
    assert (proof.tally.tried, judges.judged) == (3, 4)
    assert f"3 mutants of {len(made)}: 3 killed" in proof.facts[0].text
    tried = [mutant for mutant, _ in proof.tally.killed]
    left_out = next(mutant for mutant in made if mutant not in tried and mutant.place.after)
    draft.edit(DESIGN, None, f"{HEADING}\n\n```diff\n{left_out.place}\n```\n\nEquivalent: nobody asks.\n")
    assert all(fact.ok for fact in prove(draft, judges, 3).facts)


def test_a_list_that_cannot_be_read(draft) -> None:
    draft.edit(DESIGN, None, LISTED.format(*REFUSAL).replace("Equivalent", "Harmless"))
    proof = prove(draft, Judges(lambda text: True))
    assert [(fact.id, fact.ok) for fact in proof.facts] == [("mutants-listed", False)]
    assert proof.facts[0].text.startswith("solutions/01_greeting/design.md:")
    assert proof.tally is None


def test_a_solution_that_fails(draft) -> None:
    judges = Judges(lambda text: False)
    proof = prove(draft, judges)
    assert [fact.text for fact in proof.facts] == ["solutions/01_greeting: the solution itself does not pass test_it"]
    assert judges.judged == 1


def test_a_solution_that_cannot_be_taken_in(draft, processes, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.py").touch()
    draft.path("solution/linked.py").symlink_to(tmp_path / "elsewhere.py")
    proof = prove(draft, processes)
    assert "solutions/01_greeting: the solution cannot be taken in: linked.py is a link" in proof.facts[0].text


def test_progress(draft, solution) -> None:
    seen: list[tuple[int, int]] = []
    judges = Judges(lambda text: text == solution)
    prove_mutants(draft.lab, Trials(draft.lab, judges), 4, lambda *done: seen.append(done))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_trial_gives_the_first_failure_of_all_checks(draft, processes, solution) -> None:
    trials = Trials(draft.lab, processes)
    code = Code.open(draft.path("solution"))

    def find(old: str, new: str) -> CheckResult | None:
        mutated = Code(code.path, {FILE: solution.replace(old, new).encode()})
        return trials.find_failure(code.overlaid(mutated)).result()

    assert find("", "") is None
    found = [find("200", "201"), find('event.get("station")', "'quay'"), find("if not station", "if station is None")]
    assert [(check.id, check.status) if check else None for check in found] == [
        ("test_answers", Status.FAILED),
        ("test_refuses_no_station", Status.FAILED),
        ("test_refuses_a_blank_station", Status.FAILED),
    ]


def test_a_trial_ends_with_its_first_failure(draft, processes, solution, tmp_path) -> None:
    met = tmp_path / "met.txt"
    words = '"""answers 200 to a second event"""'
    draft.edit("lab/test_greeting.py", words, f"{words}\n    open({str(met)!r}, 'w').close()")
    trials, code = Trials(draft.lab, processes), Code.open(draft.path("solution"))
    failing = Code(code.path, {FILE: solution.replace("200", "201").encode()})
    assert trials.find_failure(failing).result()
    assert not met.exists()
    assert trials.find_failure(code).result() is None
    assert met.exists()


def test_a_broken_bench_is_no_verdict(draft, processes) -> None:
    draft.edit("lab/test_greeting.py", "function.invoke(EVENT)", "function.invoke(object())")
    with pytest.raises(BenchError, match="test_answers: The bench itself broke"):
        prove(draft, processes, 1)
