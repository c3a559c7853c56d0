"""`lab invoke`: which event, and two events side by side. Its other tests are in test_verbs.py."""

import codecs
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

ECHO = "def lambda_handler(event, context):\n    return event\n"


@pytest.fixture
def lab(make_lab):
    made = make_lab(starter=ECHO)
    (made.folder / "events").mkdir()
    (made.folder / "events" / "first.json").write_text('{"station": "north-quay", "pm25": 12.4}\n')
    (made.folder / "events" / "second.json").write_text('{"station": "north-quay", "pm25": 99}\n')
    return made


def test_a_template_takes_the_place_of_an_event(lab, run) -> None:
    done = run("invoke", "1", "--template", "s3-put", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["payload"]["Records"][0]["eventName"] == "ObjectCreated:Put"
    shown = run("invoke", "1", "--template", "scheduler").stdout
    assert "event: the template scheduler" in shown
    assert '"source": "aws.scheduler"' in shown


def test_an_event_is_printed_to_be_saved_edited_and_sent(lab, run) -> None:
    printed = run("invoke", "1", "--template", "apigateway", "--print")
    assert (printed.returncode, printed.stderr) == (0, "")
    saved = lab.folder / "events" / "mine.json"
    saved.write_text(printed.stdout.replace("north-quay", "south-quay"))
    sent = json.loads(run("invoke", "1", "--event", "mine", "--json").stdout)["payload"]
    assert sent["queryStringParameters"]["station"] == "south-quay"
    assert run("invoke", "1", "--print").stdout == (lab.folder / "events" / "first.json").read_text()


def test_an_event_is_typed_as_it_is(lab, run) -> None:
    done = run("invoke", "1", "--event", '{"station": "fish-market"}', "--json")
    assert json.loads(done.stdout)["payload"] == {"station": "fish-market"}
    wrong = run("invoke", "1", "--event", "{'station': 1}")
    assert wrong.returncode == 2
    assert "the event on the command line is no event" in wrong.stderr


def test_two_events_and_what_differs_in_the_answers(lab, run) -> None:
    done = run("invoke", "1", "--event", "first", "--diff", "second")
    assert done.returncode == 0
    assert done.stdout.count("REPORT RequestId:") == 2
    _, _, difference = done.stdout.partition("Difference of the answers\n")
    assert difference.splitlines()[2:] == [
        "    {",
        '      "station": "north-quay",',
        '  -   "pm25": 12.4',
        '  +   "pm25": 99',
        "    }",
    ]
    document = json.loads(run("invoke", "1", "--diff", "second", "--json").stdout)
    assert [one["payload"]["pm25"] for one in document["invocations"]] == [12.4, 99]
    assert document["difference"][2:4] == ['-   "pm25": 12.4', '+   "pm25": 99']


def test_each_of_two_events_meets_a_fresh_world(make_lab, run) -> None:
    make_lab(starter="import boto3\ns3 = boto3.client('s3')\nseen = []\ndef lambda_handler(event, context):\n"
             "    seen.append(1)\n    s3.create_bucket(Bucket='quay-readings')\n"
             "    return [len(seen), len(s3.list_buckets()['Buckets'])]\n")  # fmt: skip
    done = run("invoke", "1", "--diff", "-", "--json", stdin="{}")
    document = json.loads(done.stdout)
    assert [one["payload"] for one in document["invocations"]] == [[1, 1], [1, 1]]
    assert [len(one["calls"]) for one in document["invocations"]] == [2, 2]
    assert document["difference"] == []


def test_a_failure_of_either_is_one_of_the_command(make_lab, run) -> None:
    make_lab(starter="def lambda_handler(event, context):\n    return 1 / event\n")
    for events in (("0", "1"), ("1", "0")):
        done = run("invoke", "1", "--event", "-", "--diff", "-", stdin=events[0])
        assert done.returncode == 2  # standard input holds one event
    done = run("invoke", "1", "--template", "scheduler", "--diff", "-", stdin="1")
    assert done.returncode == 1
    assert "TypeError" in done.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_an_event_in_any_encoding_of_unicode_is_read(lab, run, encoding: str) -> None:
    (lab.folder / "events" / "third.json").write_bytes('{"station": "Hafen Süd"}'.encode(encoding))
    done = run("invoke", "1", "--event", "third", "--json")
    assert json.loads(done.stdout)["payload"] == {"station": "Hafen Süd"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe\x00", "is no text in UTF-8"),
        ('{"station": "S\u00fcd"}'.encode("cp1252"), "is no text in UTF-8: invalid start byte at byte 14."),
        (codecs.BOM_UTF8, "Could not parse request body into json"),
    ],
)
def test_an_event_that_cannot_be_read_is_told(lab, run, content: bytes, words: str) -> None:
    (lab.folder / "events" / "third.json").write_bytes(content)
    done = run("invoke", "1", "--event", "third")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_event_and_a_template_are_one_too_many(lab, run) -> None:
    done = run("invoke", "1", "--event", "first", "--template", "scheduler")
    assert done.returncode == 2
    assert "--diff" in done.stderr


@pytest.fixture
def watching(lab) -> Iterator[subprocess.Popen[str]]:
    """`lab invoke 1 --watch`, its words on stdout."""
    command = [sys.executable, "-m", "workbook", "invoke", "1", "--watch", "--event", "first"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "encoding": "utf-8"}
    with subprocess.Popen(command, cwd=lab.root, env={**os.environ, "PYTHONUNBUFFERED": "1"}, **streams) as process:
        yield process
        process.kill()


def read_round(process: subprocess.Popen[str]) -> str:
    """What it says up to where it waits for a save."""
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Waiting for a save"):
            return said
    raise AssertionError(said)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal there alone")
def test_each_save_invokes_again_until_it_is_ended(lab, watching) -> None:
    assert '"pm25": 12.4' in read_round(watching)
    (lab.folder / "events" / "first.json").write_text('{"pm25": 55}')
    assert '"pm25": 55' in read_round(watching)
    (lab.folder / "lambda_function.py").write_text("def lambda_handler(event, context:\n")
    assert "Runtime.UserCodeSyntaxError" in read_round(watching)
    (lab.folder / "events" / "first.json").write_text("{")
    assert "is no event" in read_round(watching)
    manifest = lab.folder / "lab.toml"
    whole = manifest.read_text()
    manifest.write_text("")
    (lab.folder / "events" / "first.json").write_text("{}")
    assert "lab.toml: [function] handler: is missing" in read_round(watching)
    (lab.folder / "lambda_function.py").write_text("def lambda_handler(event, context):\n    return 'mended'\n")
    manifest.write_text(whole)
    said = read_round(watching)
    while '"mended"' not in said:  # two saves may be two rounds
        said = read_round(watching)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(30) == 0
    assert "Traceback" not in watching.stdout.read()


@pytest.mark.parametrize("other", [["--json"], ["--debug"], ["--solution"], ["--print"], ["--event", "-"]])
def test_watching_goes_with_the_labs_own_code_and_files(lab, run, other: list[str]) -> None:
    done = run("invoke", "1", "--watch", *other)
    assert done.returncode == 2
    assert "--watch goes with" in done.stderr
