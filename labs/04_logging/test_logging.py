"""The checks of lab 04. They read the function's log record by record, as CloudWatch would keep it."""

import json
import re
from datetime import datetime

import pytest

OSLO = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
NOON = {"station": "fish-market", "time": "2026-01-15T12:00:00Z", "pm25": 3}
OSLO_KEY = "readings/north-quay/2026-01-14/233000Z.json"
NOON_KEY = "readings/fish-market/2026-01-15/120000Z.json"
BROKEN = {"station": "lighthouse", "time": "2026-01-15T12:00:00Z", "pm25": -999}
UNTIMED = {"station": "old-mole", "pm25": 8}
NAMELESS = {"time": "2026-01-15T12:00:00Z", "pm25": 8}


# Task 1: Let INFO through


@pytest.mark.task(1, points=2)
def test_logs_each_stored_reading(function, bucket):
    """logs one record at INFO for each stored reading, with its key"""
    logs = function.invoke(batch(OSLO, NOON)).logs
    for key in (OSLO_KEY, NOON_KEY):
        expect_one("INFO", key, logs)


@pytest.mark.task(1, points=1)
def test_carries_the_request_id(function, bucket):
    """writes records that carry the id of their own invocation"""
    for reading, key in ((OSLO, OSLO_KEY), (NOON, NOON_KEY)):
        invocation = function.invoke(batch(reading))
        record = expect_one("INFO", key, invocation.logs)
        assert invocation.request_id in record.text, (
            "The record does not carry this invocation's id. Leave Lambda's handler and its format as they are."
        )


@pytest.mark.task(1, points=1)
def test_still_stores_the_batch(function, bucket, aws):
    """still stores what is valid, and answers with both counts"""
    invocation = function.invoke(batch(OSLO, BROKEN, NOON))
    assert not invocation.error, "The function failed, and should have answered."
    assert invocation.payload.get("statusCode") == 200
    body = json.loads(invocation.payload["body"])
    assert (body.get("stored"), body.get("rejected")) == (2, 1), "Two of the three readings are valid."
    s3 = aws.client("s3")
    stored = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
    assert stored == [NOON_KEY, OSLO_KEY], "The bucket should hold the two valid readings."
    for reading, key in ((OSLO, OSLO_KEY), (NOON, NOON_KEY)):
        found = s3.get_object(Bucket=bucket, Key=key)
        assert found["ContentType"].startswith("application/json"), f"{key} should be stored as JSON, as in lab 03."
        content = json.loads(found["Body"].read())
        told = f"{key} should hold the reading, as in lab 03: station, time and pm25."
        assert (content.get("station"), content.get("pm25")) == (reading["station"], reading["pm25"]), told
        assert datetime.fromisoformat(content.get("time", "")) == datetime.fromisoformat(reading["time"]), told


# Task 2: Warn of each rejected reading, and sum up


@pytest.mark.task(2, points=2)
def test_warns_of_each_rejected_reading(function, bucket):
    """logs one record at WARNING for each rejected reading, with its station, and no other"""
    logs = function.invoke(batch(BROKEN, OSLO, UNTIMED)).logs
    warnings = [record for record in logs if record.level == "WARNING"]
    for station in ("lighthouse", "old-mole"):
        found = [record for record in warnings if station in record.message]
        assert len(found) == 1, (
            f"The reading of {station} was rejected. Found {len(found)} records at WARNING with its station, "
            f"and there should be one.{tell_lines_with(station, logs)}"
        )
    assert len(warnings) == 2, (
        f"Two readings were rejected, and {len(warnings)} records are at WARNING. A stored reading is no warning."
    )


@pytest.mark.task(2, points=1)
def test_warns_of_a_reading_without_a_station(function, bucket):
    """warns of a reading without a station, or of one that is no object, and goes on with the next"""
    for reading, what in ((NAMELESS, "A reading without a station"), ("fog", "A reading that is no object")):
        invocation = function.invoke(batch(reading, OSLO))
        assert not invocation.error, f"{what} is rejected like any other, and the batch goes on."
        warnings = [record for record in invocation.logs if record.level == "WARNING"]
        assert len(warnings) == 1, (
            f"{what} was rejected, and no other. There should be one record at WARNING, not {len(warnings)}."
        )


@pytest.mark.task(2, points=2)
def test_sums_up_at_the_end(function, bucket):
    """sums up in one record at INFO, after all others"""
    logs = function.invoke(batch(OSLO, BROKEN, UNTIMED)).logs
    summary = expect_one("INFO", "stored=1 rejected=2", logs, "Sum up just so, with one space and no comma. ")
    sums = [record.message for record in logs if re.search(r"stored=\d+ rejected=\d+", record.text)]
    assert sums == [summary.message], "Sum up once, after the loop, and not for each reading."
    later = [record.message for record in logs[logs.index(summary) + 1 :]]
    assert later == [], "Sum up when the work is done: other lines stand below that record."


# Task 3: Take the level from LOG_LEVEL


@pytest.mark.task(3, points=2)
def test_hides_what_lies_below_the_level(function, bucket):
    """lets through what LOG_LEVEL asks for, whatever its case, and nothing below"""
    for level in ("INFO", "info"):
        told = f"LOG_LEVEL was {level!r}. "
        expect_one("INFO", OSLO_KEY, invoke_at(function, level, told).logs, told)
    logs = invoke_at(function, "Warning", "LOG_LEVEL was 'Warning'. ").logs
    lines = [record.message for record in logs if OSLO_KEY in record.text or "stored=" in record.text]
    assert lines == [], "LOG_LEVEL was 'Warning': records at INFO lie below that, and should be left out."


