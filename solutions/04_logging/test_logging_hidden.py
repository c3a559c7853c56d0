"""The hidden checks of lab 04: longer batches, readings that are hard to speak of, and other failures of boto3's."""

import json

import pytest

KEY = "harbour-bell-91"
ROLE_SECRETS = "workbook-execution-role"
HOURS = [{"station": "fish-market", "time": f"2026-03-05T{hour:02}:00:00-05:00", "pm25": hour} for hour in range(8)]
KEYS = [f"readings/fish-market/2026-03-05/{hour + 5:02}0000Z.json" for hour in range(8)]


@pytest.mark.task(1, points=2)
def test_says_each_thing_once_when_warm(function, bucket):
    """says each thing once, also in a warm function's third invocation"""
    for _ in range(3):
        logs = function.invoke({"readings": HOURS}).logs
        for key in KEYS:
            levels = [record.level for record in logs if key in record.text]
            assert levels == ["INFO"], f"{key} was stored: one record at INFO should say so."


@pytest.mark.task(2, points=2)
def test_rejects_what_is_hard_to_see(function, bucket, aws):
    """rejects what lab 03 does, whatever else the function says: wrong stations, times and values"""
    wrong = [
        *({**HOURS[0], "station": station} for station in ("Fish Market", "fish-market\n", "")),
        *({**HOURS[0], "time": time} for time in ("noon", "2026-03-05T00:00:00", None)),
        *({**HOURS[0], "pm25": value} for value in ("12.4", True, None)),
    ]
    for reading in wrong:
        invocation = function.invoke({"readings": [reading]})
        told = f"The reading was {json.dumps(reading)}. Reject it, as the starter does, and go on."
        assert not invocation.error, told
        body = json.loads(invocation.payload["body"])
        assert (body.get("stored"), body.get("rejected")) == (0, 1), told
    assert "Contents" not in aws.client("s3").list_objects_v2(Bucket=bucket)


@pytest.mark.task(2, points=3)
def test_warns_of_readings_that_are_hard_to_speak_of(function, bucket):
    """warns of readings that are no objects, or whose station is no text"""
    readings = [None, "fish-market", 7, ["fish-market"], {}, {**HOURS[0], "station": None}, {**HOURS[0], "station": {}}]
    invocation = function.invoke({"readings": [*readings, HOURS[0]]})
    assert not invocation.error, "These readings are rejected, and the batch goes on."
    levels = [record.level for record in invocation.logs]
    assert levels.count("WARNING") == len(readings), "Each of these readings deserves one warning."
    summary = [record.level for record in invocation.logs if "stored=1 rejected=7" in record.text]
    assert summary == ["INFO"], "One record at INFO should sum up: stored=1 rejected=7."


@pytest.mark.task(2, points=1)
def test_sums_up_an_empty_batch(function, bucket):
    """sums up an empty batch too, without a warning"""
    logs = function.invoke({"readings": []}).logs
    summary = [record.level for record in logs if "stored=0 rejected=0" in record.text]
    assert summary == ["INFO"], "One record at INFO should sum up: stored=0 rejected=0."
    warnings = [record.text for record in logs if record.level in ("WARNING", "ERROR")]
    assert warnings == [], "No reading was rejected: there is nothing to warn of."


@pytest.mark.task(3, points=2)
def test_lets_through_what_the_other_levels_ask_for(function, bucket):
    """lets through what ERROR and CRITICAL ask for, and no less"""
    batch = {"readings": [{**HOURS[0], "pm25": -1}, HOURS[1]]}
    logs = function.configure(environment={"LOG_LEVEL": "error"}).invoke(batch).logs
    lower = [record.text for record in logs if record.level in ("WARNING", "INFO", "DEBUG")]
    assert lower == [], "LOG_LEVEL was 'error': records below ERROR should be left out."
    lost = {"BUCKET_NAME": "nobody-made-this-bucket"}
    for level, count in (("ERROR", 1), ("Critical", 0)):
        invocation = function.configure(environment={**lost, "LOG_LEVEL": level}).invoke(batch)
        assert invocation.error, f"LOG_LEVEL was {level!r}, S3 refused, and the function did not fail."
        assert len(own_errors(invocation)) == count, f"LOG_LEVEL was {level!r}, and S3 refused."


@pytest.mark.task(3, points=1)
def test_goes_on_with_whatever_the_level_is(function, bucket):
    """takes INFO and warns once for texts that look like levels or numbers"""
    for text in ("7", "information", "DEBUG,INFO", "WARN"):
        invocation = function.configure(environment={"LOG_LEVEL": text}).invoke({"readings": HOURS[:1]})
        assert not invocation.error, f"LOG_LEVEL was {text!r}: take INFO, and go on."
        warnings = [record.message.lower() for record in invocation.logs if record.level == "WARNING"]
        assert len(warnings) == 1, f"LOG_LEVEL was {text!r}: one record at WARNING should say so."
        assert text.lower() in warnings[0], f"LOG_LEVEL was {text!r}: the warning should name it."
        levels = [record.level for record in invocation.logs if KEYS[0] in record.text]
        assert levels == ["INFO"], f"LOG_LEVEL was {text!r}: INFO should be let through."


@pytest.mark.task(4, points=2)
def test_logs_what_boto3_itself_refuses(function, bucket):
    """logs an exception of boto3's that is no answer of S3, and raises it again"""
    told = "BUCKET_NAME could not be a bucket's name: boto3 raises before it asks S3, and that is no ClientError."
    invocation = function.configure(environment={"BUCKET_NAME": "no bucket/at all"}).invoke(
        {"readings": [None, HOURS[0], HOURS[1]]}
    )
    errors = own_errors(invocation)
    assert len(errors) == 1, f"{told} One record at ERROR should hold it."
    assert "Traceback (most recent call last)" in errors[0].message, f"{told} The record at ERROR holds no trace."
    assert "ParamValidationError" in errors[0].message, f"{told} The record's trace does not lead to it."
    assert invocation.error, f"{told} The invocation should fail."
    assert "validation failed" in str(invocation.error), f"{told} It should be raised again as it is."


@pytest.mark.task(5, points=1)
def test_logs_an_event_that_is_refused(function, bucket):
    """logs an event at DEBUG that is then refused"""
    for event in ({"sent_by": "gateway-0c11", "reading": []}, ["gateway-0c11"]):
        invocation = function.configure(environment={"LOG_LEVEL": "debug"}).invoke(event)
        assert invocation.payload.get("statusCode") == 400, "The event has no list `readings`."
        assert json.loads(invocation.payload["body"]).get("problems") == ["readings"]
        levels = [record.level for record in invocation.logs if "gateway-0c11" in record.text]
        assert levels == ["DEBUG"], "At DEBUG, the log should hold the event that was refused."


@pytest.mark.task(5, points=2)
def test_tells_nobody_a_secret_when_s3_refuses(function, bucket):
    """keeps the secrets out of the log when S3 refuses, and when the level is unknown"""
    for changed in ({"LOG_LEVEL": "debug", "BUCKET_NAME": "nobody-made-this-bucket"}, {"LOG_LEVEL": "everything"}):
        log = function.configure(environment={"API_KEY": KEY, **changed}).invoke({"readings": HOURS[:2]}).log_text
        assert KEY not in log, "The log holds the value of API_KEY."
        assert ROLE_SECRETS not in log, "The log holds credentials of the function's role."


def own_errors(invocation):
    """The function's own records at ERROR: what Lambda writes about an uncaught exception carries no id."""
    found = [record for record in invocation.logs if record.level == "ERROR"]
    return [record for record in found if invocation.request_id in record.text]
