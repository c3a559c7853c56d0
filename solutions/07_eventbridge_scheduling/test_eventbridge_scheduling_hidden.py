"""The hidden checks of lab 07: later years, other hours and stations, harder failures, another rule."""

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta

import pytest

START = datetime(2031, 2, 26, 21, 47, tzinfo=UTC)
EVENT = {
    "version": "0",
    "id": "8b1f8f0a-0d5c-4b5e-a9ba-2f1f3c1d6a10",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-12-31T23:00:41Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/nightly"],
    "detail": {},
}
READING = {"station": "fish-market", "time": "2027-01-01T05:15:00+05:45", "pm25": 0}
FILED = {
    "2026-12-31T23:00:41Z": "readings/fish-market/2026-12-31/23Z.json",
    "2027-01-01T00:00:02Z": "readings/fish-market/2027-01-01/00Z.json",
    "2027-01-01T09:59:59Z": "readings/fish-market/2027-01-01/09Z.json",
}
DAYS = {
    "daily_noon": (12, 0, lambda day: True),
    "weekday_mornings": (9, 0, lambda day: day.isoweekday() <= 5),
    "month_end": (23, 55, lambda day: (day + timedelta(days=1)).day == 1),
}


@pytest.mark.task(2, points=2)
def test_fires_in_later_years_too(function):
    """keeps each expression's times years later, in a leap year too"""
    from workbook.deploy.schedule import ScheduleError, parse

    expressions = tomllib.loads(function.code["schedules.toml"].decode("utf-8-sig"))["schedules"]
    for name, (hour, minute, suits) in DAYS.items():
        days = (START.date() + timedelta(days=number) for number in range(1, 800))
        wanted = [datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) for day in days if suits(day)]
        try:
            schedule = parse(expressions[name])
        except ScheduleError as error:
            raise AssertionError(f"{name}: {error}") from None
        assert schedule.upcoming(START, len(wanted)) == wanted, f"{name} means: {schedule.describe()}."


@pytest.mark.task(3, points=3)
def test_files_each_hour_by_itself(function, bucket, http_api, aws):
    """files one reading for each hour about New Year, for another station, when the function stays warm"""
    http_api.respond(json=READING)
    warm = function.configure(environment={"STATION": "fish-market", "HTTP_TIMEOUT": None})
    for time in FILED:
        invocation = warm.invoke({**EVENT, "time": time})
        assert not invocation.error, "Nothing was wrong, and the function failed."
    asked = {request.path for request in http_api.requests}
    assert asked == {"/readings/fish-market"}, "STATION was fish-market."
    assert keys_in(bucket, aws) == sorted(FILED.values()), "Three hours came. Each has its own object."
    content = aws.client("s3").get_object(Bucket=bucket, Key=FILED["2026-12-31T23:00:41Z"])["Body"].read()
    reading = json.loads(content)
    time = datetime.fromisoformat(reading["time"])
    assert (reading["pm25"], time) == (0, datetime.fromisoformat(READING["time"])), "0 is a good reading."
    assert time.utcoffset() == timedelta(0), f"The stored time is not in UTC: {reading['time']}."


@pytest.mark.task(3, points=1)
def test_sends_the_key_in_its_header_alone(function, bucket, http_api):
    """sends API_KEY in the header X-Api-Key, and nowhere else, also when it fails"""
    secret = "a-key-that-nobody-may-see"
    http_api.respond(json={"error": "sensor offline"}, status=500)
    invocation = function.configure(environment={"API_KEY": secret}).invoke(EVENT)
    for request in http_api.requests:
        assert request.headers.get("X-Api-Key") == secret, "The header X-Api-Key should hold the value of API_KEY."
        assert not request.query, "The key belongs in the header, not in the address."
    assert http_api.requests, "The API was not asked."
    assert secret not in invocation.log_text, "The log holds the value of API_KEY."


@pytest.mark.slow
@pytest.mark.task(4, points=2)
def test_gives_up_on_an_api_that_does_not_answer(function, bucket, http_api, aws):
    """fails after HTTP_TIMEOUT seconds, or 2, when the API takes the request and never answers"""
    http_api.hang()
    for seconds, told, limit in (
        ("0.3", "HTTP_TIMEOUT was 0.3", 2),
        (None, "HTTP_TIMEOUT was not set, so wait 2 s", 3),
    ):
        warm = function.configure(environment={"HTTP_TIMEOUT": seconds}, timeout=limit)
        judge_failure(warm.invoke(EVENT), "north-quay", f"The API never answered; {told}.")
    assert len(http_api.requests) == 2, "The API was not asked once for each event. HTTP_TIMEOUT is a text: convert it."
    assert keys_in(bucket, aws) == []


