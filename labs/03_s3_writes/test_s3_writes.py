"""The checks of lab 03. They see what AWS would see: the answer, and what lies in the bucket afterwards."""

import json
from datetime import UTC, datetime

import pytest

READING = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
KEY = "readings/north-quay/2026-01-14/233000Z.json"


# Task 1: Put one object into the bucket


@pytest.mark.task(1, points=2)
def test_stores_exactly_one_object(function, bucket, aws):
    """stores exactly one object in the bucket that BUCKET_NAME names"""
    function.invoke(READING)
    count = len(keys_in(bucket, aws))
    assert count == 1, f"The bucket holds {count} objects. Call put_object once, with Bucket=os.environ['BUCKET_NAME']."


@pytest.mark.task(1, points=2)
def test_answers_with_bucket_and_key(function, bucket, aws):
    """answers 200, with the bucket and the key of that object"""
    status, body = answer_of(function.invoke(READING))
    assert status == 200
    assert body.get("bucket") == bucket, "The body's `bucket` is not the bucket that BUCKET_NAME names."
    assert body.get("key") in keys_in(bucket, aws), "The body's `key` is not the key of an object in the bucket."


# Task 2: Build the key from the reading's own time


@pytest.mark.task(2, points=3)
def test_files_the_reading_under_its_day_in_utc(function, bucket, aws):
    """files a reading from half past midnight in Oslo under the day before, in UTC"""
    function.invoke(READING)
    assert KEY in keys_in(bucket, aws), (
        "In UTC this reading is from 2026-01-14, 23:30:00. Its key begins with readings/, with no slash before that."
    )


@pytest.mark.task(2, points=2)
def test_same_reading_twice_leaves_one_object(function, bucket, aws):
    """leaves one object when the same reading comes twice"""
    function.invoke(READING)
    function.invoke(READING)
    keys = keys_in(bucket, aws)
    assert len(keys) == 1, (
        f"Build the key from the reading alone: nothing from the clock, nothing random. Found: {keys}"
    )


# Task 3: Store the reading as JSON


@pytest.mark.task(3, points=2)
def test_stores_the_reading_as_json(function, bucket, aws):
    """stores the station and the value as a JSON object"""
    function.invoke(READING)
    reading = reading_in(fetch_object(bucket, aws))
    stored = {name: reading.get(name) for name in ("station", "pm25")}
    assert stored == {"station": "north-quay", "pm25": 12.4}, "Store the reading's own `station` and `pm25`."


@pytest.mark.task(3, points=1, needs="test_stores_the_reading_as_json")
def test_stores_the_time_in_utc(function, bucket, aws):
    """stores the reading's time in UTC"""
    function.invoke(READING)
    stored = reading_in(fetch_object(bucket, aws)).get("time")
    time = parse_time(stored)
    assert time.tzinfo, f"The stored time has no offset: {stored}. End it in Z or +00:00."
    assert time == datetime(2026, 1, 14, 23, 30, tzinfo=UTC), f"The stored time is another moment: {stored}."
    assert not time.utcoffset(), f"The stored time is the right moment, but not in UTC: {stored}. Use astimezone(UTC)."


@pytest.mark.task(3, points=1)
def test_says_that_the_object_is_json(function, bucket, aws):
    """says that the object is JSON, in its content type"""
    function.invoke(READING)
    content_type = fetch_object(bucket, aws)["ContentType"].split(";")[0]
    assert content_type == "application/json", "S3 knows only what you tell it: put_object(..., ContentType=...)."


# Task 4: Refuse a wrong reading before anything is written


@pytest.mark.task(4, points=2)
def test_names_every_missing_value(function, bucket):
    """answers 400 and names what is missing, sorted"""
    assert problems_of(function.invoke({"station": "north-quay", "pm25": 12.4})) == ["time"]
    assert problems_of(function.invoke({})) == ["pm25", "station", "time"]


WRONG = {
    "time": ["2026-01-15T00:30:00", "half past midnight", 1768433400],
    "station": ["North Quay", "../north-quay", "north-quay\n", 7],
    "pm25": ["12.4", True, -999],
}


@pytest.mark.task(4, points=2)
def test_refuses_wrong_values(function, bucket):
    """answers 400 and names a value that is wrong"""
    for name, values in WRONG.items():
        for value in values:
            problems = problems_of(function.invoke({**READING, name: value}))
            assert problems == [name], f"{name} = {value!r} is wrong, and nothing else is."
    problems = problems_of(function.invoke(["north-quay", 12.4]))
    assert problems == ["event"], (
        "An event that is no object has one problem: event. Ask isinstance(event, dict) first."
    )


@pytest.mark.task(4, points=1)
def test_stores_nothing_when_it_refuses(function, bucket, aws):
    """stores nothing when it refuses"""
    problems_of(function.invoke({**READING, "pm25": -999}))
    assert keys_in(bucket, aws) == [], "Look at all three values before you call S3."


# Task 5: Let S3's errors through


@pytest.mark.task(5, points=2, provokes="NoSuchBucket")
def test_lets_an_error_of_s3_through(function, bucket, aws):
    """fails when S3 refuses to store the reading"""
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(READING)
    assert any(call.error for call in aws.calls), (
        "BUCKET_NAME named a bucket that does not exist. S3 would have refused, but it was not asked."
    )
    assert invocation.error, (
        "S3 refused to store the reading, yet the function did not fail. Leave S3's errors uncaught."
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


def problems_of(invocation):
    """The names that a refusal gives."""
    status, body = answer_of(invocation)
    assert status == 400, "This reading is wrong: refuse it with statusCode 400."
    return body.get("problems")


def keys_in(bucket, aws):
    """The keys of all objects in the bucket."""
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def fetch_object(bucket, aws):
    """The object that the function stored, whatever its key is, as get_object gives it."""
    keys = keys_in(bucket, aws)
    assert keys, "There is no object in the bucket. Task 1 puts one there."
    return aws.client("s3").get_object(Bucket=bucket, Key=keys[0])


def reading_in(stored):
    """The stored object's content, which is a JSON object."""
    content = stored["Body"].read().decode()
    try:
        reading = json.loads(content)
    except ValueError:
        reading = None
    assert isinstance(reading, dict), f"The object holds no JSON object but: {content[:100]} (json.dumps writes JSON)"
    return reading


def parse_time(text):
    """A time in ISO 8601, as a datetime."""
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise AssertionError(f"The stored `time` is no time in ISO 8601: {text!r}.") from None
