"""The hidden checks. Every station's name that they give begins with `secret`."""

import json
import secrets

import pytest


def reading():
    """A station's values, other ones each time, and their mean."""
    values = [secrets.randbelow(1000) for _ in range(3)]
    return {"station": f"secret-{secrets.token_hex(4)}", "values": values}, sum(values) / 3


@pytest.mark.task(2, points=6)
def test_keeps_readings_apart(function, bucket, aws):
    """stores each of three readings that a warm function gets"""
    readings = [reading() for _ in range(3)]
    for event, mean in readings:
        assert function.invoke(event).payload == {"statusCode": 200, "mean": mean}
    s3 = aws.client("s3")
    for event, mean in readings:
        assert json.loads(s3.get_object(Bucket=bucket, Key=f"{event['station']}.json")["Body"].read()) == {"mean": mean}


@pytest.mark.task(3, points=4)
def test_refuses_what_is_hard_to_see(function, bucket, aws):
    """refuses True, text of digits, nothing at all, and stores nothing then"""
    for values in ([True], ["12"], [], [3, None]):
        event, _ = reading()
        assert function.invoke({**event, "values": values}).payload == {"statusCode": 400}
    assert "PutObject" not in [call.operation for call in aws.calls if call.status == 200]
    event, mean = reading()
    assert function.invoke(event).payload == {"statusCode": 200, "mean": mean}
