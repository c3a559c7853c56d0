"""The checks of lab 07. They see what AWS would see: firings, objects, log records, the rule and its permission."""

import json
import re
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

START = datetime(2026, 11, 30, 7, 13, 20, tzinfo=UTC)
RULE_EVENT = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-15T06:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/hourly"],
    "detail": {},
}
SCHEDULER_EVENT = {
    **RULE_EVENT,
    "source": "aws.scheduler",
    "time": "2026-01-15T07:00:00Z",
    "resources": ["arn:aws:scheduler:us-east-1:123456789012:schedule/default/hourly"],
    "detail": "{}",
}
READING = {"station": "north-quay", "time": "2026-01-15T06:58:30+01:00", "pm25": 12.4}
KEY = "readings/north-quay/2026-01-15/06Z.json"
WISH = {"rule_name": "hourly-collection", "expression": "rate(1 hour)", "function_name": "harbour-collector"}


# Task 1: Say how often


@pytest.mark.task(1, points=2)
def test_fires_every_five_minutes(function):
    """has an expression that fires every five minutes"""
    keeps_its_step(read_schedule(function, "every_five_minutes"), timedelta(minutes=5), "every five minutes")


@pytest.mark.task(1, points=2)
def test_fires_once_an_hour(function):
    """has an expression that fires once every hour"""
    keeps_its_step(read_schedule(function, "hourly"), timedelta(hours=1), "once every hour")


# Task 2: Say when


@pytest.mark.task(2, points=2)
def test_fires_at_noon_every_day(function):
    """has an expression that fires every day at 12:00 UTC"""
    fires_at(read_schedule(function, "daily_noon"), moments(12, 0, lambda day: True))


@pytest.mark.task(2, points=3)
def test_fires_on_weekday_mornings(function):
    """has an expression that fires from Monday to Friday at 09:00 UTC"""
    fires_at(read_schedule(function, "weekday_mornings"), moments(9, 0, lambda day: day.isoweekday() <= 5))


@pytest.mark.task(2, points=2)
def test_fires_at_the_end_of_every_month(function):
    """has an expression that fires on the last day of every month at 23:55 UTC"""
    fires_at(read_schedule(function, "month_end"), moments(23, 55, lambda day: (day + timedelta(days=1)).day == 1))


# Task 3: Collect one reading for each hour


@pytest.mark.task(3, points=3)
def test_files_the_reading_under_the_hour_of_the_event(function, bucket, http_api, aws):
    """stores STATION's reading under the hour of the event's time, as JSON with the reading's own time in UTC"""
    http_api.respond(json=READING, path="/readings/north-quay")
    function.invoke(RULE_EVENT)
    asked = [f"{request.method} {request.path}" for request in http_api.requests]
    assert asked == ["GET /readings/north-quay"], "Ask the API once, for the station that STATION names."
    assert keys_in(bucket, aws) == [KEY], "The event's time is 2026-01-15T06:00:00Z, so the hour is 06, in UTC."
    found = aws.client("s3").get_object(Bucket=bucket, Key=KEY)
    assert found["ContentType"].startswith("application/json"), "Tell S3 that the content is application/json."
    reading = reading_in(found)
    assert (reading.get("station"), reading.get("pm25")) == ("north-quay", 12.4), "The object is not what the API gave."
    assert moment_of(reading.get("time")) == datetime(2026, 1, 15, 5, 58, 30, tzinfo=UTC), (
        "The object's `time` is the reading's own, in UTC; only the key has the hour of the event."
    )


@pytest.mark.task(3, points=2)
def test_takes_the_event_of_scheduler(function, bucket, http_api, aws):
    """does the same with the event of EventBridge Scheduler, whose detail is a text"""
    http_api.respond(json=READING)
    invocation = function.invoke(SCHEDULER_EVENT)
    assert not invocation.error, "Scheduler sends detail as the text '{}', and a text has no keys. Only `time` counts."
    assert keys_in(bucket, aws) == ["readings/north-quay/2026-01-15/07Z.json"]


