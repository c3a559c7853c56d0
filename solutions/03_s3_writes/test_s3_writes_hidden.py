"""The hidden checks of lab 03: other readings, and wrong ones that are harder to see."""

import json
from datetime import datetime

import pytest

READING = {"station": "fish-market", "time": "2026-07-01T12:00:00Z", "pm25": 3}

FILED = {
    "2026-12-31T23:30:00-05:00": "readings/fish-market/2027-01-01/043000Z.json",
    "2026-03-01T00:15:09+05:45": "readings/fish-market/2026-02-28/183009Z.json",
    "2026-03-05T04:05:06Z": "readings/fish-market/2026-03-05/040506Z.json",
}

HARD_TO_SEE = {
    "time": [None, "", "2026-07-01", "12:00:00Z", "2026-02-30T12:00:00Z"],
    "station": [None, "", "fish-market\n", "fisch-märkt", "fish_market", ["fish-market"]],
    "pm25": [None, False, -0.1, [3], {}],
}


@pytest.mark.task(2, points=3)
def test_files_each_reading_under_its_day_in_utc(function, bucket, aws):
    """files readings from New York, Kathmandu and Greenwich under their days in UTC"""
    for time, key in FILED.items():
        status, body = answer_of(function.invoke({**READING, "time": time}))
        assert (status, body.get("key")) == (200, key), f"{time} belongs under {key}."
        assert key in objects_in(bucket, aws), f"{time} belongs under {key}, and is not there."


@pytest.mark.task(3, points=2)
def test_keeps_readings_apart(function, bucket, aws):
    """stores each reading by itself when a warm function gets several"""
    readings = [{**READING, "pm25": place, "time": time} for place, time in enumerate(FILED, 1)]
    for reading in readings:
        answer_of(function.invoke(reading))
    stored = [json.loads(content) for content in objects_in(bucket, aws).values()]
    assert sorted(found["pm25"] for found in stored) == [1, 2, 3], "Three readings came. Is one object left of each?"
    for found in stored:
        sent = readings[found["pm25"] - 1]["time"]
        time = datetime.fromisoformat(found["time"])
        same = time.tzinfo and not time.utcoffset() and time == datetime.fromisoformat(sent)
        assert same, f"{sent} was stored as {found['time']}, which is not the same moment in UTC."


@pytest.mark.task(3, points=2)
def test_stores_a_zero_and_ignores_other_keys(function, bucket, aws):
    """stores a reading of 0 that carries other keys as well"""
    status, _ = answer_of(function.invoke({**READING, "pm25": 0, "sensor": {"id": 7}}))
    assert status == 200, "0 is a good reading, and other keys in the event are ignored."
    contents = objects_in(bucket, aws).values()
    assert [json.loads(content)["pm25"] for content in contents] == [0]


@pytest.mark.task(4, points=2)
def test_refuses_what_is_hard_to_see(function, bucket, aws):
    """answers 400 for wrong values that are harder to see, and stores nothing"""
    for name, values in HARD_TO_SEE.items():
        for value in values:
            status, body = answer_of(function.invoke({**READING, name: value}))
            assert (status, body.get("problems")) == (400, [name]), f"{name} = {value!r} is wrong."
    assert objects_in(bucket, aws) == {}, "A refused reading was stored."


@pytest.mark.task(4, points=1)
def test_refuses_an_event_that_is_no_object(function, bucket):
    """answers 400 and names the event when it is no object"""
    for event in ([READING], "fish-market", 7, None):
        status, body = answer_of(function.invoke(event))
        assert (status, body.get("problems")) == (400, ["event"]), "This event is no object."


def answer_of(invocation):
    """The answer's status code and its body, which is JSON written as text."""
    assert not invocation.error, "The function failed, and should have answered."
    assert isinstance(invocation.payload, dict), "The answer should be a dict with statusCode and body."
    body = json.loads(invocation.payload["body"])
    assert isinstance(body, dict), "The answer's body should be a JSON object."
    return invocation.payload.get("statusCode"), body


def objects_in(bucket, aws):
    """Every object in the bucket: its key and its content."""
    s3 = aws.client("s3")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}
