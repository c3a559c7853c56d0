"""The checklist, against a deployment on the local cloud in which one thing at a time is wrong."""

import functools
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from workbook.cloud import Cloud
from workbook.cloud.permissions import Need, Policy
from workbook.cloud.session import isolated_session
from workbook.course.labs import Lab
from workbook.course.manifest import ScheduleSetting
from workbook.deploy.activity import read_activity
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.place import Place
from workbook.deploy.aws.trouble import Kind, Trouble
from workbook.deploy.checklist import Item, Verdict
from workbook.deploy.deployment import Parts, apply, design, plan, survey
from workbook.deploy.observation import Observation
from workbook.deploy.retrieval import fetch
from workbook.deploy.verification import Expected, verify

PLACE = Place("123456789012", "us-east-1")
TODAY = date(2026, 11, 23)
NAME = "harbour-collector"
GROUP = f"/aws/lambda/{NAME}"
ARN = f"arn:aws:lambda:us-east-1:123456789012:function:{NAME}"
RULE = f"{NAME}-schedule"
SECRET = "a-secret-that-nobody-sees"
LOGS = f"arn:aws:logs:us-east-1:123456789012:log-group:{GROUP}:*"
POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": LOGS},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::my-readings/*"},
    ],
}
FUNCTION = """
name = "harbour-collector"
schedule = {expression = "rate(1 hour)"}
[function.environment]
BUCKET_NAME = "workbook-readings"
API_KEY = "a-secret-that-nobody-sees"
[cloud]
buckets = ["workbook-readings"]
"""
VARIABLES = {"BUCKET_NAME": "my-readings", "API_KEY": SECRET}
TITLES = [
    "the function is there",
    "the runtime is not deprecated",
    "the handler is in the zip",
    "the variables are set",
    "the trigger is there and enabled",
    "the trigger may invoke the function",
    "the role allows what is needed",
    "the log group is there",
    "the last invocations went well",
]


@pytest.fixture(scope="module")
def user() -> Policy:
    return Policy(_allow_all_but())


@pytest.fixture(scope="module")
def shared_cloud(user: Policy) -> Iterator[Cloud]:
    services = ("s3", "iam", "lambda", "events", "scheduler", "logs", "sts")
    with Cloud(services=services, policy=user) as opened:
        opened.gate.open()
        yield opened


@pytest.fixture
def cloud(shared_cloud: Cloud) -> Cloud:
    shared_cloud.reset()
    return shared_cloud


@pytest.fixture(scope="module")
def make_client(shared_cloud: Cloud) -> Callable[[str], Any]:
    """Clients with full rights, CloudWatch's too, which `Cloud.client` gives to nobody."""
    session = isolated_session()
    return functools.cache(lambda name: session.client(name, endpoint_url=shared_cloud.bench_endpoint))


@pytest.fixture
def account(cloud: Cloud, make_client: Callable[[str], Any]) -> Account:
    return Account(make_client, PLACE)


@pytest.fixture(scope="module")
def limited_client(shared_cloud: Cloud) -> Callable[[str], Any]:
    session = isolated_session()
    return functools.cache(lambda name: session.client(name, endpoint_url=shared_cloud.function_endpoint))


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab(function=FUNCTION, name="09_capstone")


@pytest.fixture
def deployed(lab: Lab, account: Account) -> Expected:
    return _deploy(lab, account)


def _allow_all_but(*actions: str) -> dict[str, Any]:
    statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
    if actions:
        statements.append({"Effect": "Deny", "Action": list(actions), "Resource": "*"})  # type: ignore[dict-item]
    return {"Version": "2012-10-17", "Statement": statements}


