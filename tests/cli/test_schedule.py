"""`lab schedule`: an expression explained, listed, drawn and simulated."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbook.cli import schedule as verb
from workbook.cli.app import lab as cli
from workbook.cloud.gateway import MAX_CALLS
from workbook.reports.schedule import Progress

KEYS = ["expression", "service", "valid", "kind", "description", "warnings", "firings", "error"]
NOON = "cron(0 12 * * ? *)"
AFTER = ("--after", "2026-01-05")
STORING = """
import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    s3.put_object(Bucket="readings-of-quay", Key=event["time"], Body="12.4")
    return {"statusCode": 200}
"""
ASKING = """
import os
from urllib.request import urlopen


def lambda_handler(event, context):
    return urlopen(os.environ["API_URL"], timeout=30).status
"""
BUCKET = '\n[cloud]\nbuckets = ["readings-of-quay"]'
FAILING = """
calls = 0


def lambda_handler(event, context):
    global calls
    calls += 1
    if calls < 5:
        raise ValueError("detail" + chr(27))
    return {"statusCode": 500}
"""


@pytest.fixture
def schedule(make_lab, run):
    """Runs `lab schedule ARGUMENTS` in a course whose one lab has this code."""

    def call(*arguments, code=FAILING, function="", **variables):
        make_lab(starter=code, solution="def lambda_handler(event, context):\n    return 1\n", function=function)
        return run("schedule", *arguments, **variables)

    return call


def test_a_valid_expression_is_said_in_words_listed_and_drawn(schedule):
    done = schedule("cron(0 9 ? * MON-FRI *)", "--count", "2", *AFTER, "--timezone", "Europe/Oslo")
    assert (done.returncode, done.stderr) == (0, "")
    assert "at 09:00 UTC, Monday to Friday" in done.stdout
    assert "A rule reads its expression in UTC" in done.stdout
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["Mon", "2026-01-05", "09:00", "Mon", "2026-01-05", "10:00", "+01:00"] in lines
    assert ["Tue", "2026-01-06", "09:00", "Tue", "2026-01-06", "10:00", "+01:00"] in lines
    assert done.stdout.count("09:00 ") == 3
    assert "January 2026" in done.stdout
    assert "[ 5]" in done.stdout


def test_scheduler_reads_the_zone_and_follows_its_clock(schedule):
    done = schedule(
        "cron(30 2 * * ? *)", "--service", "scheduler", "--timezone", "America/Los_Angeles", "--after", "2026-03-07",
        "--count", "2", "--json",
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert document["description"] == "at 02:30 America/Los_Angeles, every day"
    assert document["firings"] == [
        {"utc": "2026-03-07T10:30:00Z", "local": "2026-03-07T02:30:00-08:00"},
        {"utc": "2026-03-09T09:30:00Z", "local": "2026-03-09T02:30:00-07:00"},
    ]


def test_scheduler_without_a_zone_reads_utc_wherever_the_computer_stands(schedule):
    done = schedule(NOON, "--service", "scheduler", "--count", "1", *AFTER, "--json", TZ="America/New_York")
    (firing,) = json.loads(done.stdout)["firings"]
    assert firing["utc"] == "2026-01-05T12:00:00Z"
    if sys.platform != "win32":
        assert firing["local"] == "2026-01-05T07:00:00-05:00"


def test_json_is_one_document_of_the_contract(schedule):
    done = schedule("rate(1 day)", *AFTER, "--json")
    document = json.loads(done.stdout)
    assert list(document) == KEYS
    assert (document["valid"], document["kind"], document["service"], document["error"]) == (
        True,
        "rate",
        "rules",
        None,
    )
    assert len(document["firings"]) == 5
    assert document["firings"][0]["utc"] == "2026-01-06T00:00:00Z"
    assert "creation" in document["warnings"][0]


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (["rate(5 minute)"], "unit"),
        (["0 12 * * 1-5"], "expression"),
        (["cron(0 12 * * * *)"], "day of week"),
        (["at(2026-01-01T00:00)", "--service", "scheduler", "--timezone", "Europe/Oslo"], "date"),
    ],
)
def test_a_refusal_names_the_field_and_a_command_that_works(schedule, run, arguments, field):
    done = schedule(*arguments)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"The {field}: " in done.stdout
    assert "AWS would answer: ValidationException:" in done.stdout
    _, *pasted = shlex.split(done.stdout.partition("Try: ")[2].splitlines()[0])
    assert run(*pasted).returncode == 0
    assert pasted[2:] == arguments[1:]


def test_a_refusal_in_json(schedule):
    done = schedule("rate(5 minute)", "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(document) == KEYS
    assert (document["valid"], document["firings"]) == (False, [])
    assert list(document["error"]) == ["field", "problem", "aws", "suggestion"]
    assert document["error"]["aws"] == "Parameter ScheduleExpression is not valid."
    assert document["error"]["suggestion"] == "rate(5 minutes)"


def test_valid_but_never_again_is_a_warning(schedule):
    done = schedule("cron(0 0 1 1 ? 2020)")
    assert done.returncode == 0
    assert "never fires again" in done.stdout
    assert "Next firings" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "double quotes"),
        (["0", "12", "*", "*", "*"], "double quotes"),
        ([NOON, "--after", "yesterday"], "'yesterday' is no time"),
        ([NOON, "--after", "2026-13-01"], "is no time"),
        ([NOON, "--after", "0001-01-01T00:00+14:00"], "is no time"),
        ([NOON, "--after", "1969-12-31"], "1970 to 2199"),
        ([NOON, "--after", "2200-01-01"], "1970 to 2199"),
        ([NOON, "--timezone", "Oslo"], "Did you mean Europe/Oslo?"),
        ([NOON, "--timezone", "../../etc/passwd"], "is no IANA zone"),
        ([NOON, "--count", "0"], "--count"),
        ([NOON, "--count", "10001"], "--count"),
        ([NOON, "--service", "cron"], "--service"),
        ([NOON, "--until", "2030-01-01"], "go with --simulate"),
        ([NOON, "--simulate", "1", "--until", "2020-01-01"], "is not later than"),
        ([NOON, "--unplugged", "2026-01-05", "2026-01-06"], "go with --simulate"),
        ([NOON, "--simulate", "1", "--unplugged", "2026-01-05", "2026-01-05"], "is not later than"),
        ([NOON, "--simulate", "1", "--unplugged", "2026-01-05", "soon"], "'soon' is no time"),
        ([NOON, "--simulate", "1", "--code", ".", "--solution"], "give one"),
        ([NOON, "--simulate", "7"], "7"),
    ],
)
def test_wrong_usage_is_said_in_a_sentence(schedule, arguments, said):
    done = schedule(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\x1b[31m", "ra\u202ete(1 day)", "rate(٥ minutes)", "cron(*/0 * * * ? *)", f"cron({'9' * 5000})"],
)
def test_odd_expressions_are_refused_in_harmless_words(schedule, text):
    done = schedule(text, "--service", "scheduler")
    assert done.returncode == 1
    assert "refused" in done.stdout
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("beyond", [timedelta(0), timedelta(hours=2)])
def test_a_firing_at_the_calendars_end_has_no_traceback(schedule, beyond):
    span = datetime(9999, 12, 31, 23) - datetime(2026, 1, 5) + beyond
    expression = f"rate({span // timedelta(minutes=1)} minutes)"
    done = schedule(expression, "--timezone", "Pacific/Kiritimati", "--service", "scheduler", *AFTER)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("9999-12-31 23:00" in done.stdout) is not bool(beyond)


@pytest.mark.parametrize("arguments", [[NOON], ["rate(5 minute)"], [NOON, "--json"]])
def test_no_cloud_is_loaded_to_explain_an_expression(make_lab, tmp_path, arguments):
    make_lab()
    program = (
        "import sys\nsys.argv = ['lab', *sys.argv[1:]]\nfrom workbook.cli import main\n"
        "heavy = ('boto3', 'botocore', 'moto', 'pytest', 'flask', 'awslambdaric')\n"
        "try:\n    main()\nfinally:\n    print('LOADED', [n for n in sys.modules if n.split('.')[0] in heavy])"
    )
    command = [sys.executable, "-c", program, "schedule", *arguments]
    done = subprocess.run(command, cwd=tmp_path / "course", capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("LOADED []")


def test_a_simulation_stores_in_the_cloud_at_each_virtual_time(schedule):
    done = schedule("cron(0 * * * ? *)", "--simulate", "1", "--count", "3", *AFTER, code=STORING, function=BUCKET)
    assert done.returncode == 0
    assert "Mon 2026-01-05 01:00  succeeded\n" in done.stdout
    assert 's3.PutObject(Bucket="readings-of-quay", Key="2026-01-05T03:00:00Z"' in done.stdout
    assert "3 firings: 3 succeeded, 0 lost" in done.stdout
    assert "readings-of-quay: 3 objects\n  2026-01-05T01:00:00Z" in done.stdout


def test_retries_losses_and_unseen_statuses_are_told(schedule):
    done = schedule("rate(1 hour)", "--simulate", "greeting", "--count", "3", *AFTER)
    assert done.returncode == 1
    shown = done.stdout
    assert "\x1b" not in shown
    assert "Mon 2026-01-05 01:00  lost\n    01:00:00  ValueError: detail\\x1b\n    01:01:00  ValueError" in shown
    assert "    01:03:00  ValueError: detail\\x1b\n              then to the failure destination" in shown
    assert "Mon 2026-01-05 02:00  retried\n    02:00:00  ValueError: detail\\x1b\n    02:01:00  succeeded\n" in shown
    assert "returned statusCode 500: success for Lambda; nobody sees this return value" in shown
    assert "3 firings: 2 succeeded (1 after a retry), 1 lost\n2 of the successes returned" in shown


def test_the_api_is_out_of_reach_between_the_times_given(make_lab, run):
    lab = make_lab(starter=ASKING, function='\n[api]\nresponses = "api.json"')
    (lab.folder / "api.json").write_text('{"GET /": {"json": 1}}')
    unplugged = ("--unplugged", "2026-01-05T01:03", "2026-01-05T03:02")
    done = run("schedule", "rate(1 hour)", "--simulate", "1", "--count", "4", *AFTER, *unplugged, "--json")
    firings = json.loads(done.stdout)["simulation"]["firings"]
    assert done.returncode == 1
    assert [(firing["outcome"], len(firing["attempts"])) for firing in firings] == [
        ("succeeded", 1), ("lost", 3), ("retried", 3), ("succeeded", 1)
    ]  # fmt: skip


def test_a_lab_without_an_api_cannot_be_unplugged(schedule):
    done = schedule("rate(1 hour)", "--simulate", "1", "--unplugged", "2026-01-05", "2026-01-06")
    assert (done.returncode, "01_greeting has no HTTP API" in done.stderr) == (2, True)


def test_a_simulation_in_json(schedule):
    done = schedule("rate(1 hour)", "--simulate", "1", "--until", "2026-01-05T03:30+01:00", *AFTER, "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, list(document)) == (1, [*KEYS, "simulation"])
    simulation = document["simulation"]
    assert simulation["lab"] == "01_greeting"
    assert simulation["source"] == "arn:aws:events:us-east-1:123456789012:rule/greeting-schedule"
    assert [firing["outcome"] for firing in simulation["firings"]] == ["lost", "retried"]
    assert [attempt["time"] for attempt in simulation["firings"][0]["attempts"]] == [
        "2026-01-05T01:00:00Z", "2026-01-05T01:01:00Z", "2026-01-05T01:03:00Z"
    ]  # fmt: skip
    assert simulation["firings"][1]["unseen_status"] == 500
    assert simulation["summary"] == {
        "firings": 2, "succeeded": 0, "retried": 1, "lost": 1, "unseen": 1, "objects": {}, "stopped": None
    }  # fmt: skip


def test_a_simulation_has_24_firings_unless_told_and_takes_other_code(schedule, tmp_path):
    other = tmp_path / "other.py"
    other.write_text("def lambda_handler(event, context):\n    return event['source']\n")
    done = schedule("rate(1 hour)", "--simulate", "1", "--code", str(other), "--service", "scheduler")
    assert "24 firings: 24 succeeded, 0 lost" in done.stdout
    assert done.returncode == 0


def test_a_simulation_takes_the_solution(schedule):
    assert schedule("rate(1 hour)", "--simulate", "1", "--solution", "--count", "2").returncode == 0


def test_firings_alike_are_counted_where_there_are_many(schedule):
    done = schedule("rate(1 hour)", "--simulate", "1", "--count", "60", *AFTER)
    printed = re.findall(r"^Mon 2026-01-05 (\d\d:00)  (\w+)$", done.stdout, re.MULTILINE)
    assert printed == [("01:00", "lost"), ("02:00", "retried"), *((f"0{hour}:00", "succeeded") for hour in (3, 4, 5))]
    assert "... and 55 more like this, the last Wed 2026-01-07 12:00\n" in done.stdout
    assert "60 firings: 59 succeeded (1 after a retry), 1 lost" in done.stdout


def test_a_simulation_without_a_number_is_capped_and_says_so(make_lab, monkeypatch):
    lab = make_lab(starter="def lambda_handler(event, context):\n    pass\n")
    monkeypatch.setattr(verb, "MOST", 3)
    arguments = ["--course", str(lab.folder.parents[1]), "schedule", "rate(1 hour)", "--simulate", "1", *AFTER]
    done = CliRunner().invoke(cli, [*arguments, "--until", "2027-01-01"])
    assert "Only the first 3 firings are simulated, up to 2026-01-05 03:00 UTC." in done.stderr
    assert "3 firings: 3 succeeded" in done.stdout
    exact = CliRunner().invoke(cli, [*arguments, "--until", "2026-01-05T03:00"])
    assert ("Only" in exact.stderr, "3 firings: 3 succeeded" in exact.stdout) == (False, True)


def test_a_simulation_ends_before_the_local_cloud_refuses_calls(make_lab, monkeypatch):
    lab = make_lab(starter=STORING, function=BUCKET)
    monkeypatch.setattr(verb, "MOST_CALLS", 2)
    arguments = ["--course", str(lab.folder.parents[1]), "schedule", "rate(1 hour)", "--simulate", "1", *AFTER]
    done = CliRunner().invoke(cli, arguments)
    said = " ".join(done.stdout.split())
    assert "Stopped before the end: 2 calls are the most that the local cloud takes in one simulation." in said
    assert "3 firings: 3 succeeded, 0 lost" in done.stdout


def test_the_calls_that_a_simulation_may_make_are_fewer_than_the_local_cloud_takes():
    assert verb.MOST_CALLS < MAX_CALLS


def test_what_never_fires_is_simulated_as_nothing(schedule):
    done = schedule("cron(0 0 1 1 ? 2020)", "--simulate", "1")
    assert done.returncode == 0
    assert "It does not fire in that time." in done.stdout
    assert "0 firings: 0 succeeded, 0 lost" in done.stdout


def test_code_that_cannot_be_taken_in_is_said(schedule):
    done = schedule(NOON, "--simulate", "1", "--code", "nowhere")
    assert done.returncode == 1
    assert "nowhere does not exist" in done.stderr


def test_a_wrong_expression_is_refused_before_anything_runs(schedule):
    done = schedule("rate(5 minute)", "--simulate", "1")
    assert done.returncode == 1
    assert "Simulation" not in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT")
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_an_interrupt_prints_what_there_is_so_far(make_lab, tmp_path: Path, options):
    third = tmp_path / "third"
    os.mkfifo(third)
    make_lab(
        starter="def lambda_handler(event, context):\n"
        f"    if event['time'] >= '2026-01-05T03': open({str(third)!r}, 'rb').read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "workbook", "schedule", "rate(1 hour)", *AFTER, "--simulate", "1", *options],
        cwd=tmp_path / "course", stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with third.open("wb"):  # waits for the third firing to open its end
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.endswith("\nStopped.\n")
    if options:
        summary = json.loads(shown)["simulation"]["summary"]
        assert (summary["succeeded"], summary["stopped"]) == (2, "you stopped it")
    else:
        assert "Stopped before the end: you stopped it." in shown
        assert ": 2 succeeded, " in shown


def test_progress_is_said_after_two_seconds_and_then_ever_more_rarely():
    said, now = [], [0.0]
    progress = Progress(100, clock=lambda: now[0], write=said.append)
    for done in range(1, 101):
        now[0] += 1.0
        progress.advance(done)
    assert said[0] == "3 of 100 firings, about 0:01:37 to go"
    assert [int(line.split()[0]) for line in said] == [3, 5, 9, 17, 33, 65]


@pytest.mark.parametrize("pace", [0.1, 5.0])
def test_progress_says_nothing_of_a_short_simulation_nor_of_its_end(pace):
    said, now = [], [0.0]
    progress = Progress(2, clock=lambda: now[0], write=said.append)
    for done in (1, 2):
        now[0] += pace
        progress.advance(done)
    assert said == []
