"""A function at the virtual times of its schedule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workbook.bench import Bench
from workbook.deploy.schedule import ScheduleError, parse
from workbook.deploy.schedule.simulation import Outcome, Summary, list_objects, name_source, plan, simulate

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

# Keeps, in the process, every event that it was given; FAILING names the invocations (from 1) that raise.
RECORDER = """
seen = []
FAILING = {failing}


def lambda_handler(event, context):
    seen.append((event["time"], event["id"], context.aws_request_id))
    if len(seen) in FAILING:
        raise KeyError("detail")
    return seen
"""

RETURNING = """
def lambda_handler(event, context):
    return {value}
"""


@pytest.fixture
def run(make_lab):
    """Simulates code for a number of firings."""

    def call(code, expression, count, service="rules", after=NEW_YEAR, timeout=60, **options):
        with Bench(make_lab(starter=code, function='name = "collector"', timeout=timeout)) as bench:
            schedule = parse(expression, service)
            return list(
                simulate(bench.function(), schedule, after, count=count, calls=lambda: bench.cloud.calls, **options)
            )

    return call


def times(firing):
    return [(attempt.at - NEW_YEAR) / timedelta(minutes=1) for attempt in firing.attempts]


def test_each_firing_hands_over_the_rules_event_of_its_virtual_time(run):
    firings = run(RETURNING.format(value="event"), "cron(30 * * * ? *)", 3)
    assert [f"{firing.scheduled:%H:%M}" for firing in firings] == ["00:30", "01:30", "02:30"]
    events = [firing.attempts[0].invocation.payload for firing in firings]
    assert [event["time"] for event in events] == [f"2026-01-01T0{hour}:30:00Z" for hour in range(3)]
    assert len({event["id"] for event in events}) == 3
    assert all(event["source"] == "aws.events" and event["detail"] == {} for event in events)
    assert events[0]["resources"] == ["arn:aws:events:us-east-1:123456789012:rule/collector-schedule"]
    assert firings[0].event == events[0]


def test_scheduler_sends_its_own_event_and_reads_its_own_zone(run):
    (firing,) = run(RETURNING.format(value="event"), "cron(0 9 * * ? *)", 1, "scheduler", timezone="Europe/Oslo")
    event = firing.attempts[0].invocation.payload
    assert (event["source"], event["detail"], event["time"]) == ("aws.scheduler", "{}", "2026-01-01T08:00:00Z")
    assert event["resources"] == ["arn:aws:scheduler:us-east-1:123456789012:schedule/default/collector-schedule"]


def test_the_function_stays_warm_from_firing_to_firing(run):
    firings = run(RECORDER.format(failing=()), "rate(1 hour)", 3)
    assert [firing.attempts[0].invocation.cold for firing in firings] == [True, False, False]
    assert len(firings[2].attempts[0].invocation.payload) == 3


def test_an_error_is_tried_again_after_one_and_three_minutes_with_the_same_event(run):
    first, second = run(RECORDER.format(failing=(1, 2)), "rate(1 hour)", 2)
    assert (first.outcome, times(first)) == (Outcome.RETRIED, [60, 61, 63])
    assert [str(attempt.invocation.error) for attempt in first.attempts] == ["KeyError: 'detail'"] * 2 + ["None"]
    assert len({tuple(seen) for seen in first.attempts[2].invocation.payload}) == 1
    assert len({attempt.invocation.request_id for attempt in first.attempts}) == 1
    assert (second.outcome, times(second)) == (Outcome.SUCCEEDED, [120])
    (_, event, request), *_, (_, another_event, another_request) = second.attempts[0].invocation.payload
    assert event != another_event
    assert request != another_request


def test_three_failures_lose_the_event_and_the_next_one_starts_anew(run):
    lost, after = run(RECORDER.format(failing=(1, 2, 3)), "rate(1 hour)", 2)
    assert (lost.outcome, times(lost)) == (Outcome.LOST, [60, 61, 63])
    assert (after.outcome, len(after.attempts)) == (Outcome.SUCCEEDED, 1)


def test_the_caller_is_told_the_virtual_time_before_each_attempt(run):
    told = []
    run(
        RECORDER.format(failing=(1, 2)), "rate(1 hour)", 2, before=lambda at: told.append((at - NEW_YEAR).seconds // 60)
    )
    assert told == [60, 61, 63, 120]


def test_retries_stand_among_the_firings_that_fall_between_them(run):
    firings = run(RECORDER.format(failing=(1, 2)), "rate(1 minute)", 3)
    assert [firing.outcome for firing in firings] == [Outcome.RETRIED, Outcome.SUCCEEDED, Outcome.SUCCEEDED]
    assert [times(firing) for firing in firings] == [[1, 2, 4], [2], [3]]
    seen = [time[14:16] for time, *_ in firings[0].attempts[2].invocation.payload]
    assert seen == ["01", "01", "02", "03", "01"]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (RETURNING.format(value="{1, 2}"), "Runtime.MarshalError"),
        ("import time\n\ndef lambda_handler(event, context):\n    time.sleep(30)\n", "Sandbox.Timedout"),
        ("import os\n\ndef lambda_handler(event, context):\n    os._exit(1)\n", "Runtime.ExitError"),
        ("import nowhere\n", "Runtime.ImportModuleError"),
    ],
)
def test_every_kind_of_failure_is_retried_and_lost(run, code, error):
    (firing,) = run(code, "rate(1 hour)", 1, timeout=1 if "sleep" in code else 60)
    assert [attempt.invocation.error.type for attempt in firing.attempts] == [error] * 3
    assert firing.outcome is Outcome.LOST


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("{'statusCode': 500}", 500),
        ("{'statusCode': 400}", 400),
        ("{'statusCode': 399}", None),
        ("{'statusCode': None}", None),
        ("'statusCode'", None),
    ],
)
def test_a_returned_status_is_a_success_and_an_error_status_is_one_that_nobody_sees(run, value, status):
    (firing,) = run(RETURNING.format(value=value), "rate(1 hour)", 1)
    assert (firing.outcome, len(firing.attempts), firing.unseen_status) == (Outcome.SUCCEEDED, 1, status)


def test_a_lost_event_has_no_unseen_status_whatever_its_error_document_holds(run):
    (lost,) = run("def lambda_handler(event, context):\n    raise KeyError\n", "rate(1 hour)", 1)
    last = lost.attempts[-1]
    forged = replace(last, invocation=replace(last.invocation, payload={"statusCode": 500}))
    assert replace(lost, attempts=(forged,)).unseen_status is None


def test_the_cloud_keeps_what_is_stored_and_each_attempt_has_its_own_calls(make_lab):
    code = """