def _zip(**files: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in (files or {"lambda_function": "def lambda_handler(event, context):\n    pass\n"}).items():
            entry = zipfile.ZipInfo(f"{name.replace('__', '/')}.py")
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def _deploy(lab: Lab, account: Account, service: str = "rules", code: bytes | None = None) -> Expected:
    wanted = ScheduleSetting("rate(1 hour)", service)
    manifest = replace(lab.manifest, function=replace(lab.manifest.function, schedule=wanted))
    code = code or _zip()
    resources = design(lab.id, manifest, Parts(code, VARIABLES, POLICY), PLACE)
    list(apply(plan(resources, survey(resources, account)), account))
    needs = Observation((Need("s3:PutObject", "arn:aws:s3:::my-readings/readings/a.json"),), checks=4)
    return Expected(NAME, tuple(VARIABLES), wanted, lambda: code, lambda: needs)


def _no_code(account: Account, location: str) -> bytes:
    raise AssertionError("the zip need not be fetched")


def _items(expected: Expected, account: Account, fetched: Any = _no_code, today: date = TODAY) -> dict[str, Item]:
    return {item.title: item for item in verify(expected, account, today, fetched)}


def _only(items: dict[str, Item], verdict: Verdict) -> Item:
    (found,) = [item for item in items.values() if item.verdict is verdict]
    return found


def _kept(account: Account, location: str) -> bytes:
    """The zip as moto keeps it: the address that it gives out leads nowhere."""
    from moto.backends import get_backend

    code: bytes = get_backend("lambda")[PLACE.account][PLACE.region].get_function(NAME).code_bytes
    return code


@pytest.mark.parametrize("service", ["rules", "scheduler"])
def test_a_fresh_deployment_is_in_order_but_for_what_has_not_run(lab, account, service) -> None:
    items = _items(_deploy(lab, account, service), account)
    assert list(items) == TITLES
    assert _only(items, Verdict.UNKNOWN).title == "the last invocations went well"
    assert Verdict.BROKEN not in {item.verdict for item in items.values()}
    assert SECRET not in repr(items)
    assert "my-readings" not in items["the variables are set"].text


def test_a_function_that_is_not_there_is_all_that_is_said(account) -> None:
    expected = Expected(NAME, (), None, lambda: None, lambda: "nobody asked")
    items = _items(expected, account)
    assert list(items) == ["the function is there"]
    assert _only(items, Verdict.BROKEN).text.startswith(f"there is no function {NAME} in us-east-1")


def _set_runtime(client: Any, name: str) -> None:
    client("lambda").update_function_configuration(FunctionName=NAME, Runtime=name)


BREAKS: list[tuple[Callable[[Any], object], str, str]] = [
    (lambda client: _set_runtime(client, "python3.9"), "the runtime is not deprecated", "since 2025-12-15"),
    (lambda client: _set_runtime(client, "nodejs22.x"), "the runtime is not deprecated", "is no Python"),
    (lambda client: client("lambda").update_function_configuration(
        FunctionName=NAME, Environment={"Variables": {"BUCKET_NAME": "my-readings", "API_KEY": " "}}),
     "the variables are set", "not set, or blank: API_KEY"),
    (lambda client: client("lambda").update_function_configuration(FunctionName=NAME, Environment={"Variables": {}}),
     "the variables are set", "BUCKET_NAME, API_KEY"),
    (lambda client: client("lambda").update_function_configuration(FunctionName=NAME, Handler="main.lambda_handler"),
     "the handler is in the zip", "lambda_handler is in lambda_function.py"),
    (lambda client: client("events").disable_rule(Name=RULE), "the trigger is there and enabled", "disabled"),
    (lambda client: client("events").put_rule(Name=RULE, ScheduleExpression="rate(2 hours)"),
     "the trigger is there and enabled", "rate(2 hours)"),
    (lambda client: client("events").remove_targets(Rule=RULE, Ids=["function"]),
     "the trigger is there and enabled", "there is none"),
    (lambda client: (client("events").put_rule(Name="twin", ScheduleExpression="rate(1 hour)"),
                     client("events").put_targets(Rule="twin", Targets=[{"Id": "1", "Arn": ARN}])),
     "the trigger is there and enabled", "2 triggers"),
    (lambda client: client("lambda").remove_permission(FunctionName=NAME, StatementId=RULE),
     "the trigger may invoke the function", "nothing happens"),
    (lambda client: client("iam").put_role_policy(
        RoleName=f"{NAME}-role", PolicyName=f"{NAME}-role-policy",
        PolicyDocument=json.dumps(POLICY | {"Statement": POLICY["Statement"][:1]})),
     "the role allows what is needed", "s3:PutObject on arn:aws:s3:::my-readings/readings/a.json"),
    (lambda client: client("iam").delete_role_policy(RoleName=f"{NAME}-role", PolicyName=f"{NAME}-role-policy"),
     "the role allows what is needed", "logs:CreateLogStream"),
    (lambda client: client("logs").delete_log_group(logGroupName=GROUP), "the log group is there",
     f"there is no {GROUP}"),
]  # fmt: skip


@pytest.mark.parametrize(("break_it", "title", "words"), BREAKS)
def test_one_thing_wrong_is_one_cross_with_a_cure(deployed, account, make_client, break_it, title, words) -> None:
    break_it(make_client)
    found = _only(_items(deployed, account), Verdict.BROKEN)
    assert found.title == title
    assert words in found.text
    assert found.cure
    assert SECRET not in found.text


def test_todays_date_decides_what_is_deprecated(deployed, account) -> None:
    found = _only(_items(deployed, account, today=date(2040, 1, 1)), Verdict.BROKEN)
    assert found.title == "the runtime is not deprecated"


def test_a_disputed_date_is_not_printed(deployed, account, make_client) -> None:
    _set_runtime(make_client, "python3.14")
    assert _items(deployed, account)["the runtime is not deprecated"].text == "python3.14"


def test_a_runtime_that_the_facts_do_not_know_is_not_judged(deployed, account, make_client) -> None:
    _set_runtime(make_client, "python3.19")
    item = _items(deployed, account)["the runtime is not deprecated"]
    assert item.verdict is Verdict.UNKNOWN


WRONG_ZIPS = [
    ({"deep__lambda_function": "def lambda_handler(event, context): pass"}, "one folder too deep"),
    ({"lambda_function": "def handler(event, context): pass"}, "defines no lambda_handler"),
    ({"other": "x = 1"}, "lambda_function.py is not in it"),
]


@pytest.mark.parametrize(("files", "words"), WRONG_ZIPS)
def test_another_zip_than_the_folders_is_fetched_and_read(lab, account, files, words) -> None:
    expected = replace(_deploy(lab, account, code=_zip(**files)), build=_zip)
    found = _only(_items(expected, account, _kept), Verdict.BROKEN)
    assert (found.title, words in found.text) == ("the handler is in the zip", True)


def test_another_zip_that_holds_the_handler_is_told(deployed, account) -> None:
    changed = replace(
        deployed, build=lambda: _zip(lambda_function="def lambda_handler(event, context):\n    return 1\n")
    )
    item = _items(changed, account, _kept)["the handler is in the zip"]
    assert item.verdict is Verdict.HELD
    assert "is not what the folder gives now" in item.text
    nothing = _items(replace(deployed, build=lambda: None), account, _kept)["the handler is in the zip"]
    assert (nothing.verdict, nothing.text) == (Verdict.HELD, "lambda_function.lambda_handler")


def test_what_is_no_zip_is_not_judged(deployed, account) -> None:
    item = _items(replace(deployed, build=lambda: None), account, lambda *_: b"nonsense")["the handler is in the zip"]
    assert item.verdict is Verdict.UNKNOWN


def test_a_local_cloud_is_not_made_to_ask_amazon(deployed, account) -> None:
    item = _items(replace(deployed, build=lambda: None), account, fetch)["the handler is in the zip"]
    assert item.verdict is Verdict.UNKNOWN
    assert "does not hand out the code" in item.text


def test_a_zip_is_fetched_from_the_clouds_own_address(httpserver) -> None:
    httpserver.expect_request("/zip", query_string="X-Amz-Signature=s3cret").respond_with_data(_zip())
    httpserver.expect_request("/gone").respond_with_data("expired", status=403)
    client = isolated_session().client("lambda", endpoint_url=httpserver.url_for("/"))
    account = Account(lambda _: client, PLACE)
    assert fetch(account, httpserver.url_for("/zip?X-Amz-Signature=s3cret")) == _zip()
    with pytest.raises(Trouble) as caught:
        fetch(account, httpserver.url_for("/gone?X-Amz-Signature=s3cret"))
    assert "s3cret" not in str(caught.value)


def test_only_https_is_fetched_from_amazon() -> None:
    client = isolated_session().client("lambda")
    with pytest.raises(Trouble, match="no address"):
        fetch(Account(lambda _: client, PLACE), "file:///etc/passwd")


DENIALS = [
    ("lambda:GetFunction", "the handler is in the zip"),
    ("events:ListRuleNamesByTarget", None),
    ("scheduler:ListSchedules", None),
    ("lambda:GetPolicy", "the trigger may invoke the function"),
    ("iam:ListRolePolicies", "the role allows what is needed"),
    ("iam:GetRolePolicy", "the role allows what is needed"),
    ("logs:DescribeLogGroups", "the log group is there"),
]


@pytest.mark.parametrize(("denied", "title"), DENIALS)
def test_what_the_user_may_not_look_at_is_said_and_is_no_cross(deployed, user, limited_client, denied, title) -> None:
    user.statements = Policy(_allow_all_but(denied)).statements
    expected = replace(deployed, build=lambda: None) if denied == "lambda:GetFunction" else deployed
    items = _items(expected, Account(limited_client, PLACE), lambda *_: _zip())
    assert Verdict.BROKEN not in {item.verdict for item in items.values()}
    if title:
        assert items[title].text == f"could not check: needs permission {denied}"
    elif denied.startswith("scheduler"):
        assert items["the trigger is there and enabled"].verdict is Verdict.HELD
    else:
        assert items["the trigger is there and enabled"].text == f"could not check: needs permission {denied}"


def test_a_user_who_may_see_nothing_gets_one_line(deployed, user, limited_client) -> None:
    user.statements = Policy(_allow_all_but("lambda:*")).statements
    items = _items(deployed, Account(limited_client, PLACE))
    assert [(item.title, item.verdict) for item in items.values()] == [("the function is there", Verdict.UNKNOWN)]


def test_scheduler_may_take_the_place_of_a_rule(lab, account) -> None:
    expected = replace(_deploy(lab, account, "scheduler"), schedule=ScheduleSetting("rate(1 hour)", "rules"))
    assert _items(expected, account)["the trigger is there and enabled"].text.startswith(f"schedule {RULE}")


def test_schedulers_role_must_allow_the_invocation(lab, account, make_client) -> None:
    expected = _deploy(lab, account, "scheduler")
    role = f"{NAME}-scheduler-role"
    make_client("iam").delete_role_policy(RoleName=role, PolicyName=f"{role}-policy")
    found = _only(_items(expected, account), Verdict.BROKEN)
    assert "does not allow lambda:InvokeFunction" in found.text


def test_a_managed_policy_counts_and_a_denial_too(deployed, account, make_client) -> None:
    iam = make_client("iam")
    iam.delete_role_policy(RoleName=f"{NAME}-role", PolicyName=f"{NAME}-role-policy")
    arn = iam.create_policy(PolicyName="managed", PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=f"{NAME}-role", PolicyArn=arn)
    assert _items(deployed, account)["the role allows what is needed"].verdict is Verdict.HELD
    denial = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    iam.put_role_policy(
        RoleName=f"{NAME}-role", PolicyName="deny", PolicyDocument=json.dumps(POLICY | {"Statement": denial})
    )
    assert _items(deployed, account)["the role allows what is needed"].verdict is Verdict.BROKEN


def test_a_condition_is_not_judged(deployed, account, make_client) -> None:
    logs, storage = POLICY["Statement"]
    document = POLICY | {"Statement": [logs, storage | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}]}
    make_client("iam").put_role_policy(
        RoleName=f"{NAME}-role", PolicyName=f"{NAME}-role-policy", PolicyDocument=json.dumps(document)
    )
    item = _items(deployed, account)["the role allows what is needed"]
    assert item.verdict is Verdict.UNKNOWN
    assert "condition" in item.text


