"""The hidden checks of lab 05: other readings, failures that are harder to see, and a closer look at the log."""

import json

import pytest

EVENT = {"station": "fish-market"}
READING = {"station": "fish-market", "time": "2026-07-01T12:00:00Z", "pm25": 3}
SECRET = "s3cret-of-this-check"


@pytest.mark.task(1, points=2)
def test_stores_each_reading_when_warm(function, bucket, http_api, aws):
    """stores each reading by itself when a warm function gets several"""
    filed = {
        "2026-12-31T23:30:00-05:00": "readings/fish-market/2027-01-01/043000Z.json",
        "2026-07-01T12:00:00Z": "readings/fish-market/2026-07-01/120000Z.json",
    }
    for pm25, (time, key) in enumerate(filed.items()):
        http_api.respond(json={**READING, "time": time, "pm25": pm25, "sensor": {"id": 7}})
        status, body = answer_of(function.invoke(EVENT))
        assert (status, body.get("key")) == (200, key)
        stored = aws.client("s3").get_object(Bucket=bucket, Key=key)
        assert json.loads(stored["Body"].read())["pm25"] == pm25, "0 is a good pm25, too."
        kind = stored["ContentType"].partition(";")[0]
        assert kind == "application/json", "The object should say that it is JSON, as in lab 03: ContentType."
    assert len(keys_in(bucket, aws)) == 2


@pytest.mark.task(2, points=2)
def test_refuses_what_is_hard_to_see(function, bucket, http_api, aws):
    """answers 400, input, for stations that are harder to see through"""
    http_api.respond(json=READING)
    for event in (None, "fish-market", {"station": None}, {"station": ""}, {"station": "fish-market\n"}):
        assert failure_of(function.invoke(event)) == (400, "input")
    assert (http_api.requests, keys_in(bucket, aws)) == ([], [])


@pytest.mark.task(2, points=2)
def test_names_other_wrong_variables(function, bucket, http_api):
    """answers 500, configuration, for other variables that are missing or wrong, and does not ask the API"""
    for name, value in {"API_URL": "", "API_KEY": None, "BUCKET_NAME": " ", "HTTP_TIMEOUT": "0"}.items():
        invocation = function.configure(environment={name: value}).invoke(EVENT)
        assert failure_of(invocation) == (500, "configuration"), f"{name} was {value!r}."
        assert name in answer_of(invocation)[1]["message"]
    invocation = function.configure(environment={"HTTP_TIMEOUT": "-1"}).invoke(EVENT)
    assert failure_of(invocation) == (500, "configuration"), "A timeout of -1 seconds is none."
    assert http_api.requests == []


@pytest.mark.task(2, points=1)
def test_takes_a_blank_timeout_for_none(function, bucket, http_api):
    """goes on when HTTP_TIMEOUT is blank, as if it were not set"""
    http_api.respond(json=READING)
    for blank in ("", "  "):
        invocation = function.configure(environment={"HTTP_TIMEOUT": blank}).invoke(EVENT)
        told = f"HTTP_TIMEOUT was {blank!r}. Blank counts as not set: wait 2 seconds."
        assert not invocation.error, told
        assert answer_of(invocation)[0] == 200, told


@pytest.mark.slow
@pytest.mark.task(3, points=2)
def test_waits_two_seconds_unless_told(function, bucket, http_api, aws):
    """answers 504 after 2 seconds without HTTP_TIMEOUT too, logs it at ERROR, and stores nothing"""
    function = function.configure(environment={"HTTP_TIMEOUT": None}, timeout=8)
    for _ in range(2):  # a busy machine may have kept the first one waiting
        http_api.reset()
        http_api.hang()
        invocation = function.invoke(EVENT)
        waited = max(http_api.waits, default=0)
        if waited < 2.9:
            break
    assert 1.5 < waited < 2.9, "HTTP_TIMEOUT was not set, and then counts as 2 seconds."
    assert failure_of(invocation) == (504, "timeout")
    assert errors_in(invocation), "The API said nothing, and no record at ERROR says so."
    assert len(http_api.requests) == 1, "Ask once, without a second try."
    assert keys_in(bucket, aws) == []


@pytest.mark.task(4, points=2)
def test_answers_other_errors_of_the_api(function, bucket, http_api, aws):
    """answers 502, http, to other errors of the API, asks once, logs it, and stores nothing"""
    for place, upstream in enumerate((400, 403, 429, 503), 1):
        http_api.respond(text="no", status=upstream)
        invocation = function.invoke(EVENT)
        assert failure_of(invocation) == (502, "http")
        assert answer_of(invocation)[1].get("upstream_status") == upstream
        assert errors_in(invocation), f"The API answered {upstream}, and no record at ERROR says so."
        assert len(http_api.requests) == place, "Ask once, without a second try."
    assert keys_in(bucket, aws) == []


