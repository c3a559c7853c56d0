"""The checks of lab 08. They call AWS as the function's role, read its policy, and run the function under it."""

import json

import pytest
from botocore.exceptions import ClientError

BUCKET = "workbook-readings"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/"
STATIONS = "config/stations.json"
READING = {"station": "north-quay", "time": "2026-01-15T00:30:00+01:00", "pm25": 12.4}
KEY = "readings/north-quay/2026-01-14/233000Z.json"


# Task 1: Let the function write its log


@pytest.mark.task(1, points=2)
def test_lets_the_function_write_its_log(role):
    """allows the three calls that write the function's log"""
    take(role)
    for action in ("CreateLogGroup", "CreateLogStream", "PutLogEvents"):
        assert role.allows(f"logs:{action}", log_stream("harbour-collector")), (
            f"The policy does not allow logs:{action} on the log of harbour-collector. "
            f"The log's ARN, with all its streams, is {LOGS}harbour-collector:*"
        )


@pytest.mark.task(1, points=1, needs="test_lets_the_function_write_its_log")
def test_leaves_the_logs_of_other_functions_alone(role):
    """allows no writing into another function's log"""
    for action in ("CreateLogStream", "PutLogEvents"):
        assert not role.allows(f"logs:{action}", log_stream("harbour-billing")), (
            f"The policy allows logs:{action} on the log of another function, harbour-billing. "
            "Name the log of harbour-collector in Resource."
        )


# Task 2: Let it read the list of stations


@pytest.mark.task(2, points=2)
def test_reads_the_list_of_stations(role):
    """lets the role read config/stations.json"""
    expect_allowed(role, "get_object", Key=STATIONS)


@pytest.mark.task(2, points=1, needs="test_reads_the_list_of_stations")
def test_reads_no_other_object(role, aws):
    """refuses to read any other object"""
    for key in (KEY, "config/passwords.json"):
        aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body="secret")
        expect_refused(role, "get_object", Key=key)


# Task 3: Let it ask where the bucket is


@pytest.mark.task(3, points=2)
def test_asks_where_the_bucket_is(role):
    """lets the role ask for the bucket's location"""
    expect_allowed(role, "get_bucket_location")


@pytest.mark.task(3, points=1, needs="test_asks_where_the_bucket_is")
def test_asks_the_bucket_nothing_else(role):
    """refuses to list the bucket or to change it"""
    expect_refused(role, "list_objects_v2")
    expect_refused(role, "put_bucket_versioning", VersioningConfiguration={"Status": "Suspended"})


# Task 4: Let it write readings, and nothing else


@pytest.mark.task(4, points=1)
def test_writes_readings(role):
    """lets the role write under readings/"""
    expect_allowed(role, "put_object", Key=KEY)
    expect_allowed(role, "put_object", Key="readings/fish-market/2027-12-31/000000Z.json")


@pytest.mark.task(4, points=2)
def test_works_under_its_policy(function, role, aws):
    """stores a reading: the function works, under the policy"""
    take(role)
    invocation = function.invoke(READING)
    assert not invocation.error, "AWS refused a call that the function makes. Its message names action and resource."
    stored = [found["Key"] for found in aws.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert KEY in stored, f"The function ran, and {KEY} is not in the bucket. Is store() as it was?"


@pytest.mark.task(4, points=1, needs="test_writes_readings")
def test_writes_nowhere_else(role, aws):
    """refuses to write outside readings/, or into another bucket"""
    aws.client("s3").create_bucket(Bucket="harbour-archive")
    for key in (STATIONS, "reports/2026.json", "readings-old/2026.json"):
        expect_refused(role, "put_object", Key=key)
    expect_refused(role, "put_object", Bucket="harbour-archive", Key=KEY)


@pytest.mark.task(4, points=1, needs="test_writes_readings")
def test_deletes_nothing(role, aws):
    """refuses to delete a reading, or the list of stations"""
    for key in (KEY, STATIONS):
        aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body="[]")
        expect_refused(role, "delete_object", Key=key)


@pytest.mark.task(4, points=1, needs="test_writes_readings")
def test_names_what_it_allows(role, function):
    """names every action in full, and its resource: no * stands for all"""
    take(role)
    for number, statement in enumerate(statements_in(function.code["policy.json"]), 1):
        if statement["Effect"] == "Deny":
            continue
        where = f"policy.json, statement {number}:"
        for name in ("NotAction", "NotResource"):
            assert name not in statement, f"{where} {name} allows all but what it names. Name what you allow."
        for action in listed(statement["Action"]):
            assert not set("*?") & set(action), f"{where} {action} stands for many actions. Spell out each one."
            assert action.lower().startswith(("logs:", "s3:")), f"{where} the function has no use for {action}."
        for resource in listed(statement["Resource"]):
            assert resource.strip("*"), f"{where} the Resource * stands for everything. Write an ARN."


