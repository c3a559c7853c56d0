import json
import subprocess
import sys
from importlib.resources import files

import jsonschema
import pytest

SCHEMA = json.loads(files("workbook.grading").joinpath("schema.json").read_text())


def test_the_starter_fails_with_help_and_a_next_step(make_lab, run) -> None:
    make_lab()
    done = run("check", "1")
    assert done.returncode == 1
    assert "✗ answers with status code 200" in done.stdout
    assert "returned  null" in done.stdout
    assert "0 of 2 checks passed, 0 of 10 points" in done.stdout
    assert "Next: task 1 in labs/01_greeting/lambda_function.py, then ./lab check 1" in done.stdout
    assert done.stderr == ""


def test_the_solution_passes_and_is_not_taken_for_ones_own_progress(make_lab, run) -> None:
    make_lab()
    assert run("check", "--all", "--solution").returncode == 0
    assert "not begun" in run("list").stdout


def test_progress_is_kept_and_the_current_lab_is_checked_without_a_name(make_lab, run) -> None:
    lab = make_lab()
    run("check")
    assert "0 of 2 tasks" in run("list").stdout
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    done = run("check")
    assert done.returncode == 0
    assert "Next: every lab is done." in done.stdout
    assert "done" in run("list").stdout
    assert "1 of 1 lab done" in run().stdout
    assert run("check").returncode == 0, "with every lab done, the last one is the current one"


def test_json_is_one_valid_document_and_nothing_else(make_lab, run) -> None:
    make_lab()
    done = run("check", "greeting", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert document["schema"] == 1
    jsonschema.validate(document["results"][0], SCHEMA)
    assert document["results"][0]["submission"]["id"] == "01_greeting"


def test_one_task(make_lab, run) -> None:
    make_lab()
    done = run("check", "1", "--task", "1", "--solution")
    assert done.returncode == 0
    assert "1 of 1 checks passed" in done.stdout


def test_other_code(make_lab, run, tmp_path) -> None:
    lab = make_lab()
    done = run("check", "1", "--code", str(lab.solution / "lambda_function.py"), "--json")
    assert json.loads(done.stdout)["results"][0]["status"] == "passed"
    (tmp_path / "bad.zip").write_text("no zip")
    rejected = run("check", "1", "--code", str(tmp_path / "bad.zip"))
    assert rejected.returncode == 1
    assert "Not taken in: bad.zip cannot be read as a zip" in rejected.stdout


def test_without_solutions_the_option_says_so(make_lab, run) -> None:
    make_lab(solution=None)
    done = run("check", "1", "--solution")
    assert done.returncode == 3
    assert "this edition has none" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_broken_suite_is_the_benchs_failure(make_lab, run) -> None:
    make_lab("import nothing_of_that_name\n")
    done = run("check", "1")
    assert done.returncode == 4
    assert "test_greeting.py could not be run" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "7"], "There is no lab '7'. The labs: 01_greeting."),
        (["check", "1", "--task", "9"], "01_greeting has 2 tasks, none is number 9."),
        (["check", "1", "--task", "0"], "0 is not in the range"),
        (["check", "1", "--code", "nowhere"], "there is no such file or folder"),
        (["check", "1", "--all"], "--all takes every lab"),
        (["check", "1", "--code", ".", "--solution"], "give one"),
        (["chekc"], "Did you mean check?"),
        (["check", "\x1b[2J"], "There is no lab"),
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_2(make_lab, run, arguments, words) -> None:
    make_lab()
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


def test_a_manifest_that_is_wrong_names_file_key_and_cure(make_lab, run) -> None:
    lab = make_lab()
    manifest = lab.folder / "lab.toml"
    manifest.write_text(manifest.read_text().replace("timeout = 60", "timeout = 1000"))
    done = run("check", "1")
    assert done.returncode == 4
    assert "timeout" in done.stderr
    assert "900" in done.stderr
    assert "900" in run("list").stdout, "the list still lists"


def test_output_that_nobody_reads_is_no_error(make_lab, tmp_path) -> None:
    make_lab()
    check = subprocess.Popen(
        [sys.executable, "-m", "workbook", "check", "1"],
        cwd=tmp_path / "course",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert check.stdout
    assert check.stderr
    check.stdout.close()
    assert check.stderr.read() == b""
    assert check.wait() == 1


def test_a_terminal_without_such_letters_gets_plain_marks(make_lab, run) -> None:
    make_lab()
    assert "x answers with status code 200" in run("check", "1", PYTHONIOENCODING="ascii").stdout


def test_tasks_that_passed_one_by_one_are_named_as_such(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    run("check", "1", "--task", "1")
    done = run("check", "1", "--task", "2")
    assert "every task of lab 1, Greeting, has passed by itself. All together: ./lab check 1" in done.stdout
