"""The event that a schedule hands to a function, for a rule and for EventBridge Scheduler."""

from datetime import UTC, datetime
from uuid import uuid4

Event = dict[str, object]


def rule_event(scheduled: datetime, rule_arn: str, event_id: str | None = None) -> Event:
    """What a scheduled rule sends when its target has no constant input: nine keys, ``detail`` an empty object.

    ``scheduled`` is aware; ``event_id`` is a new UUID unless given. ValueError for a naive time or no ARN.
    Source: EventBridge User Guide, eb-run-lambda-schedule; LocalStack's snapshot, validated against AWS.
    """
    return _event("aws.events", {}, scheduled, rule_arn, event_id)


def scheduler_event(scheduled: datetime, schedule_arn: str, event_id: str | None = None) -> Event:
    """What Scheduler sends when its target has no input: the same keys, but ``detail`` is the string ``"{}"``.

    Not in AWS's documentation; seen from AWS in aws/aws-lambda-dotnet#1864 and aws-lambda-java-libs#479.
    """
    return _event("aws.scheduler", "{}", scheduled, schedule_arn, event_id)


def _event(source: str, detail: object, scheduled: datetime, arn: str, event_id: str | None) -> Event:
    if scheduled.utcoffset() is None:
        raise ValueError(f"{scheduled.isoformat()} has no time zone; give it one, such as tzinfo=datetime.UTC")
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise ValueError(f"{arn!r} is no ARN such as arn:aws:events:us-east-1:123456789012:rule/hourly")
    return {
        "version": "0",
        "id": event_id or str(uuid4()),
        "detail-type": "Scheduled Event",
        "source": source,
        "account": parts[4],
        "time": scheduled.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": parts[3],
        "resources": [arn],
        "detail": detail,
    }
