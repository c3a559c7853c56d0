"""The hidden checks of lab 09: other hours, other stations, and failures that are harder to see."""

import json

import pytest

BUCKET = "workbook-readings"
RULE = "arn:aws:events:us-east-1:123456789012:rule/hourly"
EVENT = {"id": "a", "source": "aws.events", "time": "2026-06-30T22:00:00Z", "resources": [RULE], "detail": {}}
READING = {"time": "2026-07-01T01:10:00+02:00", "pm25": 3}
PLACE = "2026-06-30/22Z.json"


@pytest.mark.task(1, points=2)
def test_holds_each_setting_to_its_rule(function, http_api, aws):
    """refuses settings that are harder to see through"""
    stations_answer(http_api)
    wrong = {"HTTP_TIMEOUT": ["0", "2 s"], "STATIONS": ["../north-quay", "north-quay;fish-market", "kärdla"]}
    for name, values in wrong.items():
        for value in values:
            error = fails_with(
                function.configure(environment={name: value}).invoke(EVENT),
                "ConfigurationError",
                f"{name} was {value!r}: raise a ConfigurationError.",
            )
            assert name in error.message, f"{name} was {value!r}: the error's message should name {name}."
    assert (http_api.requests, aws.calls) == ([], []), "A setting was wrong, and a call was made all the same."


@pytest.mark.task(1, points=1)
def test_has_a_timeout_of_its_own_when_none_is_set(function, http_api, aws):
    """does its work when HTTP_TIMEOUT is not set, or blank"""
    stations_answer(http_api)
    for value in (None, " "):
        invocation = function.configure(environment={"HTTP_TIMEOUT": value}).invoke(EVENT)
        assert not invocation.error, "HTTP_TIMEOUT was not set. It is 2 then."


@pytest.mark.slow
@pytest.mark.task(1, points=1)
def test_waits_two_seconds_when_nothing_else_is_set(function, http_api):
    """gives up on each station that does not answer after 2 seconds, when HTTP_TIMEOUT is not set"""
    http_api.hang()
    invocation = function.configure(environment={"HTTP_TIMEOUT": None}, timeout=20).invoke(EVENT)
    why = "HTTP_TIMEOUT was not set: it is 2 then, for each station that does not answer."
    assert http_api.waits, why
    assert 1.5 < min(http_api.waits) < 2.9, why
    assert not invocation.timed_out, why
    fails_with(invocation, "CollectorError", why)


@pytest.mark.task(3, points=2)
def test_refuses_an_event_without_a_time(function, http_api, aws):
    """fails with a CollectorError, before any call, when the event has no time that can be used"""
    stations_answer(http_api)
    for event in ({}, {"time": None}, {"time": "soon"}, {"time": "2026-06-30T22:00:00"}, ["time"], None):
        invocation = function.invoke(event)
        error = fails_with(invocation, "CollectorError", f"{event!r} has no time that can be used: CollectorError.")
        assert "time" in error.message, "The CollectorError's message should name time."
        assert own_errors(invocation), f"{event!r} has no time that can be used: log that at ERROR, too."
    assert (http_api.requests, aws.calls) == ([], []), "The event had no time, and a call was made all the same."


@pytest.mark.task(3, points=2)
def test_keeps_the_hours_apart(function, http_api, aws):
    """stores each hour by itself, whether a rule or EventBridge Scheduler asks"""
    stations_answer(http_api)
    for hour in (
        "2026-06-30T22:00:00Z",
        "2026-06-30T22:59:59Z",
        "2026-07-01T00:00:31Z",
        "2026-07-01T02:10:00+02:00",
    ):
        invocation = function.invoke({**EVENT, "source": "aws.scheduler", "detail": "{}", "time": hour})
        assert not invocation.error, "Nothing was wrong, and the function failed."
    assert keys_in(aws) == [
        "readings/fish-market/2026-06-30/22Z.json",
        "readings/fish-market/2026-07-01/00Z.json",
        "readings/north-quay/2026-06-30/22Z.json",
        "readings/north-quay/2026-07-01/00Z.json",
    ], "Four events came for two hours, and there are two stations."