@pytest.mark.task(3, points=3)
def test_the_same_event_leaves_one_object(function, bucket, http_api, aws):
    """leaves one object when an event comes twice; another hour, given with an offset, makes another, named in UTC"""
    for time in ("2026-01-15T05:58:30Z", "2026-01-15T06:00:00Z"):
        http_api.respond(json={**READING, "time": time})
        function.invoke(RULE_EVENT)
    assert keys_in(bucket, aws) == [KEY], (
        "One event was delivered twice. Its key follows from STATION and event['time'], and from nothing else."
    )
    function.invoke({**RULE_EVENT, "id": "c1b0ee2f-6a37-4c44-9b1c-0c4b8d1b4f52", "time": "2026-01-16T01:00:00+02:00"})
    assert keys_in(bucket, aws) == [KEY, "readings/north-quay/2026-01-15/23Z.json"], (
        "The event of another hour makes another object. Its time was 2026-01-16T01:00:00+02:00: in UTC that is "
        "2026-01-15, 23:00, and the key has day and hour in UTC."
    )


# Task 4: Let every failure be heard

UNSET = {"API_URL": None, "API_KEY": " ", "BUCKET_NAME": None, "STATION": " "}
UNUSABLE = {
    "the event has no time": {"source": "my own test"},
    "the event's time is 'yesterday'": {**RULE_EVENT, "time": "yesterday"},
    "the event's time has no offset": {**RULE_EVENT, "time": "2026-01-15T06:00:00"},
}
NO_READINGS = {
    "a JSON array": [12.4],
    "no pm25": {"station": "north-quay", "time": "2026-01-15T06:58:30+01:00"},
    "a time without an offset": {**READING, "time": "2026-01-15T06:58:30"},
    "the sensor's fault code": {**READING, "pm25": -999},
}


@pytest.mark.task(4, points=3)
def test_is_tried_three_times_when_the_api_fails(function, bucket, http_api, aws):
    """fails when the API gives no reading, so that Lambda tries three times, and logs the station at ERROR each time"""
    http_api.respond(json={**READING, "error": "sensor offline, the last value is old"}, status=500)
    attempts = function.deliver(RULE_EVENT)
    for attempt in attempts:
        judge_failure(attempt, "north-quay", "The API answered 500.")
    assert len(attempts) == 3, "An event whose invocation fails is tried three times in all."
    for what, answer in NO_READINGS.items():
        http_api.respond(json=answer)
        judge_failure(function.invoke(RULE_EVENT), "north-quay", f"The API answered 200, with {what}.")
    http_api.garble()
    judge_failure(function.invoke(RULE_EVENT), "north-quay", "The API's JSON was cut off in the middle.")
    assert keys_in(bucket, aws) == [], "The API gave no reading, and something was stored."


@pytest.mark.task(4, points=2)
def test_fails_before_any_call_when_it_cannot_begin(function, bucket, http_api, aws):
    """fails before any call when a setting is missing or the event has no usable time; logs its name at ERROR"""

    def judge(invocation, name, why):
        judge_failure(invocation, name, why)
        asked = ", ".join(f"{request.method} {request.path}" for request in http_api.requests)
        assert not asked, f"{why} That could be known before the API was asked, and it was: {asked}."
        called = ", ".join(call.operation for call in aws.calls)
        assert not called, f"{why} That could be known before AWS was called, and it was: {called}."

    for name, value in UNSET.items():
        why = f"{name} was {'blank' if value else 'missing'}."
        judge(function.configure(environment={name: value}).invoke(RULE_EVENT), name, why)
    for what, event in UNUSABLE.items():
        judge(function.invoke(event), "time", f"In this case {what}.")


