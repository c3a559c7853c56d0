"""One submission's checks, from the code to the result document."""

import difflib
import io
import json
import sys
import threading
import zipfile
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from workbook.bench import BenchError
from workbook.grading.document import Result, Status
from workbook.grading.judge import grade

SCHEMA = json.loads(files("workbook.grading").joinpath("schema.json").read_text())


def by_id(result: Result) -> dict[str, dict]:
    document = result.to_dict()
    jsonschema.validate(document, SCHEMA)
    return {check["id"]: check for check in document["checks"]}


def test_a_solution_gets_full_marks(make_lab) -> None:
    lab = make_lab()
    result = grade(lab, lab.solution)
    assert (result.status, result.score, result.max_score) == ("passed", 10, 10)
    check = by_id(result)["test_answers"]
    assert check["title"] == "answers with status code 200"
    assert (check["task"], check["score"], check["message"], check["log"]) == (1, 4, None, None)


def test_hidden_checks_are_added_and_marked(make_lab) -> None:
    lab = make_lab()
    result = grade(lab, lab.solution, hidden=True)
    assert (result.score, result.max_score) == (15, 15)
    assert by_id(result)["test_greets_another"]["visibility"] == "hidden"


def test_the_starter_fails_and_what_needs_it_is_not_judged(make_lab) -> None:
    result = grade(make_lab())
    checks = by_id(result)
    assert (result.status, result.score, result.max_score) == ("failed", 0, 10)
    assert checks["test_answers"]["status"] == "failed"
    assert (checks["test_greets"]["status"], checks["test_greets"]["reason"]) == ("not_judged", "needs")
    assert checks["test_greets"]["score"] == 0
    assert checks["test_greets"]["message"] == "It waits for: answers with status code 200"


def test_a_failure_says_what_was_called_and_what_came_back(make_lab) -> None:
    lab = make_lab(starter='def lambda_handler(event, context):\n    return {"statusCode": 404}\n')
    message = by_id(grade(lab))["test_answers"]["message"].splitlines()
    assert message[0].split(maxsplit=1) == ["called", 'the function with {"station": "north-quay"}']
    assert message[1].split(maxsplit=1) == ["returned", '{"statusCode": 404}']
    assert [line.split() for line in message[2:]] == [["expected", "200"], ["got", "404"]]


OTHER_HANDLER = """
import pytest


@pytest.mark.task(1)
def test_runs(function):
    other = function.configure(handler="run_script.run", files={"run_script.py": b"def run(event, context): return 1"})
    assert other.invoke({"script": "mine.py"}).payload == 2
"""


def test_a_handler_that_the_check_brought_along_is_not_called_the_function(make_lab) -> None:
    message = by_id(grade(make_lab(OTHER_HANDLER)))["test_runs"]["message"].splitlines()
    assert message[0].split(maxsplit=1) == ["called", 'run_script.run with {"script": "mine.py"}']


def test_a_library_that_a_suite_imports_is_imported_once(make_lab, monkeypatch) -> None:
    lab = make_lab()
    libraries = lab.folder.parents[1] / ".venv" / "lib"
    libraries.mkdir(parents=True)
    (libraries / "harbour_tides.py").touch()
    lab.suite.write_text(f"import harbour_tides\n{lab.suite.read_text('utf-8')}", "utf-8")
    monkeypatch.syspath_prepend(libraries)
    before = set(sys.modules)
    assert grade(lab, lab.solution).status == "passed"
    assert "harbour_tides" in sys.modules
    assert [name for name in sys.modules.keys() - before if lab.suite.stem in name] == []
    del sys.modules["harbour_tides"]


def test_a_raised_error_names_the_students_own_line(make_lab) -> None:
    lab = make_lab(starter='def lambda_handler(event, context):\n    return {"statusCode": event["statoin"]}\n')
    check = by_id(grade(lab))["test_answers"]
    assert "failed    KeyError: 'statoin'" in check["message"]
    assert 'in        lambda_function.py, line 2: return {"statusCode": event["statoin"]}' in check["message"]
    assert "[ERROR] KeyError: 'statoin'" in check["log"]
    assert "START RequestId" in check["log"]
    assert str(lab.folder) not in json.dumps(check)


