"""Every other verb, and what holds for all of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.cli.app import VERBS

HEAVY = ("boto3", "botocore", "moto", "pytest", "rich", "flask", "requests", "werkzeug")


@pytest.mark.parametrize("arguments", [["list"], ["--help"], [], ["--version"], *([verb, "--help"] for verb in VERBS)])
def test_light_verbs_import_nothing_heavy(make_lab, tmp_path: Path, arguments) -> None:
    make_lab()
    program = (
        "import sys\nsys.argv = ['lab', *sys.argv[1:]]\nfrom workbook.cli import main\n"
        f"try:\n    main()\nfinally:\n    print('LOADED', [n for n in sys.modules if n.split('.')[0] in {HEAVY!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=tmp_path / "course", capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().endswith("LOADED []")


def test_lab_alone_says_where_one_is_and_what_is_next(make_lab, run) -> None:
    make_lab()
    done = run()
    assert done.returncode == 0
    assert "0 of 1 lab done" in done.stdout
    assert "Next: lab 1, Greeting. Read labs/01_greeting/README.md, then ./lab check 1" in done.stdout


def test_every_verb_has_help_within_80_columns(make_lab, run) -> None:
    make_lab()
    for verb in VERBS:
        done = run(verb, "--help")
        assert done.returncode == 0
        assert max(map(len, done.stdout.splitlines())) <= 80


def test_no_course_says_what_to_type(tmp_path, run) -> None:
    done = run("--course", str(tmp_path), "list", cwd=tmp_path)
    assert done.returncode == 2
    assert "lab --course FOLDER list" in done.stderr


def test_the_course_may_come_from_the_environment(make_lab, run, tmp_path) -> None:
    lab = make_lab()
    done = run("list", cwd=tmp_path, WORKBOOK_COURSE=str(lab.folder.parents[1]))
    assert "Greeting" in done.stdout


def test_invoke_shows_answer_log_and_calls(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder / "events").mkdir()
    (lab.folder / "events" / "valid.json").write_text('{"station": "north-quay"}')
    done = run("invoke", "1", "--solution")
    assert done.returncode == 0
    assert "Executing function: succeeded" in done.stdout
    assert '"greeting": "hello north-quay"' in done.stdout
    assert "REPORT RequestId:" in done.stdout


def test_invoke_json_has_the_console_contract(make_lab, run) -> None:
    make_lab(starter="import boto3, os\ns3 = boto3.client('s3')\ndef lambda_handler(event, _):\n    print(event)\n"
             "    s3.create_bucket(Bucket=os.environ['NAME'])\n    raise ValueError('no')\n")  # fmt: skip
    done = run("invoke", "1", "--event", "-", "--env", "NAME=quay-1", "--json", stdin='{"a": 1}')
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(document) == ["status_code", "payload", "function_error", "log", "report", "calls", "policy_fault"]
    assert (document["status_code"], document["function_error"]) == (200, "Unhandled")
    assert set(document["payload"]) == {"errorMessage", "errorType", "requestId", "stackTrace"}
    assert document["payload"]["errorType"] == "ValueError"
    assert "{'a': 1}" in document["log"]
    assert document["calls"][0]["operation"] == "CreateBucket"
    assert document["calls"][0]["parameters"]["Bucket"] == "quay-1"
    assert document["report"]["cold"] is True


def test_invoke_names_a_policy_that_aws_would_not_take_in_place_of_what_it_refused(make_lab, run) -> None:
    starter = "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(event, _):\n    s3.list_buckets()\n"
    lab = make_lab(
        starter=starter, top='files = ["lambda_function.py", "policy.json"]', function='policy = "policy.json"'
    )
    (lab.folder / "policy.json").write_text('{"Version": "2012-10-17",}')
    told = " ".join(run("invoke", "1").stdout.split())
    assert "AWS would not take this policy, so the role may do nothing. policy.json: It is no JSON" in told
    assert "allow this action" not in told


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (["--event", "-"], "{'a': 1}", "Could not parse request body into json"),
        (["--event", "-"], "[NaN]", "NaN is not JSON"),
        (["--event", "nothing"], "", "There is no event 'nothing'"),
        (["--env", "AWS_REGION=eu-north-1"], "", "AWS_REGION is reserved"),
        (["--env", "NAME"], "", "write NAME=VALUE"),
    ],
)
def test_invoke_refuses_what_lambda_would_refuse(make_lab, run, arguments, stdin, words) -> None:
    make_lab()
    done = run("invoke", "1", *arguments, stdin=stdin)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_invoke_debug_stops_at_a_breakpoint(make_lab, run) -> None:
    make_lab(starter="def lambda_handler(event, context):\n    secret = 41\n    breakpoint()\n    return secret + 1\n")
    done = run("invoke", "1", "--debug", stdin="p secret\nc\n")
    assert "no isolation" in done.stderr
    assert "41" in done.stdout + done.stderr
    assert "42" in done.stdout
    assert done.returncode == 0


def test_run_gives_a_script_the_labs_world_and_passes_on_its_exit_code(make_lab, run, tmp_path) -> None:
    lab = make_lab(
        function='[function.environment]\nBUCKET_NAME = "quay-readings"\n[cloud]\nbuckets = ["quay-readings"]'
    )
    script = tmp_path / "mine.py"
    script.write_text(
        "import os, sys, boto3, lambda_function\n"
        "print(boto3.client('s3').list_buckets()['Buckets'][0]['Name'], os.environ['BUCKET_NAME'], sys.argv[1:])\n"
        "print(lambda_function.lambda_handler({}, None))\nsys.exit(7)\n"
    )
    done = run("run", "1", str(script), "--flag", "x", AWS_PROFILE="real", AWS_ACCESS_KEY_ID="AKIAREALKEY")
    assert done.returncode == 7, done.stderr
    assert done.stdout.splitlines()[0] == "quay-readings quay-readings ['--flag', 'x']"
    assert done.stderr.splitlines()[-1] == f"{script} ended with exit code 7"
    assert not list(lab.folder.rglob("__pycache__"))


def test_run_finds_the_labs_function_where_the_lab_has_lambda(make_lab, run, tmp_path) -> None:
    lab = make_lab(function='name = "harbour-collector"')
    manifest = lab.folder / "lab.toml"
    manifest.write_text(manifest.read_text().replace('["s3"]', '["lambda"]'))
    script = tmp_path / "mine.py"
    script.write_text("import boto3\nprint(boto3.client('lambda').get_function(FunctionName='harbour-collector'))\n")
    done = run("run", "1", str(script))
    assert done.returncode == 0, done.stderr
    assert "function:harbour-collector" in done.stdout


def test_run_without_the_script_says_so(make_lab, run) -> None:
    make_lab()
    done = run("run", "1", "nothing.py")
    assert done.returncode == 2
    assert "nothing.py is not there" in done.stderr


def test_setup_says_what_is_installed(make_lab, run) -> None:
    make_lab()
    done = run("setup")
    assert done.returncode == 0
    assert done.stdout.startswith("Python 3.")


def test_an_unforeseen_error_names_a_file_to_send(make_lab, run, tmp_path) -> None:
    make_lab()
    breaker = tmp_path / "breaker"
    breaker.mkdir()
    (breaker / "sitecustomize.py").write_text(
        "import workbook.course.labs as labs\ndef locate(*a, **k):\n    raise RuntimeError('boom')\n"
        "labs.Course.locate = locate\n"
    )
    done = run("list", PYTHONPATH=str(breaker), TMPDIR=str(tmp_path))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    [report] = tmp_path.glob("workbook-error-*.txt")
    assert str(report) in done.stderr
    assert "boom" in report.read_text()
