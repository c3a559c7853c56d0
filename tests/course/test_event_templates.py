"""The templates of events: what AWS's services send."""

import json
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from workbook.course import event_templates
from workbook.deploy.schedule.events import rule_event, scheduler_event


def load(name: str):
    return json.loads(event_templates.read(name))


def test_every_template_is_listed_and_told_where_it_comes_from() -> None:
    files = {path.stem for path in Path(event_templates.__file__).parent.glob("*.json")}
    assert files == set(event_templates.NAMES)
    assert all(f"| {name} |" in event_templates.__doc__ for name in event_templates.NAMES)


@pytest.mark.parametrize(("name", "make"), [("eventbridge", rule_event), ("scheduler", scheduler_event)])
def test_a_scheduled_event_is_what_a_simulation_sends(name, make) -> None:
    event = load(name)
    assert event == make(datetime.fromisoformat(event["time"]), event["resources"][0], event["id"])


def test_a_buckets_notification_agrees_with_itself() -> None:
    [record] = load("s3-put")["Records"]
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{record['s3']['bucket']['name']}"
    assert (record["eventSource"], record["eventName"], record["eventVersion"]) == (
        "aws:s3",
        "ObjectCreated:Put",
        "2.1",
    )
    assert {"key", "size", "eTag", "sequencer"} == set(record["s3"]["object"])


def test_an_http_request_agrees_with_itself() -> None:
    event = load("apigateway")
    context, headers = event["requestContext"], event["headers"]
    assert dict(parse_qsl(event["rawQueryString"])) == event["queryStringParameters"]
    assert event["routeKey"] == context["routeKey"] == f"{context['http']['method']} {context['http']['path']}"
    assert int(headers["content-length"]) == len(event["body"].encode())
    assert headers["host"] == context["domainName"]
    assert (headers["user-agent"], headers["x-forwarded-for"]) == (
        context["http"]["userAgent"],
        context["http"]["sourceIp"],
    )
    told = datetime.strptime(context["time"], "%d/%b/%Y:%H:%M:%S %z")
    assert int(told.timestamp()) == context["timeEpoch"] // 1000
    assert all(name == name.lower() for name in headers)