def test_pytests_internals_never_show(make_lab) -> None:
    text = json.dumps(grade(make_lab()).to_dict())
    for internal in ("AssertionError", "_pytest", "excinfo", "assert ", "fixture"):
        assert internal not in text


def test_a_function_that_hangs_is_a_timeout_and_ends(make_lab) -> None:
    slow = "import time\ndef lambda_handler(event, context):\n    time.sleep(60)\n"
    lab = make_lab(starter=slow, timeout=1)
    result = grade(lab)
    assert result.status == "timeout"
    assert by_id(result)["test_answers"]["status"] == "timeout"
    assert "Task timed out after 1.00 seconds" in by_id(result)["test_answers"]["message"]


BUSY_SUITE = """
import pytest

@pytest.mark.task(1)
@pytest.mark.parametrize("number", range(6))
def test_waits(function, number):
    assert function.invoke({}).payload == 1
"""


def test_what_comes_after_the_budget_is_listed_as_not_judged(make_lab) -> None:
    slow = "import time\ndef lambda_handler(event, context):\n    time.sleep(0.4)\n    return 1\n"
    result = grade(make_lab(BUSY_SUITE, starter=slow, top="budget = 1"))
    statuses = [(check.status.value, check.reason and check.reason.value) for check in result.checks]
    assert statuses[0] == ("passed", None), result.checks[0]
    assert statuses[-1] == ("not_judged", "budget")
    assert len(statuses) == 6
    assert result.status == "timeout"


def test_an_init_phase_that_never_ends_ends_the_budget_at_once(make_lab) -> None:
    lab = make_lab(BUSY_SUITE, starter="while True:\n    pass\n", top="budget = 1", timeout=1)
    statuses = [(check.status.value, check.reason and check.reason.value) for check in grade(lab).checks]
    assert statuses[0] == ("timeout", None)
    assert set(statuses[1:]) == {("not_judged", "budget")}


def test_a_break_in_the_bench_is_never_the_students_loss(make_lab) -> None:
    suite = """
import pytest

@pytest.mark.task(1, points=5)
def test_bench(function, bench):
    from workbook.runtime import Configuration
    Configuration(timeout=-1)

@pytest.mark.task(1, points=5)
def test_fine(function):
    function.invoke({})
"""
    result = grade(make_lab(suite))
    check = by_id(result)["test_bench"]
    assert (check["status"], check["reason"], check["score"]) == ("not_judged", "bench", None)
    assert (result.status, result.score) == ("not_judged", None)
    assert by_id(result)["test_fine"]["status"] == "passed"


BREAKS_THE_CLOUD = """
import boto3

def lambda_handler(event, context):
    boto3.client("events").put_rule(Name="r", ScheduleExpression="rate(5 minutes)")
"""
ANSWERS_SUITE = """
import pytest

@pytest.mark.task(1)
def test_a(function):
    assert function.invoke({}).payload == 1

@pytest.mark.task(1)
def test_b(function):
    assert function.invoke({}).payload == 1
"""


