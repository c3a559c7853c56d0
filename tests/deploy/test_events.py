"""The events that schedules hand to a function."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workbook.deploy.schedule.events import rule_event, scheduler_event

RULE = "arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"
SCHEDULE = "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/test-schedule"
KEYS = ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"]


def test_a_rule_sends_the_event_that_aws_documents():
    event = rule_event(datetime(2015, 10, 8, 16, 53, 6, tzinfo=UTC), RULE, "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa")
    assert event == {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2015-10-08T16:53:06Z",
        "region": "us-east-1",
        "resources": [RULE],
        "detail": {},
    }
    assert list(event) == KEYS


def test_scheduler_sends_its_detail_as_a_string():
    event = scheduler_event(datetime(2024, 11, 7, 22, 5, tzinfo=UTC), SCHEDULE)
    assert list(event) == KEYS
    assert (event["source"], event["region"], event["detail"]) == ("aws.scheduler", "eu-central-1", "{}")


def test_each_event_has_an_id_of_its_own():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert rule_event(now, RULE)["id"] != rule_event(now, RULE)["id"]


def test_the_time_is_in_utc_to_the_second():
    local = datetime(2026, 1, 15, 0, 30, 0, 999, tzinfo=timezone(timedelta(hours=1)))
    assert rule_event(local, RULE)["time"] == "2026-01-14T23:30:00Z"


@pytest.mark.parametrize("make", [rule_event, scheduler_event])
def test_a_naive_time_and_a_wrong_arn_are_refused(make):
    with pytest.raises(ValueError, match="has no time zone"):
        make(datetime(2026, 1, 1), RULE)
    with pytest.raises(ValueError, match="is no ARN"):
        make(datetime(2026, 1, 1, tzinfo=UTC), "my-rule")