# Task 5: Say which call was refused


@pytest.mark.task(5, points=2, provokes="AccessDenied")
def test_logs_which_call_was_refused(function, role):
    """logs an error that names the refused call"""
    for action, operation in {"s3:PutObject": "PutObject", "s3:GetObject": "GetObject"}.items():
        role.attach(everything_but(action))
        errors = errors_logged(function.invoke(READING))
        assert any("AccessDenied" in error and operation in error for error in errors), (
            f"This check took {action} away from the role, whatever policy.json allows. Log a line at ERROR with "
            f"AccessDenied and {operation} in it: the exception has both. The function logged: {errors or 'nothing'}"
        )


@pytest.mark.task(5, points=2, needs="test_logs_which_call_was_refused", provokes="AccessDenied")
def test_raises_the_refusal_again(function, role):
    """fails with AWS's refusal, after logging it"""
    role.attach(everything_but("s3:PutObject"))
    invocation = function.invoke(READING)
    assert invocation.error, (
        "This check took s3:PutObject away from the role. Nothing was stored, and the function did not fail: "
        "end the except with raise."
    )
    assert "AccessDenied" in str(invocation.error), (
        "The function failed with another error than AWS's refusal. A bare raise raises the same one again."
    )


@pytest.mark.task(5, points=1, needs="test_logs_which_call_was_refused", provokes="NoSuchBucket")
def test_calls_no_other_error_a_refusal(function, role):
    """lets another error through, and does not call it AccessDenied"""
    role.attach(everything_but("s3:DeleteObject"))
    invocation = function.configure(environment={"BUCKET_NAME": "nobody-made-this-bucket"}).invoke(READING)
    assert invocation.error, "The bucket does not exist, and the function did not fail. Raise every error again."
    assert not any("AccessDenied" in error for error in errors_logged(invocation)), (
        "The bucket does not exist (NoSuchBucket), and the log says AccessDenied. "
        'Ask error.response["Error"]["Code"] first.'
    )


# What the checks look with


def take(role):
    """The role, if AWS would take its policy."""
    assert not role.fault, f"AWS would not take this policy, so the role may do nothing. {role.fault}"
    return role


def call(role, operation, **arguments):
    """Makes the call as the function's role: AWS's error code and message, or none of both when it is allowed."""
    contents = {"Body": "[]"} if operation == "put_object" else {}
    try:
        getattr(take(role).client("s3"), operation)(**{"Bucket": BUCKET, **arguments, **contents})
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["Error"]["Message"]
    return None, None


def expect_allowed(role, operation, **arguments):
    code, message = call(role, operation, **arguments)
    assert not code, (
        f"As the function's role, {shown(operation, arguments)} was refused. Allow that action on that resource.\n"
        f"AWS said  {message}"
    )


def expect_refused(role, operation, **arguments):
    code, _ = call(role, operation, **arguments)
    refused = code == "AccessDenied"
    assert refused, (
        f"As the function's role, {shown(operation, arguments)} was allowed. The function never needs that: "
        "find the statement that allows it, and narrow its Action or its Resource."
    )


def shown(operation, arguments):
    """The call, as one would write it."""
    named = {"Bucket": BUCKET, **{name: value for name, value in arguments.items() if name in ("Bucket", "Key")}}
    return f"{operation}({', '.join(f'{name}={value!r}' for name, value in named.items())})"


def log_stream(function_name):
    """The ARN of a stream in a function's log."""
    return f"{LOGS}{function_name}:log-stream:2026/01/15/[$LATEST]0123456789abcdef"


def statements_in(policy):
    """The policy's statements; AWS also takes a single one that stands in no list."""
    return listed(json.loads(policy)["Statement"])


def listed(value):
    return value if isinstance(value, list) else [value]


def everything_but(action):
    """A policy that allows everything except this one action."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": action, "Resource": "*"},
        ],
    }


def errors_logged(invocation):
    """What the function logged at ERROR. (When it fails, Lambda adds a line of its own, which begins "[ERROR] ".)"""
    own = [record for record in invocation.logs if not record.text.startswith("[ERROR] ")]
    return [record.text for record in own if record.level == "ERROR"]