import boto3

s3 = boto3.client("s3")
tried = []


def lambda_handler(event, context):
    tried.append(event["id"])
    s3.put_object(Bucket="readings-of-quay", Key=event["time"], Body=b"12.4")
    if len(tried) == 2:
        raise ValueError("after the fact")
"""
    function = '\n[cloud]\nbuckets = ["readings-of-quay"]'
    with Bench(make_lab(starter=code, function=function)) as bench:
        patient = bench.function()
        firings = list(simulate(patient, parse("rate(1 hour)"), NEW_YEAR, count=3, calls=lambda: bench.cloud.calls))
        stored = list_objects(bench.cloud.client("s3"))
    keys = [f"2026-01-01T0{hour}:00:00Z" for hour in (1, 2, 3)]
    assert stored == {"readings-of-quay": keys}
    made = [[[call.parameters["Key"] for call in attempt.calls] for attempt in firing.attempts] for firing in firings]
    assert made == [[keys[:1]], [keys[1:2], keys[1:2]], [keys[2:]]]
    document = firings[1].to_dict()
    assert document["outcome"] == "retried"
    assert document["attempts"][0]["error"] == {"type": "ValueError", "message": "after the fact"}
    assert document["attempts"][1]["time"] == "2026-01-01T02:01:00Z"
    assert document["attempts"][1]["calls"][0]["parameters"]["Body"] == "12.4"


def test_the_world_may_change_between_two_firings(make_lab):
    with Bench(make_lab(starter=RECORDER.format(failing=(1,)))) as bench:
        function = bench.function()
        firings = simulate(function, parse("rate(1 hour)"), NEW_YEAR, count=2)
        assert len(next(firings).attempts) == 2
        assert len(function.invoke({"time": "now", "id": "mine"}).payload) == 3
        assert len(next(firings).attempts[0].invocation.payload) == 4


def test_long_texts_are_cut_in_the_document(run):
    code = 'def lambda_handler(event, context):\n    raise ValueError("n" * 5000)\n'
    (firing,) = run(code, "rate(1 hour)", 1)
    assert firing.to_dict()["attempts"][0]["error"]["message"] == "n" * 1000 + "..."


def test_a_plan_ends_at_its_time_or_its_number_whichever_comes_first():
    hourly = parse("cron(0 * * * ? *)")
    until = NEW_YEAR + timedelta(hours=3)
    assert list(plan(hourly, NEW_YEAR, until=until)) == [NEW_YEAR + timedelta(hours=hour) for hour in (1, 2, 3)]
    assert len(list(plan(hourly, NEW_YEAR, until=until, count=2))) == 2
    assert len(list(plan(hourly, NEW_YEAR, count=7))) == 7
    assert list(plan(parse("cron(0 0 30 2 ? *)"), NEW_YEAR)) == []


def test_a_rate_is_planned_to_the_calendars_end_in_every_zone():
    span = datetime(9999, 12, 31, 23, tzinfo=UTC) - NEW_YEAR
    far = parse(f"rate({span // timedelta(minutes=1)} minutes)", "scheduler")
    assert list(plan(far, NEW_YEAR, timezone="Pacific/Kiritimati")) == [NEW_YEAR + span]


def test_an_unknown_zone_is_refused_for_scheduler():
    with pytest.raises(ScheduleError, match="Oslow"):
        list(plan(parse("cron(0 9 * * ? *)", "scheduler"), NEW_YEAR, timezone="Europe/Oslow"))


def test_a_sources_name_is_no_longer_than_aws_takes():
    assert name_source(parse("rate(1 hour)"), "f" * 64).rpartition("/")[2] == "f" * 55 + "-schedule"


def test_a_summary_counts_each_outcome(run):
    code = """
count = 0


def lambda_handler(event, context):
    global count
    count += 1
    if count in (1, 3, 4, 5):
        raise KeyError("detail")
    return {"statusCode": 500}
"""
    summary = Summary()
    for firing in run(code, "rate(1 hour)", 4):
        summary = summary.add(firing)
    assert summary == Summary(succeeded=2, retried=1, lost=1, unseen=3)
    assert summary.to_dict() == {"firings": 4, "succeeded": 2, "retried": 1, "lost": 1, "unseen": 3}
