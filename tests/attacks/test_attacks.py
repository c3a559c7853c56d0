"""The museum of attacks: a class of hostile, broken and honest submissions is graded once, in the outer sandbox, and
looked at case by case."""

import json
import unicodedata
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest
from museum import outer
from museum.archives import ARCHIVES
from museum.mutants import Mutant, read_mutants
from museum.oddities import ODDITIES
from museum.submissions import CASES, Case, read_cases

from workbook.grading import document

pytestmark = pytest.mark.slow
SCHEMA = json.loads((outer.SOURCE / "workbook/grading/schema.json").read_text())
SECRETS = ("canary-", "BREACH")


@dataclass(frozen=True)
class Visit:
    """What `museum.visit` told: `documents` by id, each the list of those that were printed for it."""

    told: dict[str, Any]
    documents: dict[str, list[dict[str, Any]]]

    def document(self, case: Case) -> dict[str, Any]:
        (found,) = self.documents[self.told["ids"][str(case)]]
        return found


def visit(*arguments: str, seconds: float = 900) -> Visit:
    ended = outer.run("-m", "museum.visit", *arguments, seconds=seconds)
    assert ended.excess is None, f"The outer sandbox was ended: {ended.excess}. {ended.errors[-2000:]}"
    assert ended.status == 0, ended.errors[-4000:]
    told = json.loads(ended.output)
    documents: dict[str, list[dict[str, Any]]] = {}
    if told["first"]["output"].startswith("{"):
        for found in json.loads(told["first"]["output"])["results"]:
            documents.setdefault(found["submission"]["id"], []).append(found)
    return Visit(told, documents)


@pytest.fixture(scope="module")
def museum(request: pytest.FixtureRequest) -> Visit:
    """The class, with the cases that this run of pytest asks for; all of them when it asks for something else too."""
    asked = [item.callspec.params["case"].name for item in request.session.items if is_about_a_case(item)]
    about_all = [item for item in request.session.items if "museum" in fixtures_of(item) and not is_about_a_case(item)]
    return visit(*([] if about_all else asked))


def fixtures_of(item: pytest.Item) -> tuple[str, ...]:
    return tuple(getattr(item, "fixturenames", ()))


def is_about_a_case(item: pytest.Item) -> bool:
    return "case" in getattr(getattr(item, "callspec", None), "params", {})


def faults(case: Case, record: dict[str, Any]) -> list[str]:
    """Everything about a record that is not as the case has it."""
    found = []
    if record["status"] not in case.status:
        found.append(f"its status is {record['status']}")
    if record["score"] is None or not case.score[0] <= record["score"] <= case.score[1]:
        found.append(f"its score is {record['score']}")
    passed = {check["id"] for check in record["checks"] if check["status"] == "passed"}
    if passed & case.fails:
        found.append(f"{passed & case.fails} passed")
    if record["status"] == "rejected" and not record["message"]:
        found.append("it is rejected without a reason")
    text = json.dumps(record)
    found += [f"{word} is in its record" for word in SECRETS if word in text]
    public = json.dumps([check for check in record["checks"] if check["visibility"] == "public"])
    if "secret-" in public:
        found.append("a hidden input is in a public check's record")
    return found


def find_gains(case: Case, record: dict[str, Any]) -> list[str]:
    """What the case has of more than it must have."""
    is_less = record["score"] is not None and record["score"] <= case.score[1]
    return [fault for fault in faults(case, record) if not (is_less and fault.startswith("its "))]


# The class


@pytest.mark.parametrize("case", read_cases(), ids=str)
def test_a_case_has_the_record_that_it_must_have(case: Case, museum: Visit) -> None:
    record = museum.document(case)
    jsonschema.validate(record, SCHEMA)
    assert record["sandbox"] == "namespaces"
    assert faults(case, record) == [], case.why


def test_each_submission_has_one_record(museum: Visit) -> None:
    assert sorted(museum.documents) == sorted(museum.told["ids"].values())
    assert {len(found) for found in museum.documents.values()} == {1}
    assert museum.told["first"]["status"] == 0, museum.told["first"]["errors"]


