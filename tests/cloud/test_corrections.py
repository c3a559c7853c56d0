"""Where moto alone would answer otherwise than AWS; and what the bench sees of a call on its way."""

import threading
from io import BytesIO
from zipfile import ZipFile

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import Cloud

BUCKET = "workbook-readings"
ROLE = "arn:aws:iam::123456789012:role/r"


class Judge:
    """A validator that a check may replace."""

    def __call__(self, expression, service):
        return self.verdict(expression, service)

    @staticmethod
    def verdict(expression, service):
        return "singular with 5" if expression == f"rate(5 {service})" else None


@pytest.fixture(scope="module")
def judge():
    return Judge()


@pytest.fixture(scope="module")
def shared_cloud(judge):
    services = ["s3", "events", "scheduler", "lambda", "sns", "sqs", "iam"]
    with Cloud(services=services, buckets=[BUCKET], validate_schedule=judge) as cloud:
        yield cloud


@pytest.fixture(params=["function", "bench"])
def client(request, cloud, function_client):
    """Makes clients for either door."""
    if request.param == "bench":
        return cloud.client
    return lambda service: function_client(cloud.function_endpoint, service)


def refused(action):
    with pytest.raises(ClientError) as caught:
        action()
    response = caught.value.response
    return (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["Error"]["Code"],
        response["Error"]["Message"],
    )


def test_put_rule_refuses_what_the_validator_refuses(client):
    events = client("events")
    assert refused(lambda: events.put_rule(Name="r", ScheduleExpression="rate(5 rules)")) == (
        400,
        "ValidationException",
        "Parameter ScheduleExpression is not valid.",
    )
    events.put_rule(Name="r", ScheduleExpression="rate(5 minutes)")
    events.put_rule(Name="by-pattern", EventPattern='{"source": ["aws.s3"]}')
    assert {rule["Name"] for rule in events.list_rules()["Rules"]} == {"by-pattern", "r"}


def test_schedules_refuse_what_the_validator_refuses(client):
    scheduler = client("scheduler")

    def schedule(expression):
        return {
            "Name": "s",
            "ScheduleExpression": expression,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": ROLE, "RoleArn": ROLE},
        }

    wrong = (400, "ValidationException", "Invalid Schedule Expression rate(5 scheduler).")
    assert refused(lambda: scheduler.create_schedule(**schedule("rate(5 scheduler)"))) == wrong
    scheduler.create_schedule(**schedule("rate(5 rules)"))
    assert refused(lambda: scheduler.update_schedule(**schedule("rate(5 scheduler)"))) == wrong
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == "rate(5 rules)"


@pytest.fixture
def deployed(cloud):
    code = BytesIO()
    with ZipFile(code, "w") as archive:
        archive.writestr("lambda_function.py", "def lambda_handler(event, context): ...")
    role = cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    return cloud.client("lambda").create_function(
        FunctionName="harbour-collector",
        Runtime="python3.13",
        Role=role,
        Handler="lambda_function.lambda_handler",
        Code={"ZipFile": code.getvalue()},
    )["FunctionArn"]


@pytest.mark.parametrize("by_arn", [False, True])
def test_a_repeated_permission_statement_conflicts(client, deployed, by_arn):
    functions = client("lambda")
    permission = {
        "FunctionName": deployed if by_arn else "harbour-collector",
        "StatementId": "rule",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
    }
    functions.add_permission(**permission)
    assert refused(lambda: functions.add_permission(**permission)) == (
        409,
        "ResourceConflictException",
        "The statement id (rule) provided already exists. Please provide a new statement id, "
        "or remove the existing statement.",
    )
    functions.add_permission(**permission | {"StatementId": "another"})
    functions.remove_permission(FunctionName="harbour-collector", StatementId="rule")
    functions.add_permission(**permission)


def test_permission_for_a_function_that_is_not_there(client):
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client("lambda").add_permission(
            FunctionName="none", StatementId="s", Action="lambda:InvokeFunction", Principal="p"
        )


def test_the_cloud_never_reaches_out(client, cloud, deployed):
    status, code, message = refused(lambda: client("lambda").invoke(FunctionName="harbour-collector"))
    assert (status, code) == (501, "NotImplemented")
    assert "runs none" in message
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    subscription = {"TopicArn": topic, "Protocol": "http", "Endpoint": "http://127.0.0.1:1/"}
    assert refused(lambda: client("sns").subscribe(**subscription))[:2] == (501, "NotImplemented")
    client("sns").subscribe(TopicArn=topic, Protocol="lambda", Endpoint=deployed)
    publish = refused(lambda: client("sns").publish(TopicArn=topic, Message="would start a container"))
    assert publish[:2] == (501, "NotImplemented")
    assert cloud.faults == []