USELESS = [
    "",
    "null",
    "12.4",
    '"fish-market"',
    json.dumps({**READING, "time": None}),
    json.dumps({**READING, "time": 1768433400}),
    json.dumps({**READING, "time": "noon"}),
    json.dumps({**READING, "pm25": None}),
    json.dumps({**READING, "pm25": True}),
    json.dumps({**READING, "pm25": -999}),
    json.dumps({"station": "fish-market", "time": "2026-07-01T12:00:00Z"}),
]


@pytest.mark.task(4, points=2)
def test_sees_what_is_no_reading(function, bucket, http_api, aws):
    """answers 502, parsing, to JSON that is no reading, logs it, and stores nothing"""
    for text in USELESS:
        http_api.respond(text=text, headers={"Content-Type": "application/json"})
        invocation = function.invoke(EVENT)
        assert failure_of(invocation) == (502, "parsing"), f"The API answered 200 with {text!r}"
        assert errors_in(invocation), f"The API answered 200 with {text!r}, and no record at ERROR says so."
    assert keys_in(bucket, aws) == []


@pytest.mark.task(5, points=2)
def test_answers_when_boto3_does_not_even_ask(function, bucket, http_api):
    """answers 500 when the bucket's name is one that boto3 does not send, and logs it"""
    http_api.respond(json=READING)
    invocation = function.configure(environment={"BUCKET_NAME": "no bucket/at all"}).invoke(EVENT)
    status, category = failure_of(invocation)
    assert status == 500
    assert category in ("s3", "configuration"), "boto3 raised an exception that is no ClientError."
    assert errors_in(invocation)


@pytest.mark.task(5, points=1)
def test_works_again_after_failures(function, bucket, http_api):
    """answers 200 once the API is well again"""
    http_api.garble()
    function.invoke(EVENT)
    http_api.respond(json=READING, status=500)
    function.invoke(EVENT)
    http_api.respond(json=READING)
    invocation = function.invoke(EVENT)
    assert answer_of(invocation)[0] == 200
    assert not errors_in(invocation)


@pytest.mark.task(5, points=1)
def test_keeps_the_key_to_itself_everywhere(function, bucket, http_api):
    """never shows the API's key: with a success, a wrong variable, or an address that is none"""
    http_api.respond(json=READING)
    for changed in ({}, {"HTTP_TIMEOUT": "soon"}, {"API_URL": "no-address"}, {"API_URL": f"{http_api.refuse()}/v1"}):
        invocation = function.configure(environment={"API_KEY": SECRET, **changed}).invoke(EVENT)
        shown = SECRET in invocation.log_text + json.dumps(invocation.payload)
        assert not shown, f"The answer or the log shows API_KEY, with {changed or 'a success'}."


# As in the public suite: the script runs where the function does; `write` is written after your handler's work.
RUN_SCRIPT = b"""
import os
import runpy

import boto3
import lambda_function

handler = lambda_function.lambda_handler


def run(event, context):
    def handle_and_write(given, context):
        answer = handler(given, context)
        boto3.client("s3").put_object(Bucket=os.environ["BUCKET_NAME"], Key=event["write"], Body=b"{}")
        return answer

    lambda_function.lambda_handler = handle_and_write
    try:
        runpy.run_path(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "nothing_written.py"), run_name="__main__")
    except SystemExit as end:
        return {"exit": end.code}
    return {"exit": 0}
"""


@pytest.mark.task(6, points=2)
def test_script_notices_any_object(function, bucket, aws):
    """nothing_written.py ends with an error whatever the key of the object is"""
    runner = function.configure(handler="run_script.run", files={"run_script.py": RUN_SCRIPT})
    for key in ("readings/storm-wall/2026-07-01/120000Z.json", "last-failure.json"):
        invocation = runner.invoke({"write": key})
        assert keys_in(bucket, aws) == [key]
        assert invocation.error or invocation.payload["exit"] not in (0, None), f"{key} was written: nobody noticed."
        aws.client("s3").delete_object(Bucket=bucket, Key=key)


def answer_of(invocation):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, "The function failed, and should have answered."
    assert isinstance(invocation.payload, dict), "The answer should be a dict with statusCode and body."
    body = json.loads(invocation.payload["body"])
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return invocation.payload.get("statusCode"), body


def failure_of(invocation):
    """Status code and category of a failure."""
    status, body = answer_of(invocation)
    assert isinstance(body.get("message"), str), "A failure's body should have `message`, a text for people."
    return status, body.get("error")


def errors_in(invocation):
    """The log's records at ERROR and above."""
    return [record for record in invocation.logs if record.level in ("ERROR", "CRITICAL")]


def keys_in(bucket, aws):
    """The keys of all objects in the bucket."""
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]