def test_the_gradebook_holds_what_was_printed_and_the_second_run_judges_nothing(museum: Visit) -> None:
    kept = {record["submission"]["id"]: record for record in museum.told["attempts"]}
    assert len(museum.told["attempts"]) == len(kept)
    assert kept == {name: found[0] for name, found in museum.documents.items()}
    assert museum.told["again"]["status"] == 0


def test_nothing_got_out(museum: Visit) -> None:
    """No listener heard anything, no signal arrived, no process, no file and no change is left."""
    told = museum.told
    assert (told["heard"], told["signals"], told["bystander"]) == ({}, {}, True)
    assert (told["processes"], told["files"], told["changed"]) == ([], [], [])


def test_no_secret_is_in_anything_that_was_printed(museum: Visit) -> None:
    for run in (museum.told["first"], museum.told["again"]):
        for word in SECRETS:
            assert word not in run["output"] + run["errors"]


def test_the_document_is_ascii_and_the_terminal_gets_no_character_that_steers_it(museum: Visit) -> None:
    assert museum.told["first"]["output"].isascii()
    printed = (museum.told["again"]["output"] + museum.told["again"]["errors"]).encode("latin-1").decode("utf-8")
    steering = {character for character in printed if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl")}
    assert steering <= {"\n"}


# Checks that share environments


def test_no_attack_gets_more_where_checks_share_environments() -> None:
    """That is for proved suites alone; this one is not, so a case may do worse than it must: one that keeps forty
    connections open in each environment gets no more of them."""
    shared = visit("--reuse")
    gained = {str(case): find_gains(case, shared.document(case)) for case in read_cases()}
    assert {name: found for name, found in gained.items() if found} == {}
    told = shared.told
    assert (told["heard"], told["signals"], told["bystander"]) == ({}, {}, True)
    assert (told["processes"], told["files"], told["changed"]) == ([], [], [])


# The attacks themselves


@pytest.fixture(scope="module")
def bare(request: pytest.FixtureRequest) -> Visit:
    """The attacks that this run of pytest asks for, with no wall but those of the outer sandbox around them."""
    asked = [item.callspec.params["attack"].name for item in request.session.items if "bare" in fixtures_of(item)]
    return visit("--bare", *asked)


@pytest.mark.parametrize("attack", [case for case in read_cases() if case.bites], ids=str)
def test_an_attack_bites_where_nothing_holds_it(attack: Case, bare: Visit) -> None:
    record = bare.document(attack)
    assert record["sandbox"] == "none"
    assert "BREACH" in json.dumps(record)


# The defence, with one protection switched off


@pytest.mark.parametrize("mutant", read_mutants(), ids=str)
def test_a_case_notices_when_a_protection_is_off(mutant: Mutant) -> None:
    case = next(case for case in read_cases() if case.name == mutant.case)
    found = visit("--mutant", mutant.name, case.name)
    assert found.documents, found.told["first"]["errors"]
    assert faults(case, found.document(case)), f"{mutant.protection} is off, and {case} does not notice"


@pytest.mark.parametrize("mutant", [mutant for mutant in read_mutants() if mutant.seen], ids=str)
def test_the_self_test_notices_when_a_protection_is_off(mutant: Mutant) -> None:
    found = visit("--mutant", mutant.name, "--self-test", mutant.case)
    assert (found.told["first"]["status"], found.documents) == (3, {}), found.told["first"]["output"]
    assert "cannot be isolated" in found.told["first"]["errors"]


# The museum itself


@pytest.mark.parametrize("mutant", read_mutants(), ids=str)
def test_a_mutant_changes_words_that_are_there(mutant: Mutant, tmp_path) -> None:
    mutant.build(tmp_path, with_self_test=False)


def test_every_case_is_described_once_and_handed_in_once() -> None:
    described = [case.name for case in read_cases()]
    handed_in = [
        *ARCHIVES,
        *ODDITIES,
        *(folder.name for group in CASES.glob("[a-z]*") if group.is_dir() for folder in group.iterdir()),
    ]
    assert sorted(described) == sorted(handed_in)
    assert len(set(described)) == len(described)


def test_statuses_are_those_of_the_document() -> None:
    known = {status.value for status in document.Status} - {"not_judged"}
    assert all(set(case.status) <= known for case in read_cases())