@pytest.mark.task(4, points=1, provokes="NoSuchBucket")
def test_fails_when_s3_refuses(function, http_api, aws):
    """fails when S3 does not store the reading, and logs the station at ERROR"""
    http_api.respond(json=READING)
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(RULE_EVENT)
    assert any(call.error for call in aws.calls), "S3 would have refused to store the reading, but it was not asked."
    judge_failure(invocation, "north-quay", "S3 refused: the bucket does not exist.")


# Task 5: Make a rule and give it its target


@pytest.mark.task(5, points=2)
def test_makes_an_enabled_rule(function, aws):
    """makes an enabled rule with the name and the expression of the event"""
    create_schedule(function, aws)
    rules = aws.client("events").list_rules()["Rules"]
    assert [rule["Name"] for rule in rules] == ["hourly-collection"], (
        "There should be one rule, called what event['rule_name'] says. put_rule makes one."
    )
    assert rules[0].get("ScheduleExpression") == "rate(1 hour)", "The rule has another expression than the event."
    assert rules[0].get("State") == "ENABLED", "The rule is there, but it is disabled, and never fires."


@pytest.mark.task(5, points=1)
def test_gives_the_rule_one_target(function, aws):
    """gives the rule one target: the function"""
    arn = create_schedule(function, aws)
    targets = targets_of("hourly-collection", aws)
    assert targets == [arn], "The rule's one target is the ARN in event['function_arn']. put_targets sets it."


# Task 6: Let the rule in


@pytest.mark.task(6, points=2)
def test_lets_the_rule_in(function, aws):
    """lets this rule, and no other, invoke the function"""
    create_schedule(function, aws)
    statements = statements_of("harbour-collector", aws)
    assert len(statements) == 1, (
        f"The function's own policy has {len(statements)} statements, and needs one. add_permission makes one, and "
        "without it no firing ever reaches the function."
    )
    statement = statements[0]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}, (
        "EventBridge calls itself events.amazonaws.com."
    )
    assert statement["Action"] == "lambda:InvokeFunction", "What a rule does is lambda:InvokeFunction."
    source = source_of(statement)
    assert source, (
        "Without the rule's ARN as SourceArn, rules of other people may come in. put_rule answers with RuleArn."
    )
    assert source == "arn:aws:events:us-east-1:123456789012:rule/hourly-collection", (
        "SourceArn is another ARN than this rule's, so this rule may not come in. put_rule answers with it, as RuleArn."
    )


# What the checks look with

EXAMPLES = {"time": "the event has no usable time", "north-quay": "no reading of north-quay was stored"}


def read_schedule(function, name):
    """The expression of that name in schedules.toml, as AWS reads it."""
    from workbook.deploy.schedule import ScheduleError, parse

    assert "schedules.toml" in function.code, "There is no schedules.toml beside the code."
    try:
        expression = tomllib.loads(function.code["schedules.toml"].decode("utf-8-sig"))["schedules"].get(name)
    except (AttributeError, KeyError, ValueError) as error:
        raise AssertionError(
            f"schedules.toml cannot be read as the table [schedules]: {error}. Each expression stands between quotes, "
            'as in hourly = "...".'
        ) from None
    assert expression, f"schedules.toml has no expression for {name} yet."
    assert isinstance(expression, str), f"{name} in schedules.toml is no text: write the expression between quotes."
    try:
        return parse(expression)
    except ScheduleError as error:
        raise AssertionError(f"{name}: {error}") from None


def keeps_its_step(schedule, step, words):
    """The schedule fires with this time between any two firings, from now on."""
    firings = schedule.upcoming(START, 600)
    gaps = {later - earlier for earlier, later in pairwise(firings)}
    told = f"{schedule.expression} does not fire {words}. It means: {schedule.describe()}."
    assert len(firings) == 600, told
    assert gaps == {step}, told
    assert firings[0] - START <= step, told


