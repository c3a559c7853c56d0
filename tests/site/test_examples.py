"""The code on pages: each example of docs/examples runs on the local Lambda, and every one of them is on a page."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from workbook.cloud import Cloud, HttpApi
from workbook.cloud.permissions import Policy
from workbook.deploy.schedule.events import rule_event, scheduler_event
from workbook.runtime import Configuration, Function, Platform

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
EVENTS = ["rule", "scheduler"]
CUT = re.compile(r'--8<-- "(docs/[\w/.]+)(?::(\w+))?"')


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud(services=("s3", "secretsmanager"), buckets=("harbour-tides",), function_name="tide-table") as cloud:
        yield cloud


@pytest.fixture
def deploy(cloud: Cloud) -> Iterator[Callable[..., Function]]:
    made = []

    def deploy(name: str, handler: str = "lambda_handler", **environment: str) -> Function:
        settings = Configuration(
            handler=f"lambda_function.{handler}", name="tide-table", environment=environment, timeout=30
        )
        platform = Platform(endpoint=cloud.function_endpoint, gate=cloud.gate)
        made.append(Function(EXAMPLES / f"{name}.py", settings, platform=platform))
        return made[-1]

    cloud.reset()
    cloud.policy = None
    yield deploy
    for function in made:
        function.close()


def records(invocation: Any, level: str) -> list[str]:
    return [record.text for record in invocation.logs if record.level == level]


def test_the_handlers_see_event_and_context_and_answer_in_json(deploy) -> None:
    assert deploy("handler").invoke({}).payload == {"statusCode": 200, "body": "Success"}
    told = deploy("handler", "describe").invoke({"b": 1, "a": 2})
    assert told.payload["request"] == told.request_id
    assert told.payload["function"] == "tide-table"
    assert 0 < told.payload["milliseconds_left"] <= 30_000
    assert told.payload["keys_of_the_event"] == ["a", "b"]
    body = deploy("handler", "answer_the_web").invoke({}).payload["body"]
    assert json.loads(body) == {"harbour": "north", "metres": 1.8}


def test_a_warm_environment_goes_on_counting(deploy) -> None:
    function = deploy("warm")
    assert [function.invoke({}).payload["invocations_of_this_environment"] for _ in range(3)] == [1, 2, 3]


def test_settings_are_texts_with_defaults_and_an_error_names_the_wrong_one(deploy) -> None:
    assert deploy("settings", ALARM_LEVEL="2.4").invoke({}).payload == {
        "harbour": None,
        "language": "en",
        "alarm_at": 2.4,
    }
    failed = deploy("settings", ALARM_LEVEL="high", HARBOUR="north").invoke({})
    assert failed.error.type == "ConfigurationError"
    assert "ALARM_LEVEL" in failed.error.message


def test_the_secret_is_asked_for_once(deploy, cloud: Cloud) -> None:
    cloud.client("secretsmanager").create_secret(Name="tides/key", SecretString="practice")
    function = deploy("secret", API_KEY_SECRET="tides/key")
    assert [function.invoke({}).payload for _ in range(2)] == [{"characters": 8}] * 2
    assert [call.operation for call in cloud.calls] == ["GetSecretValue"]


TIDE = {"harbour": "north", "day": "2026-01-15", "metres": 1.8}


def test_the_object_is_json_and_says_so(deploy, cloud: Cloud) -> None:
    assert deploy("store", BUCKET_NAME="harbour-tides").invoke(TIDE).payload == {"key": "tides/north/2026-01-15.json"}
    stored = cloud.client("s3").get_object(Bucket="harbour-tides", Key="tides/north/2026-01-15.json")
    assert stored["ContentType"] == "application/json"
    assert json.load(stored["Body"]) == {"harbour": "north", "metres": 1.8}


def test_the_policy_lets_the_example_store_and_nothing_else(deploy, cloud: Cloud) -> None:
    cloud.policy = Policy(json.loads((EXAMPLES / "policy.json").read_text()))
    function = deploy("store", BUCKET_NAME="harbour-tides")
    assert function.invoke(TIDE).error is None
    assert "AccessDenied" in function.configure(environment={"BUCKET_NAME": "harbour-maps"}).invoke(TIDE).error.message
    assert cloud.role_client("s3").get_bucket_location(Bucket="harbour-tides")
    with pytest.raises(Exception, match="AccessDenied"):
        cloud.role_client("s3").delete_object(Bucket="harbour-tides", Key="tides/north/2026-01-15.json")


def test_the_trust_policy_is_one_that_a_role_takes(cloud: Cloud) -> None:
    trust = (EXAMPLES / "trust.json").read_text()
    cloud.client("iam").create_role(RoleName="tide-table-role", AssumeRolePolicyDocument=trust)


def test_records_have_their_levels_and_the_error_its_trace(deploy) -> None:
    function = deploy("log")
    assert len(records(function.invoke({"harbour": "north", "metres": "1.8"}), "INFO")) == 1
    failed = function.invoke({"harbour": "north"})
    assert failed.error.type == "KeyError"
    assert any("Traceback" in text for text in records(failed, "ERROR"))


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (lambda api: api.respond(json={"metres": 1.8}), 200),
        (lambda api: api.respond(json={}, status=500), 502),
        (lambda api: api.respond(json={"height": 1}), 502),
        (lambda api: api.garble(), 502),
        (lambda api: api.hang(), 504),
        (lambda api: api.refuse(), 504),
    ],
)
def test_each_failure_is_answered_in_one_shape(deploy, script: Callable[[HttpApi], str | None], status: int) -> None:
    with HttpApi() as api:
        url = script(api) or api.url
        invocation = deploy("answer", TIDES_URL=url).invoke({})
    assert invocation.error is None
    assert invocation.payload["statusCode"] == status
    body = json.loads(invocation.payload["body"])
    assert body == {"metres": 1.8} if status == 200 else set(body) == {"error"}
    assert len(records(invocation, "ERROR")) == (status != 200)


@pytest.mark.parametrize("event", EVENTS)
def test_the_scheduled_example_takes_both_events_and_leaves_one_object(deploy, cloud: Cloud, event: str) -> None:
    function = deploy("hourly", BUCKET_NAME="harbour-tides")
    for _ in range(2):
        assert function.invoke(load_event(event)).error is None
    listed = cloud.client("s3").list_objects_v2(Bucket="harbour-tides")
    assert [one["Key"] for one in listed["Contents"]] == ["heartbeats/2026-01-15/06.json"]


def test_the_scheduled_example_fails_aloud_and_is_tried_three_times(deploy) -> None:
    attempts = deploy("hourly", BUCKET_NAME="nobody-made-this").deliver(load_event("rule"))
    assert [one.error.type for one in attempts] == ["NoSuchBucket"] * 3
    assert all(records(one, "ERROR") for one in attempts)


@pytest.mark.parametrize(("event", "make"), [("rule", rule_event), ("scheduler", scheduler_event)])
def test_the_events_are_those_that_aws_sends(event: str, make: Callable[..., Mapping[str, Any]]) -> None:
    shown = load_event(event)
    assert shown == make(datetime.fromisoformat(shown["time"]), shown["resources"][0], shown["id"])


def load_event(name: str) -> Mapping[str, Any]:
    return json.loads((EXAMPLES / "events" / f"{name}.json").read_text())


def test_the_script_about_functions_under_lambda_prints_what_its_page_says() -> None:
    done = subprocess.run(
        [sys.executable, "docs/examples/under_lambda.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    page = (ROOT / "docs/reference/local-testing.md").read_text("utf-8")
    assert done.stdout.strip() in page


def test_each_example_is_on_a_page_and_each_cut_names_its_part() -> None:
    used = set()
    for page in (ROOT / "docs").rglob("*.md"):
        for path, part in CUT.findall(page.read_text("utf-8")):
            used.add(path)
            source = (ROOT / path).read_text("utf-8")
            assert not part or f"[start:{part}]" in source, f"{page.name}: {path} has no part {part}"
    there = {
        path.relative_to(ROOT).as_posix()
        for path in EXAMPLES.rglob("*")
        if path.suffix in (".py", ".json", ".txt", ".toml", ".csv")
    }
    assert there == used


def test_no_page_shows_a_solution() -> None:
    shown = [page.name for page in (ROOT / "docs").rglob("*.md") if '--8<-- "solutions/' in page.read_text("utf-8")]
    assert shown == []
