"""`lab invoke`: which event, and two events side by side. Its other tests are in test_verbs.py."""

import codecs
import json

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
