"""The verb as a real process, on the small course that is sound."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.grading.reuse import is_proved

COURSE = Path(__file__).parents[1] / "proof" / "course"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_a_sound_course(course, run) -> None:
    done = run("prove")
    assert done.stderr == ""
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "01_greeting"
    assert "  ok lab.toml is valid: 2 tasks, 5 minutes" in lines
    assert "  ok the starter fails 8 of 8 checks, some of each task, by what it answers" in lines
    assert "  ok the solution scores full marks: 10 points in 8 public checks, 3 points in 2" in lines
    assert "     hidden checks" in lines
    assert "  ok one_line.py, a variant, passes every check" in lines
    assert "  ok greeting_in_code.py, a mistake, fails 1 check as declared, with 1 text" in lines
    assert lines[-1] == "Sound: 21 facts hold."


def test_the_first_thing_to_mend(course, run) -> None:
    (course / "labs/01_greeting/lambda_function.py").unlink()
    (course / "labs/01_greeting/notes.txt").touch()
    done = run("prove", "1")
    assert done.returncode == 1
    assert "  x  labs/01_greeting/notes.txt: a stray file" in done.stdout
    end = done.stdout.partition("Not sound: 2 of 14 facts do not hold. Mend first:\n")[2]
    assert end == (
        "  labs/01_greeting/lambda_function.py: there is no such file, and lab.toml names\n    it\n"
        "  Write it, or mend files in labs/01_greeting/lab.toml.\n"
    )


def test_json_is_one_document_of_every_lab(course, run) -> None:
    shutil.copytree(course / "labs/01_greeting", course / "labs/02_broken")
    (course / "labs/02_broken/lab.toml").write_text("minutes = 5")
    (course / "labs/01_greeting/lab.toml").unlink()
    done = run("prove", "--json")
    assert (done.returncode, done.stderr) == (1, "")
    document = json.loads(done.stdout)
    assert [lab["lab"] for lab in document["labs"]] == ["01_greeting", "02_broken"]
    assert document["schema"] == 1
    assert document["labs"][0]["facts"] == [
        {
            "id": "manifest",
            "ok": False,
            "text": "labs/01_greeting/lab.toml: there is no such file",
            "cure": "A lab's folder needs a lab.toml.",
        }
    ]


def test_a_student_edition_cannot_be_proved(course, run) -> None:
    shutil.rmtree(course / "solutions")
    done = run("prove")
    assert done.returncode == 3
    assert "solutions/ is not here" in done.stderr


def test_a_broken_bench(course, run) -> None:
    suite = course / "labs/01_greeting/test_greeting.py"
    suite.write_text(suite.read_text().replace("function.invoke(EVENT)", "function.invoke(object())"))
    done = run("prove")
    assert done.returncode == 4
    assert "test_answers: The bench itself broke" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="sends POSIX signals to a process group")
def test_an_interruption_ends_every_trial(course) -> None:
    command = [sys.executable, "-m", "workbook", "prove"]
    with subprocess.Popen(
        command, cwd=course, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as proof:
        assert proof.stdout
        for line in proof.stdout:
            if "the starter imports and runs" in line:
                break
        os.killpg(proof.pid, signal.SIGINT)
        out, err = proof.communicate(timeout=120)
    assert (proof.returncode, err.strip()) == (130, "Stopped.")
    assert "Sound" not in out


def test_reuse_is_proved_and_written_down(course, run) -> None:
    done = run("prove", "1", "--reuse")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ok 1 mistake: the same verdicts with shared environments" in done.stdout
    assert is_proved(Course(course).find("1"))


def test_what_speaks_against_reuse_is_named_and_nothing_is_written(course, run) -> None:
    """A mistake that answers rightly from its second event on passes a check that a fresh environment fails."""
    solution = course / "solutions/01_greeting"
    late = solution / "mistakes/late.py"
    text = (solution / "lambda_function.py").read_text()
    late.write_text(
        f"{text}\nright, seen = lambda_handler, []\n\n\n"
        "def lambda_handler(event, context):\n    seen.append(event)\n"
        "    return right(event, context) if len(seen) > 1 or 'station' not in event else {}\n"
    )
    with (solution / "mistakes/mistakes.toml").open("a") as declared:
        declared.write('\n[[mistake]]\npath = "late.py"\nfails = []\nsays = []\n')
    done = run("prove", "1", "--reuse")
    assert done.returncode == 1
    assert "late.py: public:" in done.stdout
    assert "in a shared environment" in done.stdout
    assert not is_proved(Course(course).find("1"))


@pytest.mark.parametrize(("arguments", "words"), [(["7"], "There is no lab '7'"), (["--fast"], "No such option")])
def test_wrong_usage(course, run, arguments, words) -> None:
    done = run("prove", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
