"""A function at the virtual times of its schedule: the scheduled events, and Lambda's asynchronous retries.

Nothing waits: only the events and the attempts' times are virtual, the function's own clock is the computer's.
"""

import json
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Any

from workbook.deploy.schedule import Kind, Schedule, Service
from workbook.deploy.schedule.events import Event, rule_event, scheduler_event

if TYPE_CHECKING:
    from workbook.cloud import Call
    from workbook.runtime import Function, Invocation

RETRY_WAITS = (timedelta(minutes=1), timedelta(minutes=2))
"""Between the attempts of one event; source: Lambda guide, invocation-async-error-handling."""

_LONGEST_TEXT = 1000  # characters of an error or a parameter that a document keeps


class Outcome(StrEnum):
    """What became of an event: taken at once, taken by a later attempt, or by none."""

    SUCCEEDED = "succeeded"
    RETRIED = "retried"
    LOST = "lost"


@dataclass(frozen=True)
class Attempt:
    """One run of the function: its virtual time, what it came to, and the AWS calls that it made."""

    at: datetime
    invocation: "Invocation"
    calls: "tuple[Call, ...]"

    def to_dict(self) -> dict[str, Any]:
        """Plain data; texts are cut at 1,000 characters."""
        error = self.invocation.error
        return {
            "time": _stamp(self.at),
            "request_id": self.invocation.request_id,
            "cold": self.invocation.cold,
            "duration_ms": self.invocation.duration_ms,
            "error": error and {"type": _cut(error.type), "message": _cut(error.message)},
            "calls": [_plain(call) for call in self.calls],
        }


@dataclass(frozen=True)
class Firing:
    """One event of the schedule and its attempts, at most three, all under one request ID."""

    scheduled: datetime
    event: Event
    attempts: tuple[Attempt, ...]

    @property
    def outcome(self) -> Outcome:
        """LOST: Lambda hands the event to the failure destination, and discards it where there is none."""
        if self.attempts[-1].invocation.error:
            return Outcome.LOST
        return Outcome.SUCCEEDED if len(self.attempts) == 1 else Outcome.RETRIED

    @property
    def unseen_status(self) -> int | None:
        """The statusCode of 400 or more that a success returned. Lambda discards what an asynchronous
        invocation returns (python-handler), so it is no failure: nothing is retried, nobody is told."""
        last = self.attempts[-1].invocation
        status = last.payload.get("statusCode") if isinstance(last.payload, dict) and not last.error else None
        return status if isinstance(status, int) and status >= 400 else None

    def to_dict(self) -> dict[str, Any]:
        return {
            "time": _stamp(self.scheduled),
            "outcome": self.outcome,
            "unseen_status": self.unseen_status,
            "event": self.event,
            "attempts": [attempt.to_dict() for attempt in self.attempts],
        }


@dataclass(frozen=True)
class Summary:
    """How many firings came to which outcome; `unseen` of the successes returned a statusCode of 400 or more."""

    succeeded: int = 0
    retried: int = 0
    lost: int = 0
    unseen: int = 0

    @property
    def firings(self) -> int:
        return self.succeeded + self.retried + self.lost

    def add(self, firing: Firing) -> "Summary":
        count = {firing.outcome.value: getattr(self, firing.outcome) + 1}
        return replace(self, **count, unseen=self.unseen + (firing.unseen_status is not None))

    def to_dict(self) -> dict[str, int]:
        return {"firings": self.firings, **vars(self)}


def plan(
    schedule: Schedule,
    after: datetime,
    *,
    until: datetime | None = None,
    count: int | None = None,
    timezone: str = "UTC",
) -> Iterator[datetime]:
    """The firings after `after` up to and with `until` (both aware), at most `count`, in UTC.

    Scheduler reads cron and at in `timezone`; a rule reads UTC. Raises ScheduleError for an unknown zone.
    """
    read_in = "UTC" if schedule.service is Service.RULES or schedule.kind is Kind.RATE else timezone
    moments = (moment.astimezone(UTC) for moment in schedule.firings(after, read_in))
    return islice(takewhile(lambda moment: until is None or moment <= until, moments), count)


