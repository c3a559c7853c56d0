"""A deployment against the local cloud: planned, carried out, planned again, mended, taken back."""

import dataclasses
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import Stubber

from workbook.cloud import Cloud
from workbook.cloud.permissions import Policy
from workbook.cloud.session import isolated_session
from workbook.course import facts
from workbook.course.labs import Lab
from workbook.course.manifest import ScheduleSetting
from workbook.deploy import schedule
from workbook.deploy.assembly import AssemblyError, assemble, merge_variables, read_policy
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.log_group import RETENTION_DAYS
from workbook.deploy.aws.place import Place
from workbook.deploy.aws.trouble import Kind, Trouble, explain
from workbook.deploy.cost import estimate
from workbook.deploy.deployment import Action, Parts, Plan, apply, design, named, plan, survey

PLACE = Place("123456789012", "us-east-1")
LAB = "09_capstone"
NAME = "harbour-collector"
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{NAME}"
RULE = f"arn:aws:events:us-east-1:123456789012:rule/{NAME}-schedule"
SECRET = "a-secret-that-nobody-sees"
VARIABLES = {"BUCKET_NAME": "workbook-readings", "API_KEY": SECRET}
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::workbook-readings/*"}],
}
OTHER_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
RULES = {"bucket", "role", "log group", "function", "rule", "permission"}
SCHEDULER = {"bucket", "role", "log group", "function", "schedule"}
FUNCTION = """
name = "harbour-collector"
schedule = {expression = "rate(1 hour)"}
[function.environment]
BUCKET_NAME = "workbook-readings"
API_KEY = "a-secret-that-nobody-sees"
[cloud]
buckets = ["workbook-readings"]
"""


@pytest.fixture(scope="module")
def user() -> Policy:
    """What the user of `restricted` may do."""
    return Policy(_document())


@pytest.fixture(scope="module")
def shared_cloud(user: Policy) -> Iterator[Cloud]:
    services = ("s3", "iam", "lambda", "events", "scheduler", "logs", "sts")
    with Cloud(validate_schedule=schedule.check, services=services, policy=user) as opened:
        opened.gate.open()
        yield opened


@pytest.fixture
def cloud(shared_cloud: Cloud) -> Cloud:
    shared_cloud.reset()
    return shared_cloud


@pytest.fixture
def account(cloud: Cloud) -> Account:
    return Account(cloud.client, PLACE, sleep=_never)


@pytest.fixture(scope="module")
def limited_client(shared_cloud: Cloud) -> Callable[[str], Any]:
    session = isolated_session()
    return functools.cache(lambda name: session.client(name, endpoint_url=shared_cloud.function_endpoint))


@pytest.fixture
def restrict(cloud: Cloud, user: Policy, limited_client: Callable[[str], Any]) -> Callable[..., Account]:
    """Gives the account as a user sees it who may do everything but what is denied."""

    def deny(*actions: str) -> Account:
        user.statements = Policy(_document(*actions)).statements
        return Account(limited_client, PLACE, sleep=_never)

    return deny


def _document(*denied: str) -> dict[str, Any]:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    deny = {"Effect": "Deny", "Action": list(denied), "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [allow, deny] if denied else [allow]}


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab(function=FUNCTION, name=LAB, timeout=1)


def _never(_: float) -> None:
    raise AssertionError("there is nothing to wait for")


def _change(lab: Lab, **settings: Any) -> Any:
    return dataclasses.replace(lab.manifest, function=dataclasses.replace(lab.manifest.function, **settings))


def _plan(
    account: Account, manifest: Any, parts: Parts | None = None, mark: str = LAB, *, remove: bool = False
) -> Plan:
    wanted = design(mark, manifest, parts or _parts(), account.place)
    wanted = wanted.inverted() if remove else wanted
    return plan(wanted, survey(wanted, account))


def _parts(code: bytes | None = None, **given: Any) -> Parts:
    given = {"variables": VARIABLES, "policy": POLICY} | given
    return Parts(code or _zip(), **given)


def _zip(source: str = "def lambda_handler(event, context):\n    return None\n") -> bytes:
    import io
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(zipfile.ZipInfo("lambda_function.py"), source)
    return stream.getvalue()


def _deploy(account: Account, manifest: Any, parts: Parts | None = None) -> list[Any]:
    return list(apply(_plan(account, manifest, parts), account))


def _actions(found: Plan) -> dict[str, str]:
    return {step.resource.kind: str(step.action) for step in found.steps}


def _exists(cloud: Cloud) -> set[str]:
    """The kinds of everything that is in the account."""
    counts = {
        "bucket": cloud.client("s3").list_buckets()["Buckets"],
        "role": cloud.client("iam").list_roles()["Roles"],
        "log group": cloud.client("logs").describe_log_groups()["logGroups"],
        "function": cloud.client("lambda").list_functions()["Functions"],
        "rule": cloud.client("events").list_rules()["Rules"],
        "schedule": cloud.client("scheduler").list_schedules()["Schedules"],
    }
    return {kind for kind, found in counts.items() if found}


def test_an_empty_account_gets_everything_in_the_order_of_need(account, lab, cloud) -> None:
    found = _plan(account, lab.manifest)
    assert [step.resource.kind for step in found.steps] == [
        "bucket", "role", "log group", "function", "rule", "permission",
    ]  # fmt: skip
    assert {step.action for step in found.steps} == {Action.CREATE}
    assert _exists(cloud) == set()
    assert [step.resource.kind for step in apply(found, account)] == [step.resource.kind for step in found.steps]


def test_what_is_made_is_as_the_manifest_says_and_carries_the_mark(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    function = cloud.client("lambda").get_function(FunctionName=NAME)
    settings = function["Configuration"]
    assert (settings["Handler"], settings["Runtime"]) == ("lambda_function.lambda_handler", facts.default_runtime())
    assert (settings["Timeout"], settings["MemorySize"], settings["Architectures"]) == (1, 128, ["x86_64"])
    assert settings["Role"] == f"arn:aws:iam::123456789012:role/{NAME}-role"
    assert settings["Environment"]["Variables"] == VARIABLES
    iam = cloud.client("iam")
    role = iam.get_role(RoleName=f"{NAME}-role")["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "lambda.amazonaws.com"}
    own = iam.get_role_policy(RoleName=f"{NAME}-role", PolicyName=f"{NAME}-role-policy")
    assert own["PolicyDocument"] == POLICY
    events, logs = cloud.client("events"), cloud.client("logs")
    rule = events.describe_rule(Name=f"{NAME}-schedule")
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(1 hour)", "ENABLED")
    assert [one["Arn"] for one in events.list_targets_by_rule(Rule=f"{NAME}-schedule")["Targets"]] == [ARN]
    (statement,) = json.loads(cloud.client("lambda").get_policy(FunctionName=NAME)["Policy"])["Statement"]
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": RULE}}
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == (f"/aws/lambda/{NAME}", RETENTION_DAYS)
    tags = [
        role["Tags"],
        events.list_tags_for_resource(ResourceARN=RULE)["Tags"],
        cloud.client("s3").get_bucket_tagging(Bucket="workbook-readings")["TagSet"],
    ]
    assert tags == [[{"Key": "workbook", "Value": LAB}]] * 3
    assert (
        function["Tags"] == logs.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"workbook": LAB}
    )


@pytest.mark.parametrize(("service", "kinds"), [("rules", RULES), ("scheduler", SCHEDULER)])
def test_a_second_run_changes_nothing_and_a_removal_leaves_nothing(account, lab, cloud, service, kinds) -> None:
    manifest = _change(lab, schedule=ScheduleSetting("cron(0 9 ? * MON-FRI *)", service))
    _deploy(account, manifest)
    again = _plan(account, manifest)
    assert set(_actions(again)) == kinds
    assert set(_actions(again).values()) == {"keep"}
    assert again.changes == ()
    removal = _plan(account, manifest, Parts(variables=VARIABLES), remove=True)
    assert set(_actions(removal).values()) == {"remove"}
    list(apply(removal, account))
    assert _exists(cloud) == set()
    assert _plan(account, manifest, remove=True).steps == ()


def test_a_schedule_of_scheduler_is_as_the_manifest_says(account, lab, cloud) -> None:
    _deploy(account, _change(lab, schedule=ScheduleSetting("rate(5 minutes)", "scheduler", "Europe/Oslo")))
    found = cloud.client("scheduler").get_schedule(Name=f"{NAME}-schedule")
    assert (found["ScheduleExpression"], found["ScheduleExpressionTimezone"]) == ("rate(5 minutes)", "Europe/Oslo")
    assert (found["State"], found["Target"]["Arn"]) == ("ENABLED", ARN)
    assert found["Target"]["RoleArn"] == f"arn:aws:iam::123456789012:role/{NAME}-scheduler-role"
    assert found["Description"] == f"workbook={LAB}"
    iam = cloud.client("iam")
    trust = iam.get_role(RoleName=f"{NAME}-scheduler-role")["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Principal"] == {"Service": "scheduler.amazonaws.com"}
    own = iam.get_role_policy(RoleName=f"{NAME}-scheduler-role", PolicyName=f"{NAME}-scheduler-role-policy")
    assert own["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": ARN}
    ]


MOVED = [
    ({"timeout": 7}, {}, "function", "timeout in seconds: 1 -> 7"),
    ({"memory": 256}, {}, "function", "memory in MB: 128 -> 256"),
    ({"handler": "other.lambda_handler"}, {}, "function", "handler: lambda_function.lambda_handler -> other.lambda"),
    ({"runtime": "python3.14"}, {}, "function", f"runtime: {facts.default_runtime()} -> python3.14"),
    ({"schedule": ScheduleSetting("rate(2 hours)")}, {}, "rule", "rate(1 hour) -> rate(2 hours)"),
    ({}, {"code": _zip("def lambda_handler(event, context):\n    return 1\n")}, "function", "code"),
    ({}, {"policy": POLICY | {"Statement": [*POLICY["Statement"], *POLICY["Statement"]]}}, "role", "policy"),
    ({}, {"variables": VARIABLES | {"API_KEY": "another-secret"}}, "function", "other values for API_KEY"),
    ({}, {"variables": VARIABLES | {"LOG_LEVEL": "INFO"}}, "function", "new variables LOG_LEVEL"),
    ({}, {"variables": {"BUCKET_NAME": "workbook-readings"}}, "function", "variables gone API_KEY"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "parts", "kind", "words"), MOVED)
def test_a_change_of_the_lab_changes_just_that(account, lab, settings, parts, kind, words) -> None:
    _deploy(account, lab.manifest)
    manifest, changed = _change(lab, **settings), _parts(**parts)
    (step,) = _plan(account, manifest, changed).changes
    assert (step.resource.kind, step.action) == (kind, Action.CHANGE)
    assert words in "; ".join(step.details)
    assert "secret" not in "; ".join(step.details)
    _deploy(account, manifest, changed)
    assert _plan(account, manifest, changed).changes == ()


DRIFTED: list[tuple[str, str, dict[str, Any], str]] = [
    ("events", "disable_rule", {"Name": f"{NAME}-schedule"}, "disabled -> enabled"),
    ("events", "remove_targets", {"Rule": f"{NAME}-schedule", "Ids": ["function"]}, "target"),
    ("logs", "delete_retention_policy", {"logGroupName": f"/aws/lambda/{NAME}"}, "kept for ever -> 14 days"),
    ("iam", "update_assume_role_policy",
     {"RoleName": f"{NAME}-role", "PolicyDocument": json.dumps(OTHER_TRUST)}, "trust policy"),
    ("iam", "delete_role_policy", {"RoleName": f"{NAME}-role", "PolicyName": f"{NAME}-role-policy"}, "policy"),
    ("lambda", "remove_permission", {"FunctionName": NAME, "StatementId": f"{NAME}-schedule"}, "the rule"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "words"), DRIFTED)
def test_what_was_changed_by_hand_is_mended(account, lab, cloud, service, operation, parameters, words) -> None:
    _deploy(account, lab.manifest)
    getattr(cloud.client(service), operation)(**parameters)
    (step,) = _plan(account, lab.manifest).changes
    assert words in step.details[0]
    _deploy(account, lab.manifest)
    assert _plan(account, lab.manifest).changes == ()


def test_a_permission_for_another_rule_is_replaced(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    client, name = cloud.client("lambda"), f"{NAME}-schedule"
    client.remove_permission(FunctionName=NAME, StatementId=name)
    client.add_permission(
        FunctionName=NAME, StatementId=name, Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    (step,) = _plan(account, lab.manifest).changes
    assert (step.resource.kind, step.action) == ("permission", Action.CHANGE)
    _deploy(account, lab.manifest)
    (statement,) = json.loads(client.get_policy(FunctionName=NAME)["Policy"])["Statement"]
    assert statement["Condition"] == {"ArnLike": {"AWS:SourceArn": RULE}}


def test_another_kind_of_schedule_takes_the_place_of_the_first(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    by_scheduler = _change(lab, schedule=ScheduleSetting("rate(1 hour)", "scheduler"))
    found = _plan(account, by_scheduler)
    assert [(step.resource.kind, step.action) for step in found.changes][:2] == [
        ("permission", Action.REMOVE), ("rule", Action.REMOVE),
    ]  # fmt: skip
    list(apply(found, account))
    assert _exists(cloud) == SCHEDULER
    _deploy(account, _change(lab, schedule=None))
    assert _exists(cloud) == {"bucket", "role", "log group", "function"}


def test_a_removal_finds_what_an_earlier_manifest_made(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    manifest = _change(lab, schedule=ScheduleSetting("rate(1 hour)", "scheduler"))
    list(apply(_plan(account, manifest, remove=True), account))
    assert _exists(cloud) == set()


def test_another_bucket_takes_the_place_of_an_empty_one(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    parts = _parts(variables=VARIABLES | {"BUCKET_NAME": "my-readings"}, former_buckets=("workbook-readings",))
    _deploy(account, lab.manifest, parts)
    assert [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]] == ["my-readings"]


def test_a_role_that_is_given_is_used_and_none_is_made(account, lab, cloud) -> None:
    role = cloud.client("iam").create_role(RoleName="LabRole", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for service in ("rules", "scheduler"):
        manifest = _change(lab, schedule=ScheduleSetting("rate(1 hour)", service))
        _deploy(account, manifest, _parts(role=role))
        assert _plan(account, manifest, _parts(role=role)).changes == ()
    assert [one["RoleName"] for one in cloud.client("iam").list_roles()["Roles"]] == ["LabRole"]
    assert cloud.client("lambda").get_function_configuration(FunctionName=NAME)["Role"] == role
    assert cloud.client("scheduler").get_schedule(Name=f"{NAME}-schedule")["Target"]["RoleArn"] == role
    list(apply(_plan(account, manifest, _parts(role=role), remove=True), account))
    assert _exists(cloud) == {"role"}


def _make_foreign(cloud: Cloud, kind: str) -> None:
    role = cloud.client("iam").create_role(RoleName=f"{NAME}-role", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    if kind == "function":
        cloud.client("lambda").create_function(
            FunctionName=NAME, Role=role, Handler="a.b", Runtime="python3.13", Code={"ZipFile": _zip()}
        )
    elif kind == "rule":
        cloud.client("events").put_rule(Name=f"{NAME}-schedule", ScheduleExpression="rate(3 hours)")
    elif kind == "schedule":
        cloud.client("scheduler").create_schedule(
            Name=f"{NAME}-schedule", ScheduleExpression="rate(3 hours)", FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": ARN, "RoleArn": role}, Description="workbook",
        )  # fmt: skip


@pytest.mark.parametrize("kind", ["role", "function", "rule", "schedule"])
def test_a_name_that_something_else_bears_is_a_conflict_and_nothing_is_done(account, lab, cloud, kind) -> None:
    _make_foreign(cloud, kind)
    service = "scheduler" if kind == "schedule" else "rules"
    manifest = _change(lab, schedule=ScheduleSetting("rate(1 hour)", service))
    before = _exists(cloud)
    found = _plan(account, manifest)
    assert kind in {step.resource.kind for step in found.conflicts}
    assert "was not made by the workbook" in found.conflicts[0].details[0]
    with pytest.raises(ValueError, match="conflicts"):
        list(apply(found, account))
    removal = _plan(account, manifest, remove=True)
    assert removal.changes == ()
    assert "not touched" in removal.steps[0].details[0]
    assert _exists(cloud) == before


def test_another_labs_deployment_is_a_conflict_that_names_the_lab(account, lab) -> None:
    _deploy(account, lab.manifest)
    found = _plan(account, lab.manifest, mark="08_iam")
    assert found.changes == ()
    assert "lab deploy 09_capstone --remove" in found.conflicts[0].details[0]


def test_a_bucket_and_a_log_group_that_are_there_already_are_used_and_stay(account, lab, cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="workbook-readings")
    cloud.client("logs").create_log_group(logGroupName=f"/aws/lambda/{NAME}")
    assert {kind for kind, action in _actions(_plan(account, lab.manifest)).items() if action == "keep"} == {
        "bucket", "log group",
    }  # fmt: skip
    _deploy(account, lab.manifest)
    assert "retentionInDays" not in cloud.client("logs").describe_log_groups()["logGroups"][0]
    list(apply(_plan(account, lab.manifest, remove=True), account))
    assert _exists(cloud) == {"bucket", "log group"}


def test_what_others_put_into_it_keeps_a_resource_from_removal(account, lab, cloud) -> None:
    _deploy(account, lab.manifest)
    cloud.client("s3").put_object(Bucket="workbook-readings", Key="readings/a.json", Body=b"{}")
    cloud.client("iam").put_role_policy(RoleName=f"{NAME}-role", PolicyName="mine", PolicyDocument=json.dumps(POLICY))
    cloud.client("events").put_targets(Rule=f"{NAME}-schedule", Targets=[{"Id": "mine", "Arn": ARN}])
    found = _plan(account, lab.manifest, remove=True)
    stays = {step.resource.kind: step.details[0] for step in found.steps if step.action is Action.STAY}
    assert set(stays) == {"bucket", "role", "rule"}
    assert "holds objects" in stays["bucket"]
    assert "--env BUCKET_NAME=workbook-readings" in stays["bucket"]
    assert "(mine)" in stays["role"]
    assert "(mine)" in stays["rule"]
    list(apply(found, account))
    assert _exists(cloud) == {"bucket", "role", "rule"}
    assert cloud.client("s3").list_objects_v2(Bucket="workbook-readings")["KeyCount"] == 1


@pytest.mark.parametrize(
    ("denied", "done"),
    [
        ("iam:CreateRole", ["bucket"]),
        ("lambda:CreateFunction", ["bucket", "role", "log group"]),
        ("events:PutRule", ["bucket", "role", "log group", "function"]),
        ("lambda:AddPermission", ["bucket", "role", "log group", "function", "rule"]),
        ("logs:PutRetentionPolicy", ["bucket", "role"]),
    ],
)
def test_a_missing_permission_is_named_and_what_is_done_stays_done(lab, account, restrict, denied, done) -> None:
    limited = restrict(denied)
    steps = apply(_plan(limited, lab.manifest), limited)
    assert [next(steps).resource.kind for _ in done] == done
    with pytest.raises(Trouble, match=denied) as caught:
        next(steps)
    assert (caught.value.kind, caught.value.permission) == (Kind.DENIED, denied)
    _deploy(account, lab.manifest)
    assert _plan(account, lab.manifest).changes == ()


@pytest.mark.parametrize(
    "denied", ["iam:GetRole", "lambda:GetFunction", "logs:DescribeLogGroups", "events:DescribeRule"]
)
def test_what_cannot_be_looked_at_is_said_before_anything_is_done(lab, cloud, restrict, denied) -> None:
    with pytest.raises(Trouble, match=denied):
        _plan(restrict(denied), lab.manifest)
    assert _exists(cloud) == set()


def test_what_an_earlier_manifest_may_have_left_needs_no_permission(lab, restrict) -> None:
    assert set(_actions(_plan(restrict("scheduler:GetSchedule"), lab.manifest))) == RULES


def test_somebody_elses_bucket_is_a_conflict_with_a_cure(lab, cloud, restrict) -> None:
    cloud.client("s3").create_bucket(Bucket="workbook-readings")
    (conflict,) = _plan(restrict("s3:ListBucket"), lab.manifest).conflicts
    assert conflict.resource.kind == "bucket"
    assert "--env BUCKET_NAME=NAME" in conflict.details[0]


def _stubbed(service: str) -> tuple[Stubber, list[float], Account]:
    client = isolated_session().client(service)
    waits: list[float] = []
    return Stubber(client), waits, Account(lambda _: client, PLACE, sleep=waits.append)


def _function_step(lab: Lab) -> Any:
    return next(one for one in design(LAB, lab.manifest, _parts(), PLACE).wanted if one.kind == "function")


def test_a_role_that_aws_does_not_know_everywhere_yet_is_waited_for(lab) -> None:
    stub, waits, account = _stubbed("lambda")
    refusal = "The role defined for the function cannot be assumed by Lambda."
    stub.add_client_error("create_function", "InvalidParameterValueException", refusal)
    stub.add_response("create_function", {})
    stub.add_response("get_function_configuration", {"State": "Pending"})
    stub.add_response("get_function_configuration", {"State": "Active", "LastUpdateStatus": "InProgress"})
    stub.add_response("get_function_configuration", {"State": "Active", "LastUpdateStatus": "Successful"})
    with stub:
        _function_step(lab).create(account)
    stub.assert_no_pending_responses()
    assert len(waits) == 3


def test_a_role_that_stays_unknown_is_told_in_the_end(lab) -> None:
    stub, waits, account = _stubbed("lambda")
    for _ in range(20):
        stub.add_client_error("create_function", "InvalidParameterValueException", "cannot be assumed by Lambda.")
    with stub, pytest.raises(Trouble, match="cannot be assumed"):
        _function_step(lab).create(account)
    assert 5 < len(waits) < 20


@pytest.mark.parametrize(
    ("configuration", "words"),
    [
        ({"State": "Pending"}, "state Pending"),
        ({"State": "Failed", "StateReason": "no network interface"}, "no network interface"),
        ({"State": "Active", "LastUpdateStatus": "Failed", "LastUpdateStatusReason": "bad key"}, "bad key"),
    ],
)
def test_a_function_that_is_never_ready_is_told(lab, configuration, words) -> None:
    stub, _, account = _stubbed("lambda")
    stub.add_response("create_function", {})
    for _ in range(100):
        stub.add_response("get_function_configuration", configuration)
    with stub, pytest.raises(Trouble, match=words):
        _function_step(lab).create(account)


def test_another_architecture_goes_with_the_code(lab) -> None:
    stub, _, account = _stubbed("lambda")
    ready = {"State": "Active", "LastUpdateStatus": "Successful"}
    function = next(
        one for one in design(LAB, _change(lab, architecture="arm64"), _parts(), PLACE).wanted if one.kind == "function"
    )
    before = {
        "CodeSha256": "x", "Handler": "lambda_function.lambda_handler", "Runtime": facts.default_runtime(),
        "Timeout": 1,
        "MemorySize": 128, "Role": function.settings.role, "Architectures": ["x86_64"],
        "Environment": {"Variables": VARIABLES},
    }  # fmt: skip
    from workbook.deploy.aws.resource import Found

    found = Found(LAB, before)
    assert function.compare(found) == ("code", "architecture: x86_64 -> arm64")
    stub.add_response("get_function_configuration", ready)
    stub.add_response("update_function_code", {}, {"FunctionName": NAME, "ZipFile": _zip(), "Architectures": ["arm64"]})
    stub.add_response("get_function_configuration", ready)
    with stub:
        function.update(account, found)
    stub.assert_no_pending_responses()


def test_lambdas_refusal_never_quotes_a_variables_value(lab) -> None:
    for said in (
        f"Bad value {SECRET} in API_KEY",
        f'exceeded the 4KB limit. String measured: {{"API_KEY":"{SECRET}"}}',
    ):
        stub, _, account = _stubbed("lambda")
        stub.add_client_error("create_function", "InvalidParameterValueException", said)
        with stub, pytest.raises(Trouble) as caught:
            _function_step(lab).create(account)
        assert SECRET not in str(caught.value)
        assert "InvalidParameterValueException" in str(caught.value)


REFUSALS = [
    ("ExpiredToken", Kind.ACCOUNT, "have expired"),
    ("ExpiredTokenException", Kind.ACCOUNT, "have expired"),
    ("InvalidClientTokenId", Kind.ACCOUNT, "does not take these credentials"),
    ("UnrecognizedClientException", Kind.ACCOUNT, "does not take these credentials"),
    ("SignatureDoesNotMatch", Kind.ACCOUNT, "clock"),
    ("ThrottlingException", Kind.THROTTLED, "slow down"),
    ("TooManyRequestsException", Kind.THROTTLED, "slow down"),
    ("AccessDeniedException", Kind.DENIED, "lambda:GetFunction"),
    ("InvalidParameterValueException", Kind.REFUSED, "InvalidParameterValueException"),
]


@pytest.mark.parametrize(("code", "kind", "words"), REFUSALS)
def test_each_refusal_is_a_clear_line(code, kind, words) -> None:
    stub, _, account = _stubbed("lambda")
    stub.add_client_error("get_function", code, "x-amz-security-token:IQoJb3JpZ2lu")
    with stub, pytest.raises(Trouble) as caught:
        account.find("lambda", "get_function", FunctionName=NAME)
    assert caught.value.kind is kind
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    if kind is Kind.ACCOUNT:
        assert "IQoJ" not in str(caught.value)


def test_every_error_of_botocores_own_has_words() -> None:
    from botocore import exceptions

    for error in (
        exceptions.NoRegionError(),
        exceptions.NoCredentialsError(),
        exceptions.EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
        exceptions.ReadTimeoutError(endpoint_url="http://127.0.0.1:9"),
        exceptions.ProfileNotFound(profile="prod"),
        exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        exceptions.UnauthorizedSSOTokenError(),
        exceptions.TokenRetrievalError(provider="sso", error_msg="x"),
    ):
        trouble = explain(error)
        assert trouble.kind is Kind.ACCOUNT
        assert len(str(trouble)) > 20


def test_parameters_that_boto3_does_not_take_are_not_quoted() -> None:
    from botocore.exceptions import ParamValidationError

    assert SECRET not in str(explain(ParamValidationError(report=f"value: {SECRET}"), "lambda"))


def test_the_policy_is_moved_to_the_account_and_its_buckets(make_lab) -> None:
    lab = make_lab(function=f'policy = "policy.json"\n{FUNCTION}', name=LAB, timeout=1)
    arns = ["arn:aws:s3:::workbook-readings/readings/*", "arn:aws:s3:::others", "*",
            "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/x:*"]  # fmt: skip
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": arns}]}
    (lab.folder / "policy.json").write_text(json.dumps(document))
    place = Place("999988887777", "eu-north-1", "aws-cn")
    found = read_policy(lab, lab.folder, {"BUCKET_NAME": "my-readings"}, place)
    assert found["Statement"][0]["Resource"] == [
        "arn:aws-cn:s3:::my-readings/readings/*",
        "arn:aws-cn:s3:::others",
        "*",
        "arn:aws-cn:logs:eu-north-1:999988887777:log-group:/aws/lambda/x:*",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is no JSON"),
        ('{"Version": "2012-10-17"}', "Statement"),
        ("[" * 100_000, "is no JSON"),
        (None, "cannot be read"),
    ],
)
def test_a_policy_that_is_none_is_refused(make_lab, content, words) -> None:
    lab = make_lab(function=f'policy = "policy.json"\n{FUNCTION}', name=LAB, timeout=1)
    if content is not None:
        (lab.folder / "policy.json").write_text(content)
    with pytest.raises(AssemblyError, match=words):
        read_policy(lab, lab.folder, {}, PLACE)


def test_a_lab_is_put_together_from_its_folder(lab, account) -> None:
    parts = assemble(lab, lab.folder, {"BUCKET_NAME": "my-readings", "API_KEY": None}, account)
    assert parts.variables == {"BUCKET_NAME": "my-readings"}
    assert "arn:aws:s3:::my-readings/*" in json.dumps(parts.policy)
    again = assemble(lab, lab.folder, {}, account)
    assert parts.code == again.code
    assert SECRET not in repr(again)


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"AWS_REGION": "x"}, "reserved"), ({"1": "x"}, "no name"), ({"LONG": SECRET * 200}, "more than Lambda allows")],
)
def test_variables_that_lambda_does_not_take_are_refused_without_their_values(lab, variables, words) -> None:
    with pytest.raises(AssemblyError, match=words) as caught:
        merge_variables(lab, variables)
    assert SECRET not in str(caught.value)


def test_a_long_name_is_cut_to_what_aws_takes() -> None:
    assert named("x" * 64, "-scheduler-role") == "x" * 49 + "-scheduler-role"


@pytest.mark.parametrize(
    ("expression", "firings"),
    [("rate(1 hour)", 720), ("cron(0 12 * * ? *)", 30), ("rate(1 minute)", 43_200), (None, None)],
)
def test_the_cost_is_the_most_that_the_schedule_can_take(lab, expression, firings) -> None:
    wanted = ScheduleSetting(expression) if expression else None
    cost = estimate(_change(lab, schedule=wanted).function, datetime(2026, 1, 1, tzinfo=UTC))
    assert cost.firings == firings
    assert cost.attempts == 3 * (firings or 1)
    assert cost.gb_seconds == cost.attempts * 1 * 128 / 1024
    prices = facts.prices()
    assert cost.dollars == pytest.approx(
        cost.attempts * prices.per_million_requests / 1e6 + cost.gb_seconds * prices.per_gb_second_x86_64
    )
    assert cost.is_free


def test_more_than_the_free_tier_is_said(lab) -> None:
    manifest = _change(lab, schedule=ScheduleSetting("rate(1 minute)"), timeout=60, memory=1024)
    assert not estimate(manifest.function, datetime(2026, 1, 1, tzinfo=UTC)).is_free


def test_the_retention_is_one_that_cloudwatch_knows() -> None:
    assert RETENTION_DAYS in facts.limits().log_retention_days


def test_a_plan_shows_no_value_of_a_variable(account, lab) -> None:
    found = _plan(account, lab.manifest)
    shown: Mapping[str, Any] = {"steps": [step.to_dict() for step in found.steps]}
    assert SECRET not in json.dumps(shown)
    assert SECRET not in repr(found)
    assert re.search(r"variables API_KEY, BUCKET_NAME", json.dumps(shown))
