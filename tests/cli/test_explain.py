"""One appeal: `lab grade ... --only ID --explain`."""

import json
from pathlib import Path

import pytest

from workbook.gradebook import Gradebook
from workbook.runtime import processes

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="only Linux isolates submissions")

# Greets as asked, but logs what a terminal would act on, and fails where nobody sees it.
CODE = """
def lambda_handler(event, context):
    print("\\x1b[2J" + "\\u202e" + "station " + event["station"])
    for number in range(20):
        print("step", number)
    return {"statusCode": 200, "greeting": "hello north-quay"}
"""


@pytest.fixture
def group(make_lab, tmp_path: Path) -> Path:
    make_lab()
    folder = tmp_path / "course" / "group"
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "lambda_function.py").write_text(CODE)
    (folder / "bob.py").write_text(CODE)
    return folder


def explain(run, *arguments: str, code: int = 0) -> str:
    done = run("grade", "1", "group", "--only", "ada", "--explain", *arguments)
    assert (done.returncode, done.stderr) == (code, "")
    return done.stdout


def attempts(tmp_path: Path) -> list[str]:
    book = Gradebook.open(f"sqlite:///{tmp_path}/course/gradebook.db")
    try:
        return [attempt.submission_id for attempt in book.attempts()]
    finally:
        book.close()


def test_every_check_is_shown_with_its_whole_log_made_harmless(run, group) -> None:
    told = explain(run)
    assert "10/15 failed" in told
    assert "4/4 passed  answers with status code 200 [test_answers, public]" in told
    assert "0/5 failed  greets any station [test_greets_another, hidden]" in told
    assert "this is for you, not for the student" in " ".join(told.split())
    log = told.partition("\n      log\n")[2]
    assert "START RequestId" in log
    assert "\\x1b[2J\\u202estation secret-quay" in log
    assert [line.strip() for line in log.splitlines() if "step" in line] == [f"step {number}" for number in range(20)]
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_it_is_recorded_as_one_more_attempt_and_held_against_the_last(run, group, tmp_path: Path) -> None:
    assert "recorded as attempt 1." in explain(run)
    assert "was of the same files and said the same." in explain(run)
    assert attempts(tmp_path) == ["ada", "ada"]
    file = group / "ada" / "lambda_function.py"
    file.write_text(CODE + "# later\n")
    told = " ".join(explain(run).split())
    assert "recorded as attempt 3. The last before it, of 20" in told
    assert "UTC, was of other files, and 10/15 failed." in told


def test_a_change_of_the_checks_is_told_by_name(run, group, tmp_path: Path) -> None:
    explain(run)
    suite = next((tmp_path / "course" / "solutions" / "01_greeting").glob("test_*.py"))
    suite.write_text(suite.read_text().replace("secret-quay", "north-quay"))
    told = " ".join(explain(run).split())
    assert "15/15 passed" in told
    assert "was of the same files, and 10/15 failed. It differs in: test_greets_another." in told


def test_a_rejection_is_explained(run, group) -> None:
    (group / "ada" / "lambda_function.py").rename(group / "ada" / "mine.py")
    told = explain(run)
    assert "0/15 rejected" in told
    assert "lambda_function.py is missing" in told.partition("SHA-256")[2]


def test_as_json_it_is_the_document(run, group) -> None:
    [result] = json.loads(explain(run, "--json"))["results"]
    [hidden] = [check for check in result["checks"] if check["visibility"] == "hidden"]
    assert "step 19" in hidden["log"]


@pytest.mark.parametrize("only", [[], ["--only", "ada", "--only", "bob.py"]])
def test_one_submission_is_explained_at_a_time(run, group, only: list[str]) -> None:
    done = run("grade", "1", "group", "--explain", *only)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--explain shows one submission, and here are 2: add --only ID." in done.stderr


def test_the_only_submission_needs_no_name(run, group) -> None:
    assert "10/15 failed" in run("grade", "1", "group/bob.py", "--explain").stdout


def test_an_id_that_is_new_among_known_ones_is_told(run, group) -> None:
    run("grade", "1", "group", "--only", "bob.py")
    done = run("grade", "1", "group", "--only", "ada", "--explain")
    assert done.returncode == 0
    assert "no record of ada" in done.stderr
    assert "--roster" in done.stderr
    assert run("grade", "1", "group", "--only", "ada", "--explain").stderr == ""