@pytest.mark.task(4, points=2)
def test_fails_when_nobody_listens(function, bucket, http_api, aws):
    """fails when nobody listens at API_URL, and stores the reading when the API is back; blank means 2 s"""
    http_api.unplug()
    warm = function.configure(environment={"HTTP_TIMEOUT": " "})
    judge_failure(warm.invoke(EVENT), "north-quay", "The API hung up.")
    http_api.plug_in()
    http_api.respond(json={**READING, "station": "north-quay"})
    assert not warm.invoke(EVENT).error, (
        "The API is back, and the warm function failed again. A blank HTTP_TIMEOUT counts as not set: wait 2 seconds."
    )
    assert keys_in(bucket, aws) == ["readings/north-quay/2026-12-31/23Z.json"]


@pytest.mark.task(4, points=2)
def test_refuses_what_is_hard_to_see(function, bucket, http_api, aws):
    """fails when HTTP_TIMEOUT is no number, the event's time is none, or a reading's value is none"""
    http_api.respond(json=READING)
    wrong = function.configure(environment={"HTTP_TIMEOUT": "soon"})
    judge_failure(wrong.invoke(EVENT), "HTTP_TIMEOUT", "HTTP_TIMEOUT was 'soon'.")
    for time in (None, "", "this morning", "2026-12-31T23:00:41"):
        judge_failure(function.invoke({**EVENT, "time": time}), "time", f"The event's time was {time!r}.")
    assert [request.path for request in http_api.requests] == [], "Look at settings and event before you ask the API."
    for value in (True, "12.4", None, -0.1):
        http_api.respond(json={**READING, "pm25": value})
        judge_failure(function.invoke(EVENT), "north-quay", f"The reading's pm25 was {value!r}.")
    assert keys_in(bucket, aws) == [], "Something was stored that is no reading."


@pytest.mark.task(6, points=2)
def test_schedules_another_function(function, aws):
    """makes another rule for another function, and lets that rule in"""
    arn = deploy("lighthouse-keeper", aws)
    create(function, "nightly", "cron(30 1 * * ? *)", arn)
    events = aws.client("events")
    rule = events.describe_rule(Name="nightly")
    assert (rule["ScheduleExpression"], rule["State"]) == ("cron(30 1 * * ? *)", "ENABLED")
    assert [target["Arn"] for target in events.list_targets_by_rule(Rule="nightly")["Targets"]] == [arn]
    policy = json.loads(aws.client("lambda").get_policy(FunctionName="lighthouse-keeper")["Policy"])
    sources = [
        value
        for statement in policy["Statement"]
        for test in statement.get("Condition", {}).values()
        for key, value in test.items()
        if key.lower() == "aws:sourcearn"
    ]
    assert sources == [rule["Arn"]], "The permission's SourceArn is the ARN of this rule."


@pytest.mark.task(5, points=1)
def test_lets_a_refusal_through(function, aws):
    """fails when AWS refuses the expression, the target or the permission"""
    arn = deploy("harbour-collector", aws)
    invocation = create(function, "nightly", "rate(5 minute)", arn, fails="the expression")
    assert "ValidationException" in invocation.payload["errorMessage"], "Leave AWS's refusal uncaught."
    create(function, "nightly", "rate(5 minutes)", "harbour-collector", fails="a target whose Arn is a name")
    absent = arn.replace("harbour-collector", "nobody-made-this")
    create(function, "nightly", "rate(5 minutes)", absent, fails="a permission for a function that is not there")


def create(function, name, expression, arn, *, fails=None):
    event = {"rule_name": name, "expression": expression, "function_name": arn.split(":")[-1], "function_arn": arn}
    invocation = function.configure(handler="create_schedule.lambda_handler").invoke(event)
    assert bool(invocation.error) is bool(fails), (
        f"AWS refused {fails}. Leave that uncaught." if fails else "create_schedule.lambda_handler failed."
    )
    return invocation


def deploy(name, aws):
    """A function of that name in the local cloud, so that a rule can be let in. Returns its ARN."""
    role = aws.client("iam").create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    made = aws.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role=role,
        Handler="lambda_function.lambda_handler",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )
    return made["FunctionArn"]


def judge_failure(invocation, name, why):
    """The invocation failed, and a record that the function itself wrote at ERROR holds the name."""
    assert invocation.error, f"{why} The function returned, which is a success for Lambda: raise."
    assert not invocation.timed_out, f"{why} Lambda killed the function while it waited: give the request a timeout."
    own = [record.text for record in invocation.logs if record.level in ("ERROR", "CRITICAL")]
    own = [text for text in own if not text.startswith("[ERROR] ")]  # that is how Lambda itself logs what was raised
    word = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")
    assert any(word.search(text) for text in own), f"{why} No record of the function's own at ERROR names {name}."


def keys_in(bucket, aws):
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]