def test_what_moto_does_not_have_is_said_and_is_no_fault(client, cloud):
    status, code, message = refused(lambda: client("events").update_event_bus(Name="default"))
    assert (status, code) == (501, "NotImplemented")
    assert "update_event_bus" in message
    assert cloud.faults == []


@pytest.fixture
def broken_cloud(cloud, judge, monkeypatch):
    """A PutRule breaks it."""

    def broken(expression, service):
        raise ZeroDivisionError

    monkeypatch.setattr(judge, "verdict", broken)
    return cloud


def put_a_rule(events):
    return refused(lambda: events.put_rule(Name="r", ScheduleExpression="rate(5 minutes)"))


def test_what_breaks_inside_the_cloud_at_the_benchs_call_is_a_fault(broken_cloud):
    assert put_a_rule(broken_cloud.client("events"))[:2] == (500, "InternalError")
    assert put_a_rule(broken_cloud.role_client("events"))[:2] == (500, "InternalError")
    for fault in broken_cloud.faults:
        assert fault.startswith("events PutRule\n")
        assert "ZeroDivisionError" in fault
    assert (len(broken_cloud.faults), broken_cloud.breakdowns) == (2, [])
    broken_cloud.reset()
    assert broken_cloud.faults == []


def test_what_the_function_breaks_is_its_own_calls_error(broken_cloud, function_client):
    events = function_client(broken_cloud.function_endpoint, "events")
    assert put_a_rule(events)[:2] == (500, "InternalError")
    [breakdown] = broken_cloud.breakdowns
    assert breakdown.startswith("events PutRule\n")
    assert "ZeroDivisionError" in breakdown
    assert broken_cloud.faults == []
    assert [(call.status, call.error) for call in broken_cloud.calls] == [(500, "InternalError")]
    broken_cloud.reset()
    assert broken_cloud.breakdowns == []


@pytest.fixture
def held(judge, monkeypatch):
    """A PutRule whose validator waits: a call in the middle of the cloud, until `go_on` is set."""

    class Held:
        arrived, go_on = threading.Event(), threading.Event()

    def wait(expression, service):
        Held.arrived.set()
        assert Held.go_on.wait(20)

    monkeypatch.setattr(judge, "verdict", wait)
    yield Held
    Held.go_on.set()


@pytest.fixture
def put_rule(cloud, function_client):
    events = function_client(cloud.function_endpoint, "events")
    rule = {"Name": "slow", "ScheduleExpression": "rate(5 minutes)"}
    return threading.Thread(target=events.put_rule, kwargs=rule)


def test_a_call_that_arrives_awake_and_is_answered_asleep_is_recorded(cloud, held, put_rule):
    put_rule.start()
    assert held.arrived.wait(20)
    assert cloud.calls == []
    cloud.gate.close()
    held.go_on.set()
    put_rule.join(20)
    assert [call.operation for call in cloud.calls] == ["PutRule"]


def test_calls_are_in_order_of_arrival(cloud, s3, held, put_rule):
    put_rule.start()
    assert held.arrived.wait(20)
    s3.list_buckets()
    assert [call.operation for call in cloud.calls] == ["ListBuckets"]
    held.go_on.set()
    put_rule.join(20)
    assert [call.operation for call in cloud.calls] == ["PutRule", "ListBuckets"]


def test_reset_waits_for_calls_on_their_way(cloud, held, put_rule):
    put_rule.start()
    assert held.arrived.wait(20)
    reset = threading.Thread(target=cloud.reset)
    reset.start()
    reset.join(0.05)
    assert reset.is_alive()
    held.go_on.set()
    reset.join(20)
    put_rule.join(20)
    assert cloud.client("events").list_rules()["Rules"] == []
    assert cloud.calls == []


def test_nothing_is_searched_for_inside_objects(client):
    client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"{}")
    question = {"Expression": "SELECT * FROM s3object", "ExpressionType": "SQL"}
    formats = {"InputSerialization": {"JSON": {"Type": "LINES"}}, "OutputSerialization": {"JSON": {}}}
    answer = refused(lambda: client("s3").select_object_content(Bucket=BUCKET, Key="k", **question, **formats))
    assert answer[:2] == (501, "NotImplemented")


def test_a_thousand_objects_are_deleted_at_a_time_and_no_more(client):
    objects = [{"Key": f"readings/{number}"} for number in range(1001)]
    code = refused(lambda: client("s3").delete_objects(Bucket=BUCKET, Delete={"Objects": objects}))
    assert code[:2] == (400, "MalformedXML")
    done = client("s3").delete_objects(Bucket=BUCKET, Delete={"Objects": objects[:1000]})
    assert len(done["Deleted"]) == 1000
