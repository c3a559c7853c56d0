"""The student's verbs as they run on macOS and Windows: a Python on Linux without what those do not have.

What is hidden, and from whom, is in pretended/sitecustomize.py. The function's own process is hidden from likewise, and
speaks through the pure runtime client.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what is pretended here is real there")

ROOT = Path(__file__).resolve().parents[2]
Verb = Callable[..., subprocess.CompletedProcess[str]]

STARTER = """\
import os, socket, sys, time
import boto3

s3 = boto3.client("s3")

def lambda_handler(event, context):
    if event.get("hang"):
        time.sleep(60)
    if event.get("fork"):
        return [hasattr(os, name) for name in ("fork", "pidfd_open")]
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key="süd", Body="Hafen Süd".encode())
    print("stored süd")
    return {"statusCode": 200, "zone": os.environ["TZ"], "client": sys.modules["runtime_client"].__name__,
            "pure": sys.modules["runtime_client"].__file__.endswith("runtime_client.py")}
"""
SUITE = '''
import pytest


@pytest.mark.task(1)
def test_stores(function, bucket, aws):
    """stores an object"""
    assert function.invoke({}).payload["statusCode"] == 200
    assert aws.client("s3").get_object(Bucket=bucket, Key="süd")["Body"].read().decode() == "Hafen Süd"


@pytest.mark.task(2)
def test_ends_with_its_time(function, bucket):
    """ends when its time is up"""
    assert function.invoke({"hang": True}).error.type == "Sandbox.Timedout"
'''


@pytest.fixture(params=["darwin", "win32"])
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def course(make_lab) -> Path:
    lab = make_lab(
        SUITE,
        starter=STARTER,
        solution=STARTER,
        function='[function.environment]\nBUCKET_NAME = "quay-readings"\n[cloud]\nbuckets = ["quay-readings"]',
    )
    (lab.folder / "events").mkdir()
    (lab.folder / "events" / "any.json").write_text("{}")
    return lab.root


@pytest.fixture
def surroundings(system: str) -> dict[str, str]:
    """Of the pretended system, with a console that knows cp1252 alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "WORKBOOK_"))}
    return kept | {
        "PRETENDED_SYSTEM": system,
        "PYTHONPATH": str(Path(__file__).with_name("pretended")),
        "PYTHONWARNDEFAULTENCODING": "1",
        "PYTHONIOENCODING": "cp1252",
    }


@pytest.fixture
def verb(surroundings: dict[str, str], course: Path) -> Verb:
    """Runs `lab ARGUMENTS` there."""

    def call(*arguments: str, cwd: Path = course, stdin: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workbook", *arguments]
        return subprocess.run(command, cwd=cwd, env=surroundings, input=stdin, capture_output=True, encoding="cp1252")

    return call


LOOK = """\
import importlib.util, os, sys
modules = ("fcntl", "pwd", "resource", "termios", "runtime_client")
print(sys.platform, hasattr(os, "fork"), hasattr(os, "getuid"))
print([name for name in modules if importlib.util.find_spec(name) is None])
"""
SEEN = {
    "darwin": ["darwin False True", "['runtime_client']"],
    "win32": ["win32 False False", "['fcntl', 'pwd', 'resource', 'termios', 'runtime_client']"],
}


def test_what_is_pretended_is_so(surroundings: dict[str, str], system: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], env=surroundings, capture_output=True, text=True)
    assert done.stdout.splitlines() == SEEN[system], done.stderr


def test_a_function_is_invoked_through_the_pure_client(verb: Verb, system: str) -> None:
    done = verb("invoke", "1", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    zone = {"darwin": ":UTC", "win32": "UTC"}[system]
    assert document["payload"] == {"statusCode": 200, "zone": zone, "client": "runtime_client", "pure": True}
    assert "stored süd" in document["log"]
    assert document["calls"][0]["operation"] == "PutObject"
    assert document["report"]["max_memory_mb"] > 1


def test_checks_judge_also_what_never_ends(verb: Verb) -> None:
    done = verb("check", "1", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    [result] = json.loads(done.stdout)["results"]
    assert [check["status"] for check in result["checks"]] == ["passed", "passed"]
    assert "1 of 1 lab" in verb("progress").stdout
    assert verb("diff", "1").returncode == 0


def test_what_is_told_to_a_student_can_be_shown_and_typed(verb: Verb, system: str, course: Path) -> None:
    typed = {"darwin": "./lab", "win32": "py lab"}[system]
    assert f"then {typed} check 1" in verb().stdout
    (course / "labs" / "01_greeting" / "lambda_function.py").write_text("def lambda_handler(event):\n    return 1\n")
    failed = verb("check", "1")
    assert (failed.returncode, failed.stderr) == (1, "")
    assert f"{typed} hint 1" in failed.stdout
    assert f"{typed} check 1" in verb("hint", "1").stdout
    assert verb("invoke", "1").returncode == 1
    assert verb("reset", "1").returncode == 0
    assert "1 of 1 checks passed" in verb("check", "1", "--task", "1").stdout


def test_shipping_verbs_work(verb: Verb, tmp_path: Path) -> None:
    built = verb("package", "1", "--json")
    assert built.returncode == 0, built.stdout + built.stderr
    assert json.loads(built.stdout)["packages"][0]["run"]["outcome"] == "started"
    simulated = verb("schedule", "rate(1 hour)", "--simulate", "1", "--count", "2")
    assert "2 succeeded, 0 lost" in simulated.stdout, simulated.stderr
    assert "s3:PutObject" in verb("policy", "1").stdout


def test_a_breakpoint_stops(verb: Verb, course: Path) -> None:
    (course / "labs" / "01_greeting" / "lambda_function.py").write_text(
        "def lambda_handler(event, context):\n    secret = 41\n    breakpoint()\n    return secret + 1\n"
    )
    done = verb("invoke", "1", "--debug", stdin="p secret\nc\n")
    assert done.returncode == 0, done.stderr
    assert "41" in done.stderr
    assert "\n  42\n" in done.stdout


def test_a_function_of_ones_own_is_made_and_passes(verb: Verb, tmp_path: Path) -> None:
    assert verb("new", "weather", cwd=tmp_path).returncode == 0
    done = verb("check", cwd=tmp_path / "weather")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_doctor_finds_no_fault_in_the_system(verb: Verb) -> None:
    done = verb("doctor")
    assert "Something went wrong" not in done.stderr
    assert "function" in done.stdout


@pytest.mark.slow
def test_a_lab_of_the_course_is_judged(verb: Verb, tmp_path: Path) -> None:
    for shelf in ("labs", "solutions"):
        shutil.copytree(ROOT / shelf / "03_s3_writes", tmp_path / "whole" / shelf / "03_s3_writes")
    done = verb("check", "3", "--solution", cwd=tmp_path / "whole")
    assert "11 of 11 checks passed" in done.stdout, done.stdout + done.stderr
