"""`lab prove --mutants` as a real process, on the small course that is sound."""

import json
import shutil
from pathlib import Path

import pytest

COURSE = Path(__file__).parents[1] / "proof" / "course"
FILE = "solutions/01_greeting/lambda_function.py"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    shutil.copytree(COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_a_survivor_is_printed_as_it_would_be_listed(course, run) -> None:
    solution = course / FILE
    solution.write_text(solution.read_text() + "\n\ndef unused():\n    return 8\n")
    done = run("prove", "1", "--mutants")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "01_greeting"
    place = lines.index("@@ lambda_function.py, unused @@")
    assert lines[place - 1 : place + 3] == [
        "  line 15: a return is forgotten: the value is made, and the function goes on",
        "@@ lambda_function.py, unused @@",
        "-return 8",
        "+pass",
    ]
    assert "Not sound: 1 of 2 facts do not hold." in done.stdout


def test_json_and_a_sample(course, run) -> None:
    done = run("prove", "--mutants", "--sample", "2", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    lab = json.loads(done.stdout)["labs"][0]
    assert [fact["id"] for fact in lab["facts"]] == ["mutants", "mutants-listed"]
    tally = lab["mutants"]
    assert (tally["tried"], tally["killed"], tally["survivors"], tally["share"]) == (2, 2, [], 1.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["--sample", "3"], "--sample is for --mutants"), (["--mutants", "--sample", "0"], "0 is not in the range")],
)
def test_wrong_usage(course, run, arguments, words) -> None:
    done = run("prove", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
