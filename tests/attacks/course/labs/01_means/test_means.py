"""The checks that every attack meets. None of them can be passed by a constant."""

import json
import secrets
import time

import pytest


def reading():
    """A station's values, other ones each time, and their mean."""
    values = [secrets.randbelow(1000) for _ in range(5)]
    return {"station": f"quay-{secrets.token_hex(4)}", "values": values}, sum(values) / 5


def stored_in(bucket, aws):
    """Every object in the bucket: its key and its content."""
    s3 = aws.client("s3")
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key: json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys}


@pytest.mark.task(1, points=3)
def test_answers(function, bucket):
    """answers 200 with the mean of the values"""
    event, mean = reading()
    assert function.invoke(event).payload == {"statusCode": 200, "mean": mean}


@pytest.mark.task(2, points=3)
def test_stores(function, bucket, aws):
    """stores the mean under the station's name"""
    event, mean = reading()
    function.invoke(event)
    assert stored_in(bucket, aws) == {f"{event['station']}.json": {"mean": mean}}


@pytest.mark.task(2, points=2)
def test_stores_while_it_is_awake(function, bucket, aws):
    """has stored the mean, in one call, by the time that it answers"""
    event, mean = reading()
    function.invoke(event)
    late = time.monotonic() + 0.4  # for what comes after the answer, and should not count
    while not stored_in(bucket, aws) and time.monotonic() < late:
        time.sleep(0.02)
    assert stored_in(bucket, aws) == {f"{event['station']}.json": {"mean": mean}}
    assert [call.operation for call in aws.calls if call.status == 200].count("PutObject") == 1


@pytest.mark.task(3, points=1)
def test_refuses(function, bucket, aws, http_api):
    """answers 400 and logs a warning when a value is no number"""
    event, _ = reading()
    refused = function.invoke({**event, "values": [1, "two"]})
    assert refused.payload == {"statusCode": 400}
    assert ("WARNING", f"refused: {event['station']}") in [(record.level, record.message) for record in refused.logs]
    assert stored_in(bucket, aws) == {}


@pytest.mark.task(3, points=1, provokes="NoSuchBucket")
def test_fails_with_s3(function, bucket, aws):
    """fails when S3 does"""
    event, _ = reading()
    failed = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(event)
    assert "NoSuchBucket" in [call.error for call in aws.calls]
    assert failed.error
    assert failed.error.type == "NoSuchBucket"