def test_a_call_that_breaks_the_cloud_fails_the_check_that_made_it_and_is_told(make_lab, monkeypatch) -> None:
    from workbook.deploy import schedule

    monkeypatch.setattr(schedule, "check", lambda expression, service: 1 // 0)
    result = grade(make_lab(ANSWERS_SUITE, starter=BREAKS_THE_CLOUD, service="events"))
    check = result.checks[0]
    assert (check.status, check.score) == ("failed", 0)
    assert "the local cloud itself broke at events PutRule (ZeroDivisionError" in (check.message or "")


def test_a_call_that_keeps_the_cloud_busy_is_a_timeout(make_lab, monkeypatch) -> None:
    from workbook.cloud import backends
    from workbook.deploy import schedule

    over = threading.Event()
    monkeypatch.setattr(backends, "PATIENCE", 0.2)
    monkeypatch.setattr(schedule, "check", lambda expression, service: over.wait(20) and None)
    result = grade(make_lab(ANSWERS_SUITE, starter=BREAKS_THE_CLOUD, service="events", timeout=1))
    over.set()
    statuses = [(check.status.value, check.reason and check.reason.value) for check in result.checks]
    assert statuses == [("timeout", None), ("not_judged", "budget")]


def test_a_broken_fixture_is_the_benchs_fault_too(make_lab) -> None:
    suite = """
import pytest

@pytest.fixture
def broken():
    raise OSError("no disk")

@pytest.mark.task(1)
def test_a(function, broken):
    pass
"""
    check = by_id(grade(make_lab(suite)))["test_a"]
    assert (check["reason"], check["score"]) == ("bench", None)
    assert "no disk" in check["message"]


@pytest.mark.parametrize("suite", ["def test_(:\n", "import nothing_of_that_name\n", "x = 1\n", "def test_a(): pass\n"])
def test_a_suite_that_cannot_run_raises_a_bench_error_that_names_it(make_lab, suite: str) -> None:
    lab = make_lab(suite)
    with pytest.raises(BenchError, match=r"test_greeting\.py"):
        grade(lab)


def test_only_one_tasks_checks_and_what_they_need(make_lab) -> None:
    lab = make_lab()
    assert [check.id for check in grade(lab, lab.solution, tasks={1}).checks] == ["test_answers"]
    assert [check.id for check in grade(lab, lab.solution, tasks={2}).checks] == ["test_answers", "test_greets"]


def test_a_zip_a_file_and_a_folder_of_the_same_code_are_the_same_submission(make_lab, tmp_path: Path) -> None:
    lab = make_lab()
    archive = tmp_path / "ada.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(lab.solution / "lambda_function.py", "lambda_function.py")
    results = [grade(lab, code) for code in (archive, lab.solution, lab.solution / "lambda_function.py")]
    assert [result.score for result in results] == [10, 10, 10]
    assert len({result.submission.sha256 for result in results}) == 1
    assert [result.submission.id for result in results] == ["ada.zip", "01_greeting", "lambda_function.py"]


def test_what_cannot_be_taken_in_is_rejected_with_a_reason(make_lab, tmp_path: Path) -> None:
    lab = make_lab()
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 not a zip")
    result = grade(lab, broken)
    assert (result.status, result.score, result.max_score) == ("rejected", 0, 10)
    assert "broken.zip" in (result.rejected or "")
    assert by_id(result) == {}


def test_a_zip_that_climbs_out_is_rejected(make_lab, tmp_path: Path) -> None:
    climbing = tmp_path / "climb.zip"
    with zipfile.ZipFile(climbing, "w") as file:
        file.writestr("../lambda_function.py", "")
    assert grade(make_lab(), climbing).status == "rejected"
    assert not (tmp_path / "lambda_function.py").exists()


def test_the_suite_is_not_in_the_functions_reach(make_lab) -> None:
    curious = """
import os, sys
def lambda_handler(event, context):
    return {"statusCode": 200, "files": sorted(os.listdir(".")), "pytest": "pytest" in sys.modules}
"""
    suite = """
import pytest

@pytest.mark.task(1)
def test_sees(function):
    payload = function.invoke({}).payload
    assert payload["files"] == ["lambda_function.py"]
    assert payload["pytest"] is False
"""
    assert grade(make_lab(suite, starter=curious)).status == "passed"


def test_a_conftest_in_the_labs_folder_decides_nothing(make_lab) -> None:
    lab = make_lab()
    (lab.folder / "conftest.py").write_text(
        "import pytest\n@pytest.hookimpl(tryfirst=True)\n"
        "def pytest_runtest_call(item):\n    item.obj = lambda **_: None\n"
    )
    assert grade(lab).status == "failed"


def test_nothing_is_written_into_the_lab(make_lab) -> None:
    lab = make_lab()
    before = sorted(path.name for path in lab.folder.rglob("*"))
    grade(lab)
    assert sorted(path.name for path in lab.folder.rglob("*")) == before


def test_results_come_as_they_are_judged_and_may_print(make_lab, capsys: pytest.CaptureFixture[str]) -> None:
    lab = make_lab()
    counts: list[int] = []
    grade(lab, lab.solution, on_start=counts.append, on_check=lambda check: print(check.id))
    assert counts == [2]
    assert capsys.readouterr().out == "test_answers\ntest_greets\n"


def test_the_users_pytest_settings_do_not_reach_a_verdict(make_lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    lab = make_lab()
    (lab.folder.parents[1] / "pytest.ini").write_text("[pytest]\naddopts = --maxfail=0 -k nothing\n")
    assert grade(lab, lab.solution).score == 10


def test_pytest_never_explains_what_a_check_compares(make_lab, monkeypatch: pytest.MonkeyPatch) -> None:
    explained: list[object] = []
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(difflib, "ndiff", lambda *lines: explained.extend(lines) or [])
    lab = make_lab(
        suite="""
import pytest


@pytest.mark.task(1)
def test_answers(function):
    assert function.invoke({}).payload == [f"2026-11-{day} 10:00" for day in range(2000)]
""",
        starter='def lambda_handler(event, context):\n    return [f"2027-12-{day} 11:30" for day in range(2000)]\n',
    )
    (check,) = grade(lab).checks
    assert (check.status, explained) == (Status.FAILED, [])
    assert "expected  " in str(check.message)
    assert "2026-11-0 10:00" in str(check.message)


def test_the_log_of_a_hostile_function_stays_json(make_lab) -> None:
    lab = make_lab(
        starter='def lambda_handler(event, context):\n    print("\\x1b[2J\\u202e\\ud800".encode("utf-8", "replace"))\n'
    )
    text = json.dumps(grade(lab).to_dict())
    assert json.load(io.StringIO(text))["status"] == "failed"


def test_the_diagnosis_is_in_the_result_document(make_lab) -> None:
    lab = make_lab(starter="import requests\ndef lambda_handler(event, context):\n    return 1\n")
    check = grade(lab).to_dict()["checks"][0]
    assert check["diagnosis"].startswith("means     The import of requests failed.")
    assert "\ntry       " in check["diagnosis"]


def test_a_null_answer_is_explained_only_where_a_check_looks_at_the_answer(make_lab) -> None:
    suite = """
import pytest

@pytest.mark.task(1)
def test_answers(function):
    assert answer_of(function)

@pytest.mark.task(2)
def test_leaves_a_trace(function, aws):
    function.invoke({})
    assert aws.calls, "Nothing was called."

def answer_of(function):
    return function.invoke({}).payload
"""
    checks = by_id(grade(make_lab(suite, starter="def lambda_handler(event, context):\n    pass\n")))
    assert "#returned-nothing" in checks["test_answers"]["diagnosis"]
    assert checks["test_leaves_a_trace"]["diagnosis"] is None


def test_an_error_that_a_check_provokes_is_not_diagnosed(make_lab) -> None:
    suite = """
import pytest

@pytest.mark.task(1)
def test_stores(function):
    assert not function.invoke({}).error

@pytest.mark.task(2, provokes="NoSuchBucket")
def test_answers_when_there_is_no_bucket(function):
    assert not function.invoke({}).error, "There is no bucket, on purpose."
"""
    refused = "An error occurred (NoSuchBucket) when calling the PutObject operation"
    starter = (
        f"class ClientError(Exception): pass\ndef lambda_handler(event, context):\n    raise ClientError({refused!r})\n"
    )
    checks = by_id(grade(make_lab(suite, starter=starter)))
    assert "#no-such-bucket" in checks["test_stores"]["diagnosis"]
    provoked = checks["test_answers_when_there_is_no_bucket"]
    assert provoked["diagnosis"] is None
    assert "NoSuchBucket" in provoked["message"]