def test_what_the_suite_could_not_tell_is_said(deployed, account) -> None:
    item = _items(replace(deployed, observe=lambda: "it broke"), account)["the role allows what is needed"]
    assert item.verdict is Verdict.UNKNOWN
    assert "it broke" in item.text


def test_where_checks_do_not_pass_the_role_may_lack_what_was_not_seen(deployed, account) -> None:
    seen = replace(deployed.observe(), missed=3)
    item = _items(replace(deployed, observe=lambda: seen), account)["the role allows what is needed"]
    assert item.verdict is Verdict.UNKNOWN
    assert "s3:PutObject; 3 of 4 checks do not pass" in item.text


def test_a_function_without_a_schedule_needs_no_trigger(deployed, account) -> None:
    assert not any("trigger" in title for title in _items(replace(deployed, schedule=None), account))


def _put_metrics(client: Any, **counts: int) -> None:
    dimension = [{"Name": "FunctionName", "Value": NAME}]
    data = [
        {
            "MetricName": name,
            "Dimensions": dimension,
            "Value": count,
            "Timestamp": datetime.now(UTC) - timedelta(hours=1),
        }
        for name, count in counts.items()
    ]
    client("cloudwatch").put_metric_data(Namespace="AWS/Lambda", MetricData=data)


@pytest.mark.parametrize(
    ("errors", "verdict", "words"), [(0, Verdict.HELD, "24 in the last"), (3, Verdict.BROKEN, "3 with an error")]
)
def test_the_metrics_tell_how_it_went(deployed, account, make_client, errors, verdict, words) -> None:
    _put_metrics(make_client, Invocations=24, Errors=errors)
    item = _items(deployed, account)["the last invocations went well"]
    assert item.verdict is verdict
    assert words in item.text