def moments(hour, minute, suits):
    """The next 60 moments at that time of day, UTC, on days that suit."""
    days = (START.date() + timedelta(days=number) for number in range(60 * 31))
    found = (datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) for day in days if suits(day))
    return [moment for moment in found if moment > START][:60]


def fires_at(schedule, expected):
    """The schedule fires at these moments, and at no other between them."""
    firings = schedule.upcoming(START, len(expected))
    wrong = [(wanted, found) for wanted, found in zip(expected, firings, strict=False) if wanted != found]
    notes = "".join(f" Note: {note}." for note in schedule.warnings)
    told = f"{schedule.expression} means: {schedule.describe()}.{notes}"
    assert firings, f"{told} That is never again."
    assert not wrong, f"{told} It fires on {say(wrong[0][1])}; the next that was asked for is {say(wrong[0][0])}."
    assert len(firings) == len(expected), f"{told} It fires no more after {say(firings[-1])}."


def say(moment):
    return f"{moment:%A %Y-%m-%d at %H:%M:%S}".removesuffix(":00") + " UTC"


def judge_failure(invocation, name, why):
    """The invocation failed, and a record that the function itself wrote at ERROR holds the name."""
    assert invocation.error, f"{why} The function returned, which is a success for Lambda: raise."
    assert not invocation.timed_out, f"{why} Lambda killed the function while it waited."
    own = [record.text for record in invocation.logs if record.level in ("ERROR", "CRITICAL")]
    own = [text for text in own if not text.startswith("[ERROR] ")]  # that is how Lambda itself logs what was raised
    assert own, (
        f"{why} The function raised, but your code logged nothing at ERROR before that. (A line of the log that begins "
        "with [ERROR] and the exception's name is Lambda's, and does not count.)"
    )
    word = re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])")
    assert any(word.search(text) for text in own), (
        f"{why} No record of yours at ERROR names {name}. Log a text of your own that does, such as "
        f'"{EXAMPLES.get(name, f"{name} is not set")}".'
    )


def keys_in(bucket, aws):
    """The keys of all objects in the bucket."""
    return [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def reading_in(stored):
    """The stored object's content, which is a JSON object."""
    content = stored["Body"].read().decode("utf-8", "replace")
    try:
        reading = json.loads(content)
    except ValueError:
        reading = None
    assert isinstance(reading, dict), f"The object holds no JSON object but: {content[:100]}"
    return reading


def moment_of(text):
    """A time in ISO 8601 in UTC, as a datetime."""
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise AssertionError(f"The stored `time` is no time in ISO 8601: {text!r}.") from None
    assert time.utcoffset() == timedelta(0), f"The stored `time` is not in UTC: {text!r}."
    return time


def create_schedule(function, aws, wish=WISH):
    """Deploy what is to be scheduled, then let create_schedule.py schedule it; returns its ARN."""
    arn = deploy(wish["function_name"], aws)
    creator = function.configure(handler="create_schedule.lambda_handler")
    invocation = creator.invoke({**wish, "function_arn": arn})
    assert not invocation.error, "create_schedule.lambda_handler failed."
    return arn


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


def targets_of(rule, aws):
    """The ARNs of the rule's targets."""
    events = aws.client("events")
    try:
        return [target["Arn"] for target in events.list_targets_by_rule(Rule=rule)["Targets"]]
    except events.exceptions.ResourceNotFoundException:
        raise AssertionError(f"There is no rule {rule} yet, so it has no target.") from None


def statements_of(name, aws):
    """The statements of the function's own policy, which says who may invoke it."""
    functions = aws.client("lambda")
    try:
        return json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    except functions.exceptions.ResourceNotFoundException:
        return []


def source_of(statement):
    """The ARN that the statement's condition asks of whoever comes in; None if it has none."""
    tests = [test for tests in statement.get("Condition", {}).values() for test in tests.items()]
    return next((value for key, value in tests if key.lower() == "aws:sourcearn"), None)