@pytest.mark.task(3, points=1)
def test_logs_each_key(function, http_api):
    """logs one record at INFO for each stored object, with its key"""
    stations_answer(http_api)
    told = [record.text for record in function.invoke(EVENT).logs if record.level == "INFO"]
    for station in ("north-quay", "fish-market"):
        key = f"readings/{station}/{PLACE}"
        assert sum(key in text for text in told) == 1, f"One record at INFO should hold the key {key}."


@pytest.mark.task(4, points=2)
def test_keeps_the_key_out_of_the_log_of_a_failure(function, http_api, aws):
    """keeps the API's key out of the log and the error when the API refuses connections"""
    variables = {"API_URL": http_api.refuse(), "API_KEY": "a-key-that-nobody-may-see"}
    invocation = function.configure(environment=variables).invoke(EVENT)
    error = fails_with(invocation, "CollectorError", "No station could be reached: raise a CollectorError.")
    for station in ("north-quay", "fish-market"):
        assert station in error.message, "No station could be reached: name every one."
        told = [text for text in own_errors(invocation) if station in text]
        assert told, f"No record at ERROR names {station}."
    told = invocation.log_text + error.message
    assert "a-key-that-nobody-may-see" not in told, "The log holds the value of API_KEY."
    assert keys_in(aws) == [], "No station could be reached, and something was stored."


@pytest.mark.task(4, points=2)
def test_takes_no_wrong_value(function, http_api, aws):
    """stores no reading whose pm25 or time is none"""
    wrong = [{"pm25": True}, {"pm25": "3"}, {"pm25": None}, {"time": "noon"}, {"time": 1768433400}, {"time": None}]
    for values in wrong:
        stations_answer(http_api)
        answer = {"station": "north-quay", **READING, **values}
        http_api.respond(json=answer, path="/readings/north-quay")
        fails_with(function.invoke(EVENT), "CollectorError", f"north-quay answered {values}: that is no reading.")
        assert keys_in(aws) == [f"readings/fish-market/{PLACE}"], f"north-quay answered {values}, and was stored."


@pytest.mark.task(7, points=2)
def test_creates_another_schedule(function, aws, role):
    """creates the schedule that the event asks for, whatever its name and expression"""
    trust = {"Service": "lambda.amazonaws.com"}
    trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}}
    made = aws.client("iam").create_role(RoleName="sweeper", AssumeRolePolicyDocument=json.dumps(trust))
    arn = aws.client("lambda").create_function(
        FunctionName="sweeper", Runtime="python3.13", Role=made["Role"]["Arn"], Handler="a.b",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )["FunctionArn"]  # fmt: skip
    role.attach({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    event = {"rule_name": "nightly", "expression": "cron(0 2 * * ? *)", "function_name": "sweeper", "function_arn": arn}
    invocation = function.configure(handler="create_schedule.lambda_handler").invoke(event)
    assert not invocation.error, "create_schedule.py failed."
    events = aws.client("events")
    rule = events.describe_rule(Name="nightly")
    expression = rule.get("ScheduleExpression")
    assert expression == "cron(0 2 * * ? *)", "The rule's expression should be the one in event['expression']."
    assert rule.get("State") == "ENABLED", "The rule is disabled: it never fires."
    targets = [target["Arn"] for target in events.list_targets_by_rule(Rule="nightly")["Targets"]]
    assert targets == [arn], "The rule should have one target: the ARN in event['function_arn']."
    policy = aws.client("lambda").get_policy(FunctionName="sweeper")["Policy"]
    assert rule["Arn"] in policy, "The permission should let in this rule: its SourceArn is the rule's ARN."


def stations_answer(http_api):
    """From now on both stations answer, whatever was scripted before."""
    for station in ("north-quay", "fish-market"):
        http_api.respond(json={"station": station, **READING}, path=f"/readings/{station}")


def fails_with(invocation, kind, why):
    """The error with which the invocation failed, which is of this type."""
    assert invocation.error, why
    assert invocation.error.type == kind, why
    return invocation.error


def own_errors(invocation):
    """What the function itself logged at ERROR; Lambda's own record of what was raised begins in another way."""
    texts = [record.text for record in invocation.logs if record.level == "ERROR"]
    return [text for text in texts if not text.startswith("[ERROR] ")]


def keys_in(aws):
    found = aws.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return sorted(entry["Key"] for entry in found)
