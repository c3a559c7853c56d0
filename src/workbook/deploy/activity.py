"""What a function did lately: CloudWatch's counts, and when it last wrote its log."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from workbook.deploy.aws.account import Account
from workbook.deploy.aws.trouble import Kind, Trouble

HOURS = 24


@dataclass(frozen=True)
class Activity:
    """Of the last 24 hours; None what CloudWatch did not tell. `last_line` is in UTC."""

    invocations: int | None = None
    errors: int | None = None
    last_line: datetime | None = None


def read_activity(account: Account, function: str, log_group: str, now: datetime | None = None) -> Activity:
    """What is to be seen by either way. Raises Trouble when neither can be looked at."""
    now = now or datetime.now(UTC)
    try:
        invocations, errors = _count(account, function, now)
    except Trouble as trouble:
        if trouble.kind is Kind.ACCOUNT and account.is_at_amazon:
            raise
        return Activity(last_line=_find_last_line(account, log_group))
    if invocations:
        return Activity(invocations, errors)
    try:
        return Activity(invocations, errors, _find_last_line(account, log_group))
    except Trouble:
        return Activity(invocations, errors)


def _count(account: Account, function: str, now: datetime) -> tuple[int, int]:
    def query(name: str) -> dict[str, Any]:
        dimension = {"Name": "FunctionName", "Value": function}
        metric = {"Namespace": "AWS/Lambda", "MetricName": name, "Dimensions": [dimension]}
        return {"Id": name.lower(), "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Sum"}}

    answer = account.call(
        "cloudwatch",
        "get_metric_data",
        MetricDataQueries=[query("Invocations"), query("Errors")],
        StartTime=now - timedelta(hours=HOURS),
        EndTime=now,
    )
    sums = {result["Id"]: int(sum(result["Values"])) for result in answer["MetricDataResults"]}
    return sums.get("invocations", 0), sums.get("errors", 0)


def _find_last_line(account: Account, log_group: str) -> datetime | None:
    streams = account.find(
        "logs", "describe_log_streams", logGroupName=log_group, orderBy="LastEventTime", descending=True, limit=1
    )
    times = [
        stream["lastEventTimestamp"]
        for stream in (streams or {}).get("logStreams", ())
        if "lastEventTimestamp" in stream
    ]
    return datetime.fromtimestamp(times[0] / 1000, UTC) if times else None