@pytest.mark.task(3, points=1)
def test_takes_info_by_default(function, bucket):
    """takes INFO when LOG_LEVEL is not set or blank, and warns of nothing"""
    for level, told in ((None, "LOG_LEVEL was not set. "), ("  ", "LOG_LEVEL was blank, and so not set. ")):
        logs = invoke_at(function, level, told).logs
        expect_one("INFO", OSLO_KEY, logs, told)
        warnings = [record.message for record in logs if record.level == "WARNING"]
        assert warnings == [], f"{told}That is allowed: take INFO without a warning."


@pytest.mark.task(3, points=1)
def test_warns_of_an_unknown_level(function, bucket):
    """takes INFO when LOG_LEVEL is unknown, with one warning that names it"""
    for level in ("LOUD", "NOTSET"):
        told = f"LOG_LEVEL was {level!r}, which is none of the five levels: take INFO, and warn. "
        logs = invoke_at(function, level, told).logs
        expect_one("WARNING", level, logs, told)
        expect_one("INFO", OSLO_KEY, logs, told)


# Task 4: Log an error of S3 with its trace, and raise it again


@pytest.mark.task(4, points=2, provokes="NoSuchBucket")
def test_logs_an_error_of_s3_with_its_trace(function, bucket):
    """logs one record at ERROR with the trace when S3 refuses"""
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(batch(OSLO))
    errors = [record for record in invocation.logs if record.level == "ERROR" and invocation.request_id in record.text]
    assert len(errors) == 1, (
        f"S3 refused on purpose, and {len(errors)} records at ERROR are the function's own (with its request's "
        "id): there should be one. What Lambda writes about an uncaught exception has no id, and does not count."
    )
    for words in ("Traceback (most recent call last)", "NoSuchBucket"):
        assert words in errors[0].message, (
            "The record at ERROR does not hold the trace. logger.exception adds it, in an except block."
        )


@pytest.mark.task(4, points=1, provokes="NoSuchBucket")
def test_raises_the_error_again(function, bucket, aws):
    """raises the error of S3 again, so that the invocation fails"""
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(batch(OSLO))
    assert any(call.error for call in aws.calls), (
        "BUCKET_NAME named a bucket that does not exist. S3 would have refused, but it was not asked."
    )
    assert invocation.error, "S3 refused, yet the function did not fail. End the except block with raise."
    assert "NoSuchBucket" in str(invocation.error), (
        "The invocation failed with another error than S3's. A bare raise, inside the except block, raises the same."
    )


# Task 5: Log the event at DEBUG, and keep the secrets out


GATEWAY = "gateway-7f3a"


@pytest.mark.task(5, points=2)
def test_logs_the_event_at_debug(function, bucket):
    """logs the event as it came, in one record at DEBUG, and not at INFO"""
    event = {"sent_by": GATEWAY, **batch({**OSLO, "sensor": "dust-12"})}
    logs = function.configure(environment={"LOG_LEVEL": "DEBUG"}).invoke(event).logs
    record = expect_one("DEBUG", GATEWAY, logs, "LOG_LEVEL was 'DEBUG', and `sent_by` is a part of the event. ")
    assert "dust-12" in record.message, "The record at DEBUG holds no more than a part of the event."
    logs = function.invoke(event).logs
    lines = [record.message for record in logs if GATEWAY in record.text]
    assert lines == [], "LOG_LEVEL was 'INFO', and the event is in the log. It belongs at DEBUG."


KEY = "tide-table-58f2c1"
ROLE_SECRETS = "workbook-execution-role"  # what the role's secret key and session token begin with here


@pytest.mark.task(5, points=2, needs="test_logs_the_event_at_debug")
def test_tells_nobody_a_secret(function, bucket):
    """keeps the API key and the role's credentials out of the log, at DEBUG too"""
    chatty = function.configure(environment={"LOG_LEVEL": "DEBUG", "API_KEY": KEY})
    log = chatty.invoke(batch(OSLO, BROKEN)).log_text
    assert KEY not in log, "The log holds the value of API_KEY. Never log the whole environment."
    secret = next((line.strip() for line in log.splitlines() if ROLE_SECRETS in line), "")
    assert not secret, (
        f"The log holds credentials of the function's role: {secret[:90]} ... boto3 logs them at DEBUG when the root "
        "logger's level is DEBUG. Set the level of a logger of your own, and leave the root's as it is."
    )


# What the checks look with


def batch(*readings):
    """An event with these readings."""
    return {"readings": list(readings)}


def invoke_at(function, level, told):
    """An invocation with this LOG_LEVEL (None: not set), which the function survives."""
    invocation = function.configure(environment={"LOG_LEVEL": level}).invoke(batch(OSLO))
    assert not invocation.error, f"{told}The function should not fail for that."
    return invocation


def expect_one(level, words, logs, told=""):
    """The one line of the log with these words, which is a record of this level."""
    found = [record for record in logs if words in record.text]
    assert found, f"{told}No line of the log has {words}. Log it at {level}, and let that level through."
    assert len(found) == 1, (
        f"{told}{len(found)} lines of the log have {words}, and there should be one. Say it once, and add no handler."
        f"{tell_lines_with(words, logs)}"
    )
    printed = found[0].level is None
    assert not printed, (
        f"{told}The line with {words} was printed, or written by another handler or in another format than Lambda's: "
        "it has no level and no request id. Use a logger; add no handler, no format and no force=True."
    )
    assert found[0].level == level, f"{told}The record with {words} is at {found[0].level}, and belongs at {level}."
    return found[0]


def tell_lines_with(words, logs):
    """The lines of the log that have these words, by level."""
    levels = [record.level or "printed" for record in logs if words in record.text]
    return f" Lines with {words}: {', '.join(levels)}." if levels else ""
