"""`lab new`, and the folder that it makes: the student's commands from inside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture
def weather(run, tmp_path: Path) -> Path:
    done = run("new", "weather", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path / "weather"


@pytest.fixture
def here(weather: Path):
    """Runs the command inside the folder."""
    workbook = Path(__file__).resolve().parents[2]

    def call(*arguments: str, cwd: Path = weather) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workbook", *arguments]
        variables = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "WORKBOOK_"))}
        variables["PYTHONPATH"] = str(workbook / "src")
        return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, encoding="utf-8")

    return call


def test_it_passes_its_own_first_check(here) -> None:
    done = here("check", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    [result] = json.loads(done.stdout)["results"]
    assert (result["lab"], result["status"], result["score"], result["max_score"]) == ("weather", "passed", 4, 4)


def test_its_function_is_invoked_with_its_own_events(here) -> None:
    first, other = here("invoke", "--json"), here("invoke", "--event", "nobody", "--json")
    bodies = [json.loads(json.loads(done.stdout)["payload"]["body"])["message"] for done in (first, other)]
    assert bodies == ["hello, Ada", "hello, world"]


def test_its_package_holds_the_function_and_nothing_else(here, weather: Path) -> None:
    done = here("package", "--json")
    assert done.returncode == 0, done.stderr
    [package] = json.loads(done.stdout)["packages"]
    assert [part["name"] for part in package["parts"]] == ["lambda_function.py"]
    assert (package["status"], package["findings"], package["run"]["outcome"]) == ("built", [], "started")
    zipped = here("check", "--code", "lambda_deploy.zip")
    assert zipped.returncode == 0, zipped.stdout


def test_it_runs_on_a_schedule_and_has_a_policy(here) -> None:
    simulated = here("schedule", "rate(1 hour)", "--simulate", ".", "--count", "2")
    assert "2 firings: 2 succeeded, 0 lost" in simulated.stdout
    policy = json.loads(here("policy").stdout)
    assert any("log-group:/aws/lambda/weather:*" in str(statement["Resource"]) for statement in policy["Statement"])


def test_what_is_next_is_told_for_it_alone(here, weather: Path) -> None:
    assert here().stdout.splitlines()[:2] == [
        "Lambda Workbook: weather, a function of your own.",
        "Next: edit lambda_function.py, then ./lab check",
    ]
    assert "Next: every test passes. Build the zip for Lambda: ./lab package" in here("check").stdout
    (weather / "lambda_function.py").write_text("def lambda_handler(event, context):\n    return None\n")
    assert "Next: task 1 in lambda_function.py" in here("check").stdout
    assert here("reset", "weather").returncode == 0
    assert "TYPE_CHECKING" in (weather / "lambda_function.py").read_text()


def test_a_test_of_its_own_may_say_its_task_and_its_points(here, weather: Path) -> None:
    suite = weather / "test_weather.py"
    more = '\n\n@pytest.mark.task(1, points=5)\ndef test_more(function):\n    """more"""\n    assert False\n'
    suite.write_text("import pytest\n" + suite.read_text() + more)
    done = here("check", "--json")
    [result] = json.loads(done.stdout)["results"]
    assert (done.returncode, result["score"], result["max_score"]) == (1, 4, 9)


def test_plain_pytest_judges_it_too(weather: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=weather, capture_output=True, text=True)
    assert "4 passed" in done.stdout, done.stdout


def test_its_lab_runs_the_workbooks(weather: Path, tmp_path: Path) -> None:
    own = (weather / "lab").read_text("utf-8")
    workbook = Path(__file__).resolve().parents[2]
    assert ascii(str(workbook / "lab")) in own
    stand_in = tmp_path / "moved wörkbook" / "lab"
    stand_in.parent.mkdir()
    stand_in.write_text("import sys\nif __name__ == '__main__':\n    print(__file__, sys.argv[1:])\n    sys.exit(7)\n")
    (weather / "lab").write_text(own.replace(ascii(str(workbook / "lab")), ascii(str(stand_in))), "utf-8")
    done = subprocess.run([sys.executable, "lab", "check", "1"], cwd=weather, capture_output=True, encoding="utf-8",
                          env={**os.environ, "PYTHONUTF8": "1"})  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (7, f"{stand_in} ['check', '1']")
    stand_in.unlink()
    gone = subprocess.run([sys.executable, "lab"], cwd=weather, capture_output=True, encoding="utf-8", env=os.environ)
    assert gone.returncode == 3
    assert "Where is its `lab` now?" in gone.stderr
    assert "Traceback" not in gone.stderr


@pytest.mark.skipif(os.name != "posix", reason="Windows starts it with py")
def test_its_lab_can_be_started(weather: Path) -> None:
    assert os.access(weather / "lab", os.X_OK)
    assert (weather / "lab").read_bytes().startswith(b"#!/usr/bin/env python3\n")


def test_what_cannot_be_made_is_refused_kindly(weather: Path, run, tmp_path: Path) -> None:
    done = run("new", "weather", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "weather is there already, and stays as it is. Choose another name, or remove it first.\n"


def test_it_may_lie_elsewhere_and_below_the_course(run, make_lab, tmp_path: Path) -> None:
    make_lab()
    done = run("new", "../weather")
    assert done.returncode == 0
    assert f"cd {Path('../weather')}" in done.stdout
    assert run("new", "inner").returncode == 0
    below = run("check", "--json", cwd=tmp_path / "course" / "inner")
    assert json.loads(below.stdout)["results"][0]["lab"] == "inner"
    assert run("list").stdout.startswith("01  Greeting")