def name_source(schedule: Schedule, function_name: str) -> str:
    """The ARN of the rule or schedule that `lab deploy` makes for the function; the event names it as its source."""
    from workbook.deploy.deployment import named
    from workbook.runtime.variables import ACCOUNT, REGION

    name = named(function_name, "-schedule")
    if schedule.service is Service.RULES:
        return f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{name}"
    return f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{name}"


def simulate(
    function: "Function",
    schedule: Schedule,
    after: datetime,
    *,
    until: datetime | None = None,
    count: int | None = None,
    timezone: str = "UTC",
    calls: "Callable[[], Sequence[Call]]" = tuple,
    before: Callable[[datetime], None] = lambda at: None,
) -> Iterator[Firing]:
    """Invoke `function` at each moment of `plan`, in the order of virtual time, with the event of the service.

    An attempt that fails (an exception, a timeout, an answer that is no JSON) is followed by a second a minute
    later and a third two minutes after that, with the same event and request ID; they stand among the firings
    that fall between them, an older event before a newer one at the same time. What the function itself takes
    is not counted. The attempts of a firing before `until` may lie after it.

    Each firing comes when it and all earlier ones have ended, before the next attempt. `before` is told the virtual
    time of each attempt, so that the caller may change the world for it. `calls` gives the AWS calls so far, such as
    ``lambda: bench.cloud.calls``. The function stays as it is: warm, unless an attempt ended its process.
    """
    moments = plan(schedule, after, until=until, count=count, timezone=timezone)
    make_event = rule_event if schedule.service is Service.RULES else scheduler_event
    source = name_source(schedule, function.configuration.name)
    unsettled: deque[_Delivery] = deque()
    retries: list[tuple[datetime, int, _Delivery]] = []
    number, moment, seen = 0, next(moments, None), len(calls())
    while retries or moment:
        if moment is None or (retries and retries[0][0] <= moment):
            at, place, delivery = heappop(retries)
        else:
            number += 1
            at, place, delivery = moment, number, _Delivery(moment, make_event(moment, source))
            unsettled.append(delivery)
            moment = next(moments, None)
        before(at)
        invocation = delivery.run(function)
        made = tuple(calls()[seen:])
        seen += len(made)
        if wait := delivery.settle(Attempt(at, invocation, made)):
            heappush(retries, (at + wait, place, delivery))
        while unsettled and (firing := unsettled[0].settled):
            unsettled.popleft()
            yield firing


class _Delivery:
    """One event on its way: the attempts so far, and the firing once there is no further one."""

    def __init__(self, scheduled: datetime, event: Event) -> None:
        self._scheduled, self._event, self._request_id = scheduled, event, str(uuid.uuid4())
        self._attempts: list[Attempt] = []
        self.settled: Firing | None = None

    def run(self, function: "Function") -> "Invocation":
        return function.invoke(self._event, request_id=self._request_id)

    def settle(self, attempt: Attempt) -> timedelta | None:
        """Take an attempt's end; returns the wait before the next one, None when there is none."""
        self._attempts.append(attempt)
        if attempt.invocation.error and len(self._attempts) <= len(RETRY_WAITS):
            return RETRY_WAITS[len(self._attempts) - 1]
        self.settled = Firing(self._scheduled, self._event, tuple(self._attempts))
        return None


def list_objects(s3: Any) -> dict[str, list[str]]:
    """The keys in every bucket that the boto3 client `s3` sees, by bucket."""
    pages = s3.get_paginator("list_objects_v2")
    return {
        bucket["Name"]: [
            found["Key"] for page in pages.paginate(Bucket=bucket["Name"]) for found in page.get("Contents", ())
        ]
        for bucket in s3.list_buckets()["Buckets"]
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(call: "Call") -> dict[str, Any]:
    parameters = {key: _shorten(value) for key, value in call.parameters.items()}
    return {
        "service": call.service,
        "operation": call.operation,
        "parameters": parameters,
        "status": call.status,
        "error": call.error,
    }


def _shorten(value: object) -> object:
    """The value as JSON has it, or the start of its text where that is long."""
    text = json.dumps(value, default=_text)
    if len(text) <= _LONGEST_TEXT:
        return json.loads(text)
    return _cut(_text(value) if isinstance(value, str | bytes) else text)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "..."
