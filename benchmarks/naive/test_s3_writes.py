"""Lab 03's sixteen checks, public and hidden, as plain tests of the handler in their own process."""

import json
import os
from datetime import UTC, datetime

from boto3.exceptions import Boto3Error
from botocore.exceptions import ClientError

OSLO = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
NOON = {"station": "fish-market", "time": "2026-07-01T12:00:00Z", "pm25": 3}
KEY = "readings/north-quay/2026-01-14/233000Z.json"
FILED = {
    "2026-12-31T23:30:00-05:00": "readings/fish-market/2027-01-01/043000Z.json",
    "2026-03-01T00:15:09+05:45": "readings/fish-market/2026-02-28/183009Z.json",
    "2026-03-05T04:05:06Z": "readings/fish-market/2026-03-05/040506Z.json",
}
WRONG = {
    "time": ["2026-01-15T00:30:00", "half past midnight", 1768433400],
    "station": ["North Quay", "../north-quay", "north-quay\n", 7],
    "pm25": ["12.4", True, -999],
}
HARD_TO_SEE = {
    "time": [None, "", "2026-07-01", "12:00:00Z", "2026-02-30T12:00:00Z"],
    "station": [None, "", "fish-market\n", "fisch-märkt", "fish_market", ["fish-market"]],
    "pm25": [None, False, -0.1, [3], {}],
}


def test_stores_exactly_one_object(world):
    world.invoke(OSLO)
    assert len(objects_in(world)) == 1


def test_answers_with_bucket_and_key(world):
    status, body = answer(world, OSLO)
    assert status == 200
    assert body.get("bucket") == world.bucket
    assert body.get("key") in objects_in(world)


def test_files_the_reading_under_its_day_in_utc(world):
    world.invoke(OSLO)
    assert KEY in objects_in(world)


def test_same_reading_twice_leaves_one_object(world):
    world.invoke(OSLO)
    world.invoke(OSLO)
    assert len(objects_in(world)) == 1


def test_stores_the_reading_as_json(world):
    world.invoke(OSLO)
    reading = json.loads(fetch(world)["Body"].read())
    assert (reading["station"], reading["pm25"]) == ("north-quay", 12.4)


def test_stores_the_time_in_utc(world):
    world.invoke(OSLO)
    time = datetime.fromisoformat(json.loads(fetch(world)["Body"].read())["time"])
    assert time == datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
    assert not time.utcoffset()


def test_says_that_the_object_is_json(world):
    world.invoke(OSLO)
    assert fetch(world)["ContentType"].split(";")[0] == "application/json"


def test_names_every_missing_value(world):
    assert problems(world, {"station": "north-quay", "pm25": 12.4}) == ["time"]
    assert problems(world, {}) == ["pm25", "station", "time"]


def test_refuses_wrong_values(world):
    for name, values in WRONG.items():
        for value in values:
            assert problems(world, {**OSLO, name: value}) == [name]
    assert problems(world, ["north-quay", 12.4]) == ["event"]


def test_stores_nothing_when_it_refuses(world):
    problems(world, {**OSLO, "pm25": -999})
    assert objects_in(world) == []


def test_lets_an_error_of_s3_through(world):
    os.environ["BUCKET_NAME"] = "nobody-made-this-bucket"
    raised = None
    try:
        world.invoke(OSLO)
    except (ClientError, Boto3Error) as error:
        raised = error
    assert "NoSuchBucket" in str(raised)


def test_files_each_reading_under_its_day_in_utc(world):
    for time, key in FILED.items():
        status, body = answer(world, {**NOON, "time": time})
        assert (status, body.get("key")) == (200, key)
        assert key in objects_in(world)


def test_keeps_readings_apart(world):
    readings = [{**NOON, "pm25": place, "time": time} for place, time in enumerate(FILED, 1)]
    for reading in readings:
        answer(world, reading)
    stored = [json.loads(fetch(world, key)["Body"].read()) for key in objects_in(world)]
    assert sorted(found["pm25"] for found in stored) == [1, 2, 3]
    for found in stored:
        time = datetime.fromisoformat(found["time"])
        assert not time.utcoffset()
        assert time == datetime.fromisoformat(readings[found["pm25"] - 1]["time"])


def test_stores_a_zero_and_ignores_other_keys(world):
    status, _ = answer(world, {**NOON, "pm25": 0, "sensor": {"id": 7}})
    assert status == 200
    assert [json.loads(fetch(world, key)["Body"].read())["pm25"] for key in objects_in(world)] == [0]


def test_refuses_what_is_hard_to_see(world):
    for name, values in HARD_TO_SEE.items():
        for value in values:
            assert problems(world, {**NOON, name: value}) == [name]
    assert objects_in(world) == []


def test_refuses_an_event_that_is_no_object(world):
    for event in ([NOON], "fish-market", 7, None):
        assert problems(world, event) == ["event"]


def answer(world, event):
    given = world.invoke(event)
    return given["statusCode"], json.loads(given["body"])


def problems(world, event):
    status, body = answer(world, event)
    assert status == 400
    return body["problems"]


def objects_in(world):
    return [found["Key"] for found in world.s3.list_objects_v2(Bucket=world.bucket).get("Contents", [])]


def fetch(world, key=None):
    return world.s3.get_object(Bucket=world.bucket, Key=key or objects_in(world)[0])