def test_the_log_tells_of_an_invocation_where_the_metrics_do_not(deployed, user, limited_client, make_client) -> None:
    logs, now = make_client("logs"), datetime.now(UTC)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="a")
    event = {"timestamp": int(now.timestamp() * 1000), "message": "START"}
    logs.put_log_events(logGroupName=GROUP, logStreamName="a", logEvents=[event])
    user.statements = Policy(_allow_all_but("cloudwatch:*")).statements
    item = _items(deployed, Account(limited_client, PLACE))["the last invocations went well"]
    assert item.verdict is Verdict.HELD
    assert f"{now:%Y-%m-%d}" in item.text


def test_neither_metrics_nor_logs_to_be_seen_is_a_trouble(deployed, user, limited_client) -> None:
    user.statements = Policy(_allow_all_but("cloudwatch:*", "logs:DescribeLogStreams")).statements
    with pytest.raises(Trouble, match="logs:DescribeLogStreams"):
        read_activity(Account(limited_client, PLACE), NAME, GROUP)


@pytest.mark.parametrize(
    ("state", "verdict", "words"),
    [
        ({"State": "Pending"}, Verdict.UNKNOWN, "Pending"),
        ({"State": "Active", "LastUpdateStatus": "InProgress"}, Verdict.UNKNOWN, "working"),
        ({"State": "Failed", "StateReason": "no such key"}, Verdict.BROKEN, "no such key"),
    ],
)
def test_a_function_in_the_making_is_told(deployed, account, make_client, state, verdict, words) -> None:
    is_now = make_client("lambda").get_function(FunctionName=NAME)
    stubbed = isolated_session().client("lambda")
    stub = Stubber(stubbed)
    stub.add_response("get_function", {"Configuration": is_now["Configuration"] | state})
    with stub:
        found = next(iter(verify(deployed, Account(lambda _: stubbed, PLACE), TODAY, _no_code)))
    assert found.verdict is verdict
    assert words in found.text


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (
            {"Principal": "events.amazonaws.com", "SourceArn": f"arn:aws:events:us-east-1:123456789012:rule/{RULE}"},
            "held",
        ),
        ({"Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:us-east-1:123456789012:rule/*"}, "held"),
        ({"Principal": "events.amazonaws.com"}, "held"),
        ({"Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:us-east-1:123456789012:rule/x"}, "broken"),
        ({"Principal": "s3.amazonaws.com"}, "broken"),
        ({"Principal": "events.amazonaws.com", "Action": "lambda:GetFunction"}, "broken"),
    ],
)
def test_only_a_statement_for_this_rule_lets_it_in(deployed, account, make_client, statement, verdict) -> None:
    client = make_client("lambda")
    client.remove_permission(FunctionName=NAME, StatementId=RULE)
    client.add_permission(**({"Action": "lambda:InvokeFunction"} | statement), FunctionName=NAME, StatementId="other")
    assert _items(deployed, account)["the trigger may invoke the function"].verdict == verdict


def test_credentials_that_end_on_the_way_end_the_checklist(deployed, make_client) -> None:
    stubbed = isolated_session().client("iam")
    stub = Stubber(stubbed)
    stub.add_client_error("list_role_policies", "ExpiredToken")
    account = Account(lambda name: stubbed if name == "iam" else make_client(name), PLACE)
    with stub, pytest.raises(Trouble, match="have expired"):
        list(verify(deployed, account, TODAY, _no_code))


@pytest.mark.parametrize("code", ["ExpiredToken", "UnrecognizedClientException"])
def test_credentials_that_end_end_the_checklist(deployed, code) -> None:
    stubbed = isolated_session().client("lambda")
    stub = Stubber(stubbed)
    stub.add_client_error("get_function", code)
    with stub, pytest.raises(Trouble) as caught:
        list(verify(deployed, Account(lambda _: stubbed, PLACE), TODAY, _no_code))
    assert caught.value.kind is Kind.ACCOUNT


def test_an_item_becomes_plain_data() -> None:
    item = Item("a", Verdict.BROKEN, "b", "c")
    assert item.to_dict() == {"title": "a", "verdict": "broken", "text": "b", "cure": "c"}
