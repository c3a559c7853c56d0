"""The hidden checks of lab 08: narrower probes as the function's role, and the function among other errors."""

import json

import pytest
from botocore.exceptions import ClientError

BUCKET = "workbook-readings"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/"
STATIONS = "config/stations.json"
READING = {"station": "fish-market", "time": "2026-07-01T23:59:59-05:00", "pm25": 0}
KEY = "readings/fish-market/2026-07-02/045959Z.json"


@pytest.mark.task(1, points=1)
def test_keeps_to_the_log_of_its_own_name(role):
    """allows its own log, and none whose name begins like it or that it would delete"""
    assert not role.fault, role.fault
    stream = ":log-stream:2026/12/31/[7]fedcba9876543210"
    assert role.allows("logs:PutLogEvents", f"{LOGS}harbour-collector{stream}"), "The function cannot write its log."
    assert not role.allows("logs:PutLogEvents", f"{LOGS}harbour-collector-2{stream}"), (
        "The policy allows writing into the log of harbour-collector-2. Put : and * right behind the name."
    )
    for action in ("DeleteLogGroup", "GetLogEvents", "PutRetentionPolicy"):
        assert not role.allows(f"logs:{action}", f"{LOGS}harbour-collector{stream}"), (
            f"The policy allows logs:{action}, which writing a log never needs."
        )


@pytest.mark.task(2, points=1)
def test_reads_nothing_that_is_named_alike(role, aws):
    """reads the list of stations, and nothing whose key or bucket is named alike"""
    assert ask(role, "get_object", Key=STATIONS) is None, "The role cannot read config/stations.json."
    aws.client("s3").create_bucket(Bucket=f"{BUCKET}-archive")
    for bucket, key in ((BUCKET, f"{STATIONS}.bak"), (BUCKET, f"old/{STATIONS}"), (f"{BUCKET}-archive", STATIONS)):
        aws.client("s3").put_object(Bucket=bucket, Key=key, Body="[]")
        answer = ask(role, "get_object", Bucket=bucket, Key=key)
        assert answer == "AccessDenied", f"The role may read {key} in {bucket}. Name the one object in full."


@pytest.mark.task(4, points=2)
def test_writes_readings_and_touches_nothing_else(role, aws):
    """writes readings; replaces no rule of the bucket, lists no buckets, writes to none that is named alike"""
    assert ask(role, "put_object", Key=KEY, Body="[]") is None, "The role cannot write a reading."
    aws.client("s3").create_bucket(Bucket=f"{BUCKET}-archive")
    calls = {
        "put_object": {"Bucket": f"{BUCKET}-archive", "Key": KEY},
        "get_bucket_location": {"Bucket": f"{BUCKET}-archive"},
        "put_object_tagging": {"Key": KEY, "Tagging": {"TagSet": [{"Key": "seen", "Value": "yes"}]}},
        "put_bucket_policy": {"Policy": "{}"},
        "get_bucket_policy": {},
        "delete_bucket": {},
    }
    for operation, arguments in calls.items():
        answer = ask(role, operation, **arguments)
        assert answer == "AccessDenied", f"The role may call {operation} {arguments}. The function never needs that."


@pytest.mark.task(4, points=2)
def test_stores_what_it_stored_before(function, aws):
    """stores each reading as it did, warm too, and answers with key and region"""
    for pm25 in (0, 7.5):
        invocation = function.invoke({**READING, "pm25": pm25})
        assert not invocation.error, "The function failed under its own policy."
        assert (invocation.payload["key"], invocation.payload["region"]) == (KEY, "us-east-1")
        stored = aws.client("s3").get_object(Bucket=BUCKET, Key=KEY)
        found = json.loads(stored["Body"].read())
        assert (found["station"], found["pm25"]) == ("fish-market", pm25)
        assert found["time"].replace("Z", "+00:00") == "2026-07-02T04:59:59+00:00"
        assert stored["ContentType"] == "application/json"


@pytest.mark.task(5, points=2)
def test_names_each_refused_call(function, role):
    """names each of the three calls when it is refused, and no other"""
    operations = ("GetObject", "GetBucketLocation", "PutObject")
    for refused in operations:
        role.attach(all_but(f"s3:{refused}"))
        invocation = function.invoke(READING)
        assert invocation.error, f"AWS refused {refused}, and the function did not fail."
        said = "\n".join(text for text in errors_logged(invocation) if "AccessDenied" in text)
        named = [operation for operation in operations if operation in said]
        assert named == [refused], f"AWS refused {refused}; the log names {named or 'none'}."


@pytest.mark.task(5, points=2)
def test_lets_other_errors_be_what_they_are(function, role, aws):
    """fails with an unknown station or a missing list, without calling either a refusal"""
    role.attach(all_but("s3:DeleteObject"))
    unknown = function.invoke({**READING, "station": "old-mole"})
    assert unknown.error, "A station that is not listed is still an error."
    assert unknown.error.type == "UnknownStation", "A station that is not listed is still an UnknownStation."
    aws.client("s3").delete_object(Bucket=BUCKET, Key=STATIONS)
    missing = function.invoke(READING)
    assert "NoSuchKey" in str(missing.error), "A missing list of stations is still S3's error, NoSuchKey."
    for invocation in (unknown, missing):
        assert not any("AccessDenied" in text for text in errors_logged(invocation)), "Nothing was refused here."
    stored = aws.client("s3").list_objects_v2(Bucket=BUCKET, Prefix="readings/")
    assert "Contents" not in stored, "The function failed, and stored something all the same."


def ask(role, operation, **arguments):
    """The error code that the function's role gets for this call; None when it is allowed."""
    assert not role.fault, role.fault
    try:
        getattr(role.client("s3"), operation)(**{"Bucket": BUCKET, **arguments})
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def all_but(action):
    """A policy that allows everything except this one action."""
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [allow, {"Effect": "Deny", "Action": action, "Resource": "*"}]}


def errors_logged(invocation):
    """What the function itself logged at ERROR."""
    own = [record for record in invocation.logs if not record.text.startswith("[ERROR] ")]
    return [record.text for record in own if record.level == "ERROR"]
