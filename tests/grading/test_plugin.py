"""Suites under plain pytest, as an editor or a terminal runs them."""

import os
import subprocess
import sys
from pathlib import Path

from workbook.course.labs import Lab


def run_pytest(lab: Lab, *arguments: str, target: Path | None = None) -> subprocess.CompletedProcess[str]:
    """`pytest labs/NN_name ARGUMENTS` in the course's folder, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(target or lab.folder), *arguments],
        cwd=lab.folder.parents[1],
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_plain_pytest_judges_the_code_beside_the_suite(make_lab) -> None:
    run = run_pytest(make_lab())
    assert run.returncode == 1
    assert "1 failed, 1 skipped" in run.stdout
    assert "expected  200" not in run.stdout, "None has no status code: the failure says so in words"
    assert "answers with status code 200" in run.stdout
    assert "returned  null" in run.stdout
    for internal in ("AssertionError", "payload[", "site-packages", "plugin.py"):
        assert internal not in run.stdout


def test_the_solution_and_other_code_can_be_judged(make_lab) -> None:
    lab = make_lab()
    assert "2 passed" in run_pytest(lab, "--solution").stdout
    assert "2 passed" in run_pytest(lab, "--code", str(lab.solution / "lambda_function.py")).stdout


def test_hidden_checks_run_from_the_solutions_folder(make_lab) -> None:
    lab = make_lab()
    assert "1 passed" in run_pytest(lab, target=lab.solution).stdout
    run = run_pytest(lab, "--code", str(lab.folder), target=lab.solution)
    assert "1 failed" in run.stdout


def test_the_arguments_of_an_editors_test_explorer(make_lab) -> None:
    lab = make_lab()
    found = run_pytest(lab, "--rootdir", str(lab.folder.parents[1]), "--collect-only", "-q")
    assert "labs/01_greeting/test_greeting.py::test_answers" in found.stdout
    one = run_pytest(
        lab, "--rootdir", ".", "--capture=no", "-v", target=lab.suite.with_name("test_greeting.py::test_answers")
    )
    assert "1 failed" in one.stdout


def test_a_suite_stays_in_one_worker(make_lab) -> None:
    suite = """
import os
import pytest

@pytest.mark.task(1)
def test_first(function):
    assert function.invoke({}).payload is not None

""" + "\n".join(
        f"""
@pytest.mark.task(1, needs="test_first")
def test_more_{number}(function):
    assert False, os.environ["PYTEST_XDIST_WORKER"]
"""
        for number in range(5)
    )
    run = run_pytest(make_lab(suite), "-n", "2")
    assert "1 failed, 5 skipped" in run.stdout


def test_what_is_slow_runs_after_the_others_of_its_suite(make_lab) -> None:
    suite = """
import pytest

@pytest.mark.slow
@pytest.mark.task(1)
def test_slow(function):
    pass

@pytest.mark.task(1)
def test_quick(function):
    pass
"""
    found = run_pytest(make_lab(suite), "--collect-only", "-q").stdout
    assert 0 < found.index("::test_quick") < found.index("::test_slow")


def test_unknown_code_is_a_usage_error_in_a_line(make_lab) -> None:
    run = run_pytest(make_lab(), "--code", "nowhere")
    assert run.returncode == 4
    assert "--code nowhere: there is no such file or folder." in run.stderr
    assert "Traceback" not in run.stderr


def test_without_solutions_the_option_says_so(make_lab) -> None:
    run = run_pytest(make_lab(solution=None), "--solution")
    assert "a student edition has no solutions" in run.stdout + run.stderr
    assert run.returncode != 0


def test_a_wrong_mark_is_told_to_its_author(make_lab) -> None:
    run = run_pytest(make_lab('import pytest\n@pytest.mark.task("one")\ndef test_a(function):\n    pass\n'))
    assert run.returncode != 0
    assert "takes whole numbers" in run.stdout + run.stderr


def test_fixtures_may_be_asked_for_in_any_order(make_lab) -> None:
    code = """
import os
import urllib.request

def lambda_handler(event, context):
    with urllib.request.urlopen(os.environ["API_URL"] + "/x") as answer:
        return [os.environ["BUCKET_NAME"], answer.read().decode()]
"""
    suite = """
import pytest

@pytest.mark.task(1)
def test_function_first(function, bucket, http_api):
    http_api.respond(text="one")
    assert function.invoke({}).payload == [bucket, "one"]

@pytest.mark.task(1)
def test_function_last(http_api, bucket, aws, function):
    http_api.respond(text="two")
    assert function.invoke({}).payload == [bucket, "two"]
    assert aws.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0

@pytest.mark.task(2)
def test_buckets_differ(bucket, aws):
    assert [found["Name"] for found in aws.client("s3").list_buckets()["Buckets"]] == [bucket]
"""
    run = run_pytest(make_lab(suite, starter=code))
    assert "3 passed" in run.stdout, run.stdout


def test_tests_outside_a_course_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("def test_mine():\n    assert 1 == 2\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "assert 1 == 2" in run.stdout


def test_several_labs_in_one_session(make_lab) -> None:
    make_lab(name="01_greeting")
    second = make_lab(name="02_parting")
    run = run_pytest(second, "--solution", target=second.folder.parent)
    assert "4 passed" in run.stdout, run.stdout
