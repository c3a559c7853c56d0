"""Checks that share a function's execution environment, and what of it is told."""

import pytest

from workbook.grading.document import Result
from workbook.grading.judge import grade
from workbook.grading.reuse import FILE, is_proved, keep_proof

COUNTER = """
import logging, os
count = 0
print("beginning")
def lambda_handler(event, context):
    global count
    count += 1
    return {"count": count, "process": os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]}
"""
SUITE = """
import pytest

@pytest.mark.task(1)
def test_first(function, bucket):
    invocation = function.invoke({})
    assert (invocation.payload["count"], invocation.cold) == (1, True)

@pytest.mark.task(1)
def test_second(function, bucket):
    invocation = function.invoke({})
    assert invocation.cold
    assert "beginning" in invocation.log_text.partition("START")[0]
    assert invocation.payload["count"] == EXPECTED

@pytest.mark.task(2)
def test_third(function, bucket):
    assert function.invoke({}).payload["count"] == 1
"""
FRESH, SHARED = SUITE.replace("EXPECTED", "1"), SUITE.replace("EXPECTED", "2")


def verdicts(result: Result) -> list[tuple[str, int | None, str]]:
    return [(check.status.value, check.score, (check.message or "")[:12]) for check in result.checks]


def test_without_reuse_each_check_has_a_fresh_environment(make_lab) -> None:
    assert verdicts(grade(make_lab(FRESH, starter=COUNTER))) == [("passed", 1, "")] * 3


def test_with_reuse_the_next_check_meets_what_the_last_one_left_and_is_told_of_a_cold_start(make_lab) -> None:
    lab = make_lab(SHARED, starter=COUNTER)
    assert [status for status, _, _ in verdicts(grade(lab))] == ["passed", "failed", "passed"]
    assert verdicts(grade(lab, reuse=True))[1] == ("passed", 1, "")


def test_what_does_not_pass_in_a_shared_environment_is_asked_again_afresh_and_that_is_told(make_lab) -> None:
    found = verdicts(grade(make_lab(FRESH, starter=COUNTER), reuse=True))
    assert found == [("passed", 1, ""), ("passed", 1, "passes alone"), ("passed", 1, "passes alone")]


def test_what_fails_afresh_too_fails_with_its_own_words(make_lab) -> None:
    wrong = COUNTER.replace('"count": count', '"count": count + 5')
    lab = make_lab(FRESH, starter=wrong)
    fresh, shared = grade(lab), grade(lab, reuse=True)
    assert verdicts(shared) == verdicts(fresh)
    assert all(check.message and "6" in check.message for check in shared.checks)


def test_asking_again_costs_no_budget(make_lab) -> None:
    slow = COUNTER.replace("count += 1", "count += 1; __import__('time').sleep(0.4)")
    result = grade(make_lab(FRESH, starter=slow, top="budget = 2"), reuse=True)
    assert [status for status, _, _ in verdicts(result)] == ["passed"] * 3


def test_a_timeout_leaves_no_environment_to_share(make_lab) -> None:
    hangs = COUNTER.replace("count += 1", "count += 1\n    if count == 2: __import__('time').sleep(60)")
    result = grade(make_lab(FRESH, starter=hangs, timeout=1), reuse=True)
    assert [status for status, _, _ in verdicts(result)] == ["passed"] * 3


@pytest.fixture
def solved_lab(make_lab):
    return make_lab(FRESH, starter=COUNTER, solution=COUNTER)


def test_the_proof_holds_as_long_as_the_suites_do(solved_lab) -> None:
    assert not is_proved(solved_lab)
    keep_proof(solved_lab)
    assert is_proved(solved_lab)
    hidden = solved_lab.solution / "test_hidden.py"
    hidden.write_text("# hidden checks\n")
    assert (is_proved(solved_lab), is_proved(solved_lab, public=True)) == (False, True)
    hidden.unlink()
    (solved_lab.folder / "notes.txt").write_text("a student's own")
    (solved_lab.folder / "lambda_function.py").write_text("a student's own")
    assert is_proved(solved_lab)
    solved_lab.suite.write_text(solved_lab.suite.read_text() + "\n# another line\n")
    assert (is_proved(solved_lab), is_proved(solved_lab, public=True)) == (False, False)


def test_a_proof_leaves_those_of_other_labs(solved_lab) -> None:
    others = '\n[99_other]\npublic = "1"\nall = "2"\n'
    (solved_lab.folder.parent / FILE).write_text(others)
    keep_proof(solved_lab)
    assert is_proved(solved_lab)
    assert others in (solved_lab.folder.parent / FILE).read_text()


@pytest.mark.parametrize("text", ["", "all = 5", "not TOML", '[01_greeting]\nall = "' + "0" * 64 + '"'])
def test_a_file_that_proves_nothing(solved_lab, text) -> None:
    (solved_lab.folder.parent / FILE).write_text(text)
    assert not is_proved(solved_lab)
