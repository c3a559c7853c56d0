"""The checks of lab 09. They see what AWS would see: what lies in the bucket, what the log says, and how it ended."""

import ast
import json
import re
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import PurePosixPath

import pytest

BUCKET = "workbook-readings"
EVENT = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-15T00:00:07Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/hourly"],
    "detail": {},
}
NORTH_QUAY = "readings/north-quay/2026-01-15/00Z.json"
FISH_MARKET = "readings/fish-market/2026-01-15/00Z.json"
NORTH_QUAY_READS = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
FISH_MARKET_READS = {"station": "fish-market", "time": "2026-01-14T23:58:30Z", "pm25": 0}
NOT_SET = {"API_URL": None, "API_KEY": "  ", "BUCKET_NAME": None, "STATIONS": ""}
WRONG = [("STATIONS", value) for value in ("north-quay,Fish Market", "north-quay,,fish-market")]
WRONG += [("HTTP_TIMEOUT", value) for value in ("soon", "0", "-1")]


# Task 1: Read the settings before anything else


@pytest.mark.task(1, points=2)
def test_names_a_missing_setting(function, http_api):
    """fails with a ConfigurationError that names a missing or blank setting"""
    for name, value in NOT_SET.items():
        invocation = function.configure(environment={name: value}).invoke(EVENT)
        fails_with(invocation, "ConfigurationError", f"{name} was {'missing' if value is None else 'blank'}.")
        assert name in invocation.error.message, f"The error's message should name {name}, the setting at fault."


@pytest.mark.task(1, points=2)
def test_refuses_wrong_settings_before_any_call(function, http_api, aws):
    """logs a wrong setting at ERROR, and calls neither the API nor S3"""
    stations_answer(http_api)
    for name, value in WRONG:
        invocation = function.configure(environment={name: value}).invoke(EVENT)
        fails_with(invocation, "ConfigurationError", f"{name} was {value!r}.")
        assert any(name in text for text in own_errors(invocation)), (
            f"Your code logs no record at ERROR that names {name}."
        )
        asked = [request.path for request in http_api.requests]
        assert asked == [], f"{name} was {value!r}, and the API was asked all the same. Check every setting first."
        assert aws.calls == [], f"{name} was {value!r}, and AWS was called all the same. Check every setting first."


# Task 2: Allow the function what it does, and nothing more


@pytest.mark.task(2, points=2)
def test_policy_allows_what_the_function_does(role):
    """allows the function to store readings and to write its log"""
    assert not role.fault, f"AWS would not take this policy. {role.fault}"
    log = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/harbour-collector:log-stream:2026/01/15/a"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        assert role.allows(action, log), (
            f"policy.json does not allow {action} on {log}. "
            "Its ARN is arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/FUNCTION:*, with `log-group:` and `:*`."
        )
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/harbour-collector:log-stream:"
    assert role.allows("logs:CreateLogGroup", group), "policy.json does not allow logs:CreateLogGroup on the log group."
    for key in (NORTH_QUAY, "readings/fish-market/2031-12-31/23Z.json"):
        assert role.allows("s3:PutObject", f"arn:aws:s3:::{BUCKET}/{key}"), (
            f"policy.json does not allow s3:PutObject on {key} in {BUCKET}."
        )


