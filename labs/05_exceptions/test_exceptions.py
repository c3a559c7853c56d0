"""The checks of lab 05. A real HTTP server stands in for the API: it is asked, refuses, fails and hangs for real."""

import json
from datetime import UTC, datetime

import pytest

EVENT = {"station": "north-quay"}
READING = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
KEY = "readings/north-quay/2026-01-14/233000Z.json"
SECRET = "s3cret-of-this-check"


# Task 1: Fetch a reading and store it


@pytest.mark.task(1, points=3)
def test_stores_the_reading(function, bucket, http_api, aws):
    """stores the reading that the API gives, and answers 200 with its key"""
    http_api.respond(json=READING)
    status, body = answer_of(function.invoke(EVENT))
    assert status == 200
    assert body.get("key") == KEY, "The answer's `key` should be the key that `store` gives back."
    assert keys_in(bucket, aws) == [KEY]
    stored = json.loads(aws.client("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read())
    assert (stored["station"], stored["pm25"]) == ("north-quay", 12.4)
    assert datetime.fromisoformat(stored["time"]) == datetime(2026, 1, 14, 23, 30, tzinfo=UTC)


@pytest.mark.task(1, points=2)
def test_asks_the_api_once(function, bucket, http_api):
    """asks the API once, with the key in the header X-Api-Key"""
    http_api.respond(json={**READING, "station": "fish-market"})
    function.configure(environment={"API_KEY": SECRET}).invoke({"station": "fish-market"})
    asked = [f"{request.method} {request.path}" for request in http_api.requests]
    assert asked == ["GET /readings/fish-market"], "Ask once, at API_URL, /readings/ and the event's station."
    request = http_api.requests[0]
    assert not request.query, "Nothing belongs behind a `?`, the key least of all: addresses end up in logs."
    assert request.headers.get("X-Api-Key") == SECRET, "The header X-Api-Key should hold the value of API_KEY."


# Task 2: Answer wrong input and a wrong configuration


@pytest.mark.task(2, points=2)
def test_refuses_wrong_input(function, bucket, http_api):
    """answers 400, input, when the event names no station, and does not ask the API"""
    for event in ({}, {"station": "North Quay"}, {"station": "../keys"}, {"station": 7}, ["north-quay"]):
        what = f"The event was {json.dumps(event)}, which names no station"
        look = "Look at it before you use it, `isinstance(station, str)` first, and answer 400, input."
        assert failure_of(function.invoke(event), what, look) == (400, "input"), what
    assert http_api.requests == [], "The API was asked for a station that is none. Look at the event first."


WRONG_VARIABLES = [
    ("API_URL", None, "API_URL was not set"),
    ("API_KEY", " ", "API_KEY was ' ' (blank counts as not set: .strip() shows it)"),
    ("BUCKET_NAME", None, "BUCKET_NAME was not set"),
    ("HTTP_TIMEOUT", "soon", "HTTP_TIMEOUT was 'soon'"),
    ("HTTP_TIMEOUT", "0", "HTTP_TIMEOUT was '0', which is not above 0"),
]


@pytest.mark.task(2, points=2)
def test_names_the_wrong_variable(function, bucket, http_api):
    """answers 500, configuration, and names the variable that is missing or wrong"""
    http_api.respond(json=READING)
    for name, value, what in WRONG_VARIABLES:
        invocation = function.configure(environment={name: value}).invoke(EVENT)
        look = "Look at the variables before you ask the API, and answer 500, configuration."
        assert failure_of(invocation, what, look) == (500, "configuration"), what
        message = answer_of(invocation)[1]["message"]
        assert name in message, f"{what}, and the answer's message does not name it."


# Task 3: Answer when the API does not


@pytest.mark.task(3, points=2)
def test_answers_when_nobody_is_there(function, bucket, http_api):
    """answers 502, connection, when nobody listens at API_URL"""
    invocation = function.configure(environment={"API_URL": http_api.refuse()}).invoke(EVENT)
    what = "Nobody listened at API_URL"
    assert failure_of(invocation, what) == (502, "connection"), what


@pytest.mark.slow
@pytest.mark.task(3, points=3)
def test_answers_when_the_api_says_nothing(function, bucket, http_api):
    """answers 504, timeout, when the API says nothing for HTTP_TIMEOUT seconds"""
    function = function.configure(environment={"HTTP_TIMEOUT": "0.3"}, timeout=2)
    http_api.respond(json=READING)
    function.invoke(EVENT)
    http_api.hang()
    invocation = function.invoke(EVENT)
    assert not invocation.timed_out, (
        "The API says nothing, and HTTP_TIMEOUT is 0.3. Give the request timeout=... with the seconds of HTTP_TIMEOUT: "
        "Lambda ended the function (this check gives it 2 seconds) while it still waited, and no except ran."
    )
    what = "The API took the request and said nothing"
    assert failure_of(invocation, what) == (504, "timeout"), what


# Task 4: Answer when the API's answer is of no use


@pytest.mark.task(4, points=2)
def test_answers_when_the_api_reports_an_error(function, bucket, http_api):
    """answers 502, http, with the API's own status when that is an error"""
    for upstream in (500, 404, 401):
        http_api.respond(json=READING, status=upstream)
        invocation = function.invoke(EVENT)
        what = f"The API answered {upstream} (requests complains of that only in raise_for_status)"
        assert failure_of(invocation, what) == (502, "http"), what
        assert answer_of(invocation)[1].get("upstream_status") == upstream, (
            "The body's `upstream_status` has to be the API's own status, as a number. (502, the answer's, is right.)"
        )


USELESS = [
    "<html><body>Back at noon</body></html>",
    '{"station": "north-quay", "pm25": 12.',
    json.dumps([READING]),
    json.dumps({"station": "north-quay", "pm25": 12.4}),
    json.dumps({**READING, "time": "2026-01-15T00:30:00"}),
    json.dumps({**READING, "pm25": "12.4"}),
]


@pytest.mark.task(4, points=3)
def test_answers_when_there_is_no_reading_in_it(function, bucket, http_api):
    """answers 502, parsing, when there is no reading in what the API answers"""
    for text in USELESS:
        http_api.respond(text=text)
        what = f"The API answered 200 with {text}, which is no reading"
        assert failure_of(function.invoke(EVENT), what) == (502, "parsing"), what


# Task 5: Answer when S3 refuses, and log every failure


@pytest.mark.task(5, points=2, provokes="NoSuchBucket")
def test_answers_when_s3_refuses(function, bucket, http_api, aws):
    """answers 500, s3, when S3 refuses to store the reading"""
    http_api.respond(json=READING)
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(EVENT)
    assert any(call.error for call in aws.calls), (
        "BUCKET_NAME named a bucket that does not exist. S3 would have refused, but it was not asked."
    )
    what, catch = "S3 refused to store the reading", "Catch ClientError and BotoCoreError around the call of store."
    assert failure_of(invocation, what, catch) == (500, "s3"), what


@pytest.mark.task(5, points=2, provokes="NoSuchBucket")
def test_logs_every_failure_at_error(function, bucket, http_api):
    """logs every failure at ERROR, and no success"""
    http_api.respond(json=READING)
    invocation = function.invoke(EVENT)
    assert not errors_in(invocation), "Nothing failed here, and yet a record at ERROR was logged."
    for what, invocation in fail_in_every_way(function, http_api):
        failure_of(invocation, what)
        assert errors_in(invocation), f"{what}, and no record at ERROR says so: logger.error or logger.exception."


@pytest.mark.task(5, points=1)
def test_keeps_the_key_to_itself(function, bucket, http_api):
    """never shows the API's key, in an answer or in the log"""
    for what, invocation in fail_in_every_way(function.configure(environment={"API_KEY": SECRET}), http_api):
        shown = SECRET in invocation.log_text or SECRET in json.dumps(invocation.payload)
        assert not shown, f"{what}, and the answer or the log shows API_KEY. It belongs into the header alone."
    assert http_api.requests, "The API was never asked. Task 1 does that."


@pytest.mark.task(5, points=1)
def test_stores_nothing_when_it_fails(function, bucket, http_api, aws):
    """stores nothing when it fails"""
    for what, _ in fail_at_the_api(function, http_api):
        assert keys_in(bucket, aws) == [], f"{what}, and yet something was written to the bucket."
    assert http_api.requests, "The API was never asked. Task 1 does that."


# Task 6: Prove that nothing is written when the API answers 500

# The script runs where the function does, as `./lab run 5 nothing_written.py` would run it. With `write` in the event,
# your handler does its work, and then an object of that key is written as well.
RUN_SCRIPT = b"""
import os
import runpy

import boto3
import lambda_function


def run(event, context):
    if event.get("write"):
        add_a_write(event["write"])
    try:
        runpy.run_path(os.path.join(os.environ["LAMBDA_TASK_ROOT"], event["script"]), run_name="__main__")
    except SystemExit as end:
        return {"exit": end.code}
    return {"exit": 0}


def add_a_write(key):
    handler = lambda_function.lambda_handler

    def handle_and_write(event, context):
        answer = handler(event, context)
        boto3.client("s3").put_object(Bucket=os.environ["BUCKET_NAME"], Key=key, Body=b"{}")
        return answer

    lambda_function.lambda_handler = handle_and_write
"""


@pytest.mark.task(6, points=2)
def test_script_passes_your_function(function, bucket, http_api, aws):
    """nothing_written.py meets the API's 500, and is content with your function"""
    invocation = run_script(function)
    assert not complains(invocation), (
        "nothing_written.py ended with an error, though the bucket is empty."
        if keys_in(bucket, aws) == []
        else "nothing_written.py ended with an error: your function wrote to the bucket."
    )
    asked = [request.path for request in http_api.requests]
    assert "/readings/storm-wall" in asked, "The script never called your handler with the station storm-wall."
    assert keys_in(bucket, aws) == [], "Your function wrote to the bucket, and nothing_written.py did not notice."


@pytest.mark.task(6, points=3, needs="test_script_passes_your_function")
def test_script_notices_what_is_written(function, bucket, http_api, aws):
    """nothing_written.py ends with an error when an object is written all the same"""
    invocation = run_script(function, write="errors/storm-wall.json")
    assert keys_in(bucket, aws) == ["errors/storm-wall.json"], "Call lambda_handler as it is in lambda_function.py."
    assert complains(invocation), (
        "errors/storm-wall.json was written to the bucket, and nothing_written.py did not notice. "
        "List all that lies in the bucket after the call, and raise an exception if that is anything."
    )


# What the checks look with


def answer_of(invocation):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, "The function failed, and should have answered."
    payload = invocation.payload
    assert isinstance(payload, dict), "The answer should be a dict with statusCode and body."
    assert isinstance(payload.get("body"), str), "The answer's body should be JSON text: json.dumps(...)."
    body = json.loads(payload["body"])
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return payload.get("statusCode"), body


def failure_of(invocation, what, cure="Catch it, and answer with a failure."):
    """Status code and category of a failure, which has the shape that all failures have; `cure` is for an exception."""
    assert not invocation.error, f"{what}, and an exception went on to Lambda. {cure}"
    status, body = answer_of(invocation)
    as_if_well = status == 200
    assert not as_if_well, f"{what}, and the function answered 200, as if nothing had happened."
    assert "error" in body, f"{what}: the answer's body should have `error`, the category."
    message = body.get("message")
    assert isinstance(message, str), f"{what}: the answer's body should have `message`, a text for people."
    assert message.strip(), f"{what}: the answer's `message` should say something."
    return status, body["error"]


def fail_in_every_way(function, http_api):
    """What went wrong, and what the function made of it: once for each kind of failure but the silent API."""
    yield "The event had no station", function.invoke({})
    yield from fail_at_the_api(function, http_api)
    http_api.respond(json=READING)
    yield "BUCKET_NAME was missing", function.configure(environment={"BUCKET_NAME": None}).invoke(EVENT)
    lost = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"})
    yield "S3 refused", lost.invoke(EVENT)
    unreachable = function.configure(environment={"API_URL": http_api.refuse()})
    yield "Nobody listened at API_URL", unreachable.invoke(EVENT)


def fail_at_the_api(function, http_api):
    """The same for what the API answers."""
    http_api.respond(json=READING, status=500)
    yield "The API answered 500", function.invoke(EVENT)
    http_api.garble()
    yield "The API's answer was cut off", function.invoke(EVENT)
    http_api.respond(json={**READING, "pm25": -999})
    yield "The API's answer held no good pm25", function.invoke(EVENT)


def errors_in(invocation):
    """The log's records at ERROR and above."""
    return [record for record in invocation.logs if record.level in ("ERROR", "CRITICAL")]


def keys_in(bucket, aws):
    """The keys of all objects in the bucket."""
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def run_script(function, **also):
    """nothing_written.py run beside the function, by RUN_SCRIPT."""
    runner = function.configure(handler="run_script.run", files={"run_script.py": RUN_SCRIPT})
    return runner.invoke({"script": "nothing_written.py", **also})


def complains(invocation):
    """Whether the script ended with an exception, or with an exit code that is not 0."""
    return bool(invocation.error) or invocation.payload["exit"] not in (0, None)