FORBIDDEN = [
    ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/config/stations.json"),
    ("s3:PutObject", "arn:aws:s3:::somebody-elses-bucket/readings/north-quay/2026-01-15/00Z.json"),
    ("s3:DeleteObject", f"arn:aws:s3:::{BUCKET}/{NORTH_QUAY}"),
    ("s3:DeleteBucket", f"arn:aws:s3:::{BUCKET}"),
    ("events:PutRule", "arn:aws:events:us-east-1:123456789012:rule/hourly"),
    ("lambda:AddPermission", "arn:aws:lambda:us-east-1:123456789012:function:harbour-collector"),
    ("iam:CreateRole", "arn:aws:iam::123456789012:role/another"),
    ("logs:DeleteLogGroup", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/harbour-collector:log-stream:"),
    ("logs:PutLogEvents", "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/another:log-stream:2026/01/15/a"),
]


@pytest.mark.task(2, points=2, needs="test_policy_allows_what_the_function_does")
def test_policy_allows_nothing_more(role):
    """allows nothing that the function does not do"""
    for action, resource in FORBIDDEN:
        assert not role.allows(action, resource), (
            f"policy.json also allows {action} on {resource}. Name each action, log and folder in full."
        )


# Task 3: Store one object for each station and hour


@pytest.mark.task(3, points=3)
def test_stores_one_object_per_station_and_hour(function, http_api, aws):
    """stores each station's reading under the hour of the event, as JSON, and refuses an event without a time"""
    stations_answer(http_api)
    ends_well(function.invoke(EVENT))
    found = objects_in(aws)
    assert sorted(found) == [FISH_MARKET, NORTH_QUAY], (
        "Two stations and one hour make two objects. The hour is that of event['time'], in UTC."
    )
    for key, sent in ((NORTH_QUAY, NORTH_QUAY_READS), (FISH_MARKET, FISH_MARKET_READS)):
        reading = reading_in(found[key])
        for name in ("station", "pm25"):
            assert reading.get(name) == sent[name], f"The `{name}` in {key} is not the reading's."
        same_moment(reading.get("time"), sent["time"], key)
        assert found[key]["ContentType"].startswith("application/json"), f"{key} is not said to be application/json."
    refuses_events_without_a_time(function, http_api, aws)


@pytest.mark.task(3, points=2)
def test_asks_the_api_once_for_each_station(function, http_api):
    """asks the API once for each station in STATIONS, with the key in the header X-Api-Key alone"""
    for station in ("ferry-pier", "old-lighthouse", "north-quay"):
        http_api.respond(json={**NORTH_QUAY_READS, "station": station}, path=f"/readings/{station}")
    variables = {"STATIONS": "ferry-pier, old-lighthouse ,north-quay", "API_KEY": "a-key-that-nobody-may-see"}
    invocation = function.configure(environment=variables).invoke(EVENT)
    why = 'STATIONS was "ferry-pier, old-lighthouse ,north-quay". Spaces beside a comma belong to no name.'
    ends_well(invocation, why)
    asked = sorted(f"{request.method} {request.path}" for request in http_api.requests)
    assert asked == ["GET /readings/ferry-pier", "GET /readings/north-quay", "GET /readings/old-lighthouse"], why
    for request in http_api.requests:
        key = request.headers.get("X-Api-Key")
        assert key == "a-key-that-nobody-may-see", "The header X-Api-Key should hold the value of API_KEY."
        assert not request.query, "The request needs no query: the key belongs in the header, and nowhere else."
    assert "a-key-that-nobody-may-see" not in invocation.log_text, "The log holds the value of API_KEY."


# Task 4: Let one station fail alone, then fail aloud


@pytest.mark.task(4, points=3)
def test_stores_the_others_then_names_who_failed(function, http_api, aws):
    """stores what the other stations sent, then fails with a CollectorError that names the one that failed"""
    for last_reading, stored in ((NORTH_QUAY_READS, FISH_MARKET), (FISH_MARKET_READS, NORTH_QUAY)):
        broken = last_reading["station"]
        stations_answer(http_api)
        http_api.respond(json=last_reading, status=500, path=f"/readings/{broken}")
        empty(aws)
        invocation = function.invoke(EVENT)
        assert sorted(objects_in(aws)) == [stored], f"{broken} answered 500, the other station 200: store the other."
        fails_with(invocation, "CollectorError", f"{broken} answered 500.")
        message = invocation.error.message
        assert broken in message, "The CollectorError's message should name the station that failed."
        other = stored.split("/")[1]
        assert other not in message, f"{other} did not fail, and the CollectorError names it."


GARBAGE = {"an array": [12.4], "no pm25": {"station": "fish-market", "time": "2026-01-14T23:58:30Z"}}
GARBAGE |= {
    "a time without an offset": {**FISH_MARKET_READS, "time": "2026-01-14T23:58:30"},
    "the sensor's fault code": {**FISH_MARKET_READS, "pm25": -999},
    "another station's reading": NORTH_QUAY_READS,
}


@pytest.mark.task(4, points=2)
def test_takes_no_garbage(function, http_api, aws):
    """stores no answer that is no reading, and logs the station at ERROR with the trace"""
    for what, answer in GARBAGE.items():
        stations_answer(http_api)
        http_api.respond(json=answer, path="/readings/fish-market")
        judge_failure(function.invoke(EVENT), aws, f"fish-market answered with {what}.")
    stations_answer(http_api)
    http_api.respond(json=FISH_MARKET_READS, status=201, path="/readings/fish-market")
    judge_failure(function.invoke(EVENT), aws, "fish-market answered 201, and only 200 brings a reading.")
    stations_answer(http_api)
    http_api.garble(path="/readings/fish-market")
    judge_failure(function.invoke(EVENT), aws, "fish-market's answer was cut off in the middle.")


@pytest.mark.slow
@pytest.mark.task(4, points=1)
def test_waits_no_longer_than_it_may(function, http_api, aws):
    """gives up on a station that does not answer after HTTP_TIMEOUT seconds, and stores the other's reading"""
    stations_answer(http_api)
    http_api.hang(path="/readings/fish-market")
    invocation = function.configure(environment={"HTTP_TIMEOUT": "0.5"}).invoke(EVENT)
    assert not invocation.timed_out, "Lambda killed the function while it waited. Give the request timeout=..."
    judge_failure(invocation, aws, "fish-market did not answer; HTTP_TIMEOUT was 0.5.")


@pytest.mark.task(4, points=1, provokes="AccessDenied")
def test_fails_aloud_when_s3_refuses(function, http_api, aws, role):
    """fails with a CollectorError that names every station when S3 stores nothing"""
    stations_answer(http_api)
    role.attach({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
    invocation = function.invoke(EVENT)
    assert any(call.operation == "PutObject" for call in aws.calls), "S3 would have refused, but it was not asked."
    fails_with(invocation, "CollectorError", "The check made S3 refuse every write; your policy.json is not the cause.")
    for station in ("north-quay", "fish-market"):
        assert station in invocation.error.message, "S3 refused every reading: name every station."


# Task 5: Make a second delivery harmless


@pytest.mark.task(5, points=3)
def test_recovers_without_doubling_anything(function, http_api, aws):
    """is tried three times while a station is down, and leaves one object for each station when it is back"""
    stations_answer(http_api)
    http_api.respond(json={"error": "unplugged"}, status=503, path="/readings/fish-market")
    attempts = function.deliver(EVENT)
    assert len(attempts) == 3, (
        f"A failed event is tried three times; this one ended after {len(attempts)}. Raise in each attempt."
    )
    assert sorted(objects_in(aws)) == [NORTH_QUAY], "fish-market was down for three attempts, north-quay was not."
    stations_answer(http_api)
    attempts = function.deliver({**EVENT, "id": "49672d39-8c3a-4cc6-8de5-c57b0acf718f"})
    assert not attempts[0].error, (
        "fish-market is back, and the function, still warm, failed again. Does a list outlive the invocation?"
    )
    assert sorted(objects_in(aws)) == [FISH_MARKET, NORTH_QUAY], (
        "One hour was delivered four times. The key follows from station and event['time'] alone."
    )


# Task 6: Pin what the function imports


@pytest.mark.task(6, points=2)
def test_pins_what_it_imports(function):
    """pins in requirements.txt each library that the code imports and Lambda does not have"""
    pinned, imported = pins(function.code), foreign_imports(function.code)
    missing = sorted(imported - set(pinned))
    assert not missing, f"The code imports {missing[0]}, and requirements.txt has no line {missing[0]}==VERSION."
    loose = [name for name, version in pinned.items() if not re.fullmatch(r"\d[\w.!+]*", version)]
    assert not loose, f"The line of {loose[0]} names no exact version. Write NAME==VERSION, and no range."
    assert "requests" not in imported or pinned["requests"] == "2.34.2", (
        f"requirements.txt pins requests to {pinned['requests']}. The bench tries your code with 2.34.2: take that one."
    )


# Task 7: Put it on its schedule


@pytest.mark.task(7, points=2)
def test_fires_once_an_hour(function):
    """has an expression in schedules.toml that AWS takes, and that fires once in every hour"""
    from workbook.deploy.schedule import ScheduleError, parse

    try:
        expression = tomllib.loads(function.code["schedules.toml"].decode("utf-8-sig"))["schedules"]["hourly"]
        schedule = parse(expression)
    except (KeyError, TypeError, ValueError) as error:
        told = f"{error.problem}" if isinstance(error, ScheduleError) else f"{type(error).__name__}: {error}"
        raise AssertionError(f"schedules.toml has no expression `hourly` that AWS takes: {told}") from None
    firings = schedule.upcoming(datetime(2026, 1, 14, 23, 59, tzinfo=UTC), 50)
    waits = {later - earlier for earlier, later in pairwise(firings)}
    assert waits == {timedelta(hours=1)}, f"{expression} does not fire once an hour, but {schedule.describe()}."


@pytest.mark.task(7, points=3)
def test_creates_the_schedule(function, aws, role):
    """creates an enabled rule with the function as its one target, and lets that rule in"""
    arn = deploy_collector(aws)
    role.attach({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    creator = function.configure(handler="create_schedule.lambda_handler")
    invocation = creator.invoke(
        {
            "rule_name": "hourly-collection",
            "expression": "rate(1 hour)",
            "function_name": "harbour-collector",
            "function_arn": arn,
        }
    )
    assert not invocation.error, "create_schedule.py failed."
    events = aws.client("events")
    rules = {rule["Name"]: rule for rule in events.list_rules()["Rules"]}
    assert list(rules) == ["hourly-collection"], "There should be one rule, called what event['rule_name'] says."
    rule = rules["hourly-collection"]
    assert rule.get("ScheduleExpression") == "rate(1 hour)", "The rule has not the expression of the event."
    assert rule.get("State") == "ENABLED", "The rule is disabled: it never fires."
    targets = [target["Arn"] for target in events.list_targets_by_rule(Rule="hourly-collection")["Targets"]]
    assert targets == [arn], "The rule should have one target: the ARN in event['function_arn']."
    permissions = statements_of(aws)
    is_alone = len(permissions) == 1
    assert is_alone, f"The function's own policy has {len(permissions)} statements. Call add_permission once."
    allowed = permissions[0]
    assert allowed.get("Principal") == {"Service": "events.amazonaws.com"}, "The Principal is events.amazonaws.com."
    assert allowed.get("Action") == "lambda:InvokeFunction", "The Action is lambda:InvokeFunction."
    sources = [value for test in allowed.get("Condition", {}).values() for value in test.values()]
    assert sources == [rule["Arn"]], "Let in this rule alone: SourceArn is the RuleArn that put_rule answers with."


# What the checks look with


def stations_answer(http_api):
    """From now on both stations answer, whatever was scripted before."""
    http_api.respond(json=NORTH_QUAY_READS, path="/readings/north-quay")
    http_api.respond(json=FISH_MARKET_READS, path="/readings/fish-market")


def ends_well(invocation, why="Nothing was wrong, and the function failed."):
    assert not invocation.error, why


def fails_with(invocation, kind, why):
    """The invocation failed, with an error of this type."""
    assert invocation.error, f"{why} The function returned, which is a success for Lambda. Raise a {kind}."
    assert invocation.error.type == kind, f"{why} The error should be a {kind}."


def refuses_events_without_a_time(function, http_api, aws):
    """Each of these ends in a CollectorError that names `time` and in a record, and nothing is called."""
    calls = len(http_api.requests), len(aws.calls)
    without = {name: value for name, value in EVENT.items() if name != "time"}
    for event in (without, *({**EVENT, "time": time} for time in ("soon", 7, "2026-01-15T00:00:07"))):
        why = f"The event's time was {event['time']!r}." if "time" in event else "The event had no time."
        invocation = function.invoke(event)
        fails_with(invocation, "CollectorError", why)
        assert "time" in invocation.error.message, f"{why} The CollectorError's message should name time."
        assert own_errors(invocation), f"{why} Your code logs no record at ERROR before it raises."
        assert (len(http_api.requests), len(aws.calls)) == calls, f"{why} A call was made all the same."


def judge_failure(invocation, aws, why):
    """fish-market alone failed: it was logged with its trace and raised, and north-quay was stored."""
    assert sorted(objects_in(aws)) == [NORTH_QUAY], f"{why} Store north-quay's reading, and nothing else."
    fails_with(invocation, "CollectorError", why)
    told = [text for text in own_errors(invocation) if "fish-market" in text]
    assert told, f"{why} Your code logs no record at ERROR that names fish-market."
    assert any("Traceback" in text for text in told), f"{why} Log it with its trace: logger.exception(...) does."


def own_errors(invocation):
    """What the function itself logged at ERROR; Lambda's own record of what was raised begins in another way."""
    texts = [record.text for record in invocation.logs if record.level == "ERROR"]
    return [text for text in texts if not text.startswith("[ERROR] ")]


def objects_in(aws):
    """Every object in the bucket, by its key, as get_object gives it."""
    s3 = aws.client("s3")
    found = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {entry["Key"]: s3.get_object(Bucket=BUCKET, Key=entry["Key"]) for entry in found}


def empty(aws):
    for key in objects_in(aws):
        aws.client("s3").delete_object(Bucket=BUCKET, Key=key)


def reading_in(stored):
    content = stored["Body"].read().decode("utf-8", "replace")
    try:
        reading = json.loads(content)
    except ValueError:
        reading = None
    assert isinstance(reading, dict), f"The object holds no JSON object but: {content[:100]}"
    return reading


def same_moment(stored, sent, key):
    try:
        time = datetime.fromisoformat(stored)
    except (TypeError, ValueError):
        raise AssertionError(f"The `time` in {key} is no time in ISO 8601: {stored!r}.") from None
    assert time.utcoffset() == timedelta(0), f"The `time` in {key} is not in UTC: {stored!r}."
    assert time == datetime.fromisoformat(sent), f"The `time` in {key} should be the reading's own, {sent}: {stored!r}."


def pins(code):
    """The names in requirements.txt, as they are imported, each with the version that it is pinned to."""
    assert "requirements.txt" in code, "There is no requirements.txt beside the code."
    lines = (
        line.partition("#")[0].strip() for line in code["requirements.txt"].decode("utf-8-sig", "replace").splitlines()
    )
    parts = (line.partition("==") for line in lines if line and not line.startswith("-"))
    return {
        re.sub(r"\[.*", "", name).strip().lower().replace("-", "_"): version.partition(";")[0].strip()
        for name, _, version in parts
    }


def foreign_imports(code):
    """The top-level names that the code imports and finds neither beside itself nor in Lambda's runtime."""
    own = {PurePosixPath(name).parts[0].removesuffix(".py") for name in code}
    there = own | set(sys.stdlib_module_names) | {"boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six"}
    names = set()
    for name, text in code.items():
        if name.endswith(".py"):
            try:
                nodes = list(ast.walk(ast.parse(text)))
            except SyntaxError as error:
                raise AssertionError(f"{name} cannot be read as Python: {error}.") from None
            names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0].lower() for name in names} - there


def deploy_collector(aws):
    """A function of the collector's name in the account, with its ARN; its code does not matter here."""
    trust = {"Service": "lambda.amazonaws.com"}
    trust = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}}
    made = aws.client("iam").create_role(RoleName="collector", AssumeRolePolicyDocument=json.dumps(trust))
    return aws.client("lambda").create_function(
        FunctionName="harbour-collector", Runtime="python3.13", Role=made["Role"]["Arn"],
        Handler="lambda_function.lambda_handler", Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )["FunctionArn"]  # fmt: skip


def statements_of(aws):
    """The statements of the function's own policy, which says who may invoke it."""
    client = aws.client("lambda")
    try:
        return json.loads(client.get_policy(FunctionName="harbour-collector")["Policy"])["Statement"]
    except client.exceptions.ResourceNotFoundException:
        return []
