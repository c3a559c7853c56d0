"""What a deployed function may cost, from its schedule and its limits: an upper bound, not a forecast."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from workbook.course.facts import Prices, limits, prices
from workbook.course.manifest import FunctionSettings
from workbook.deploy.schedule import parse

DAYS = 30


@dataclass(frozen=True)
class Cost:
    """Thirty days of a function, if each of its attempts fails at its timeout and is made again. `attempts` counts
    them, `dollars` is in US dollars without the free tier; without a schedule both are for one event."""

    firings: int | None
    attempts: int
    gb_seconds: float
    dollars: float

    @property
    def is_free(self) -> bool:
        """Whether Lambda's free tier covers it, if nothing else uses that."""
        known = prices()
        return self.attempts <= known.free_requests_per_month and self.gb_seconds <= known.free_gb_seconds_per_month


def estimate(settings: FunctionSettings, now: datetime) -> Cost:
    """The most that Lambda itself may bill for 30 days from `now` (aware), by the prices of us-east-1."""
    known = prices()
    firings = _count_firings(settings, now) if settings.schedule else None
    attempts = (1 if firings is None else firings) * limits().async_attempts
    gb_seconds = attempts * settings.timeout * settings.memory / 1024
    dollars = attempts / 1e6 * known.per_million_requests + gb_seconds * _per_gb_second(settings, known)
    return Cost(firings, attempts, gb_seconds, dollars)


def _per_gb_second(settings: FunctionSettings, known: Prices) -> float:
    return known.per_gb_second_arm64 if settings.architecture == "arm64" else known.per_gb_second_x86_64


def _count_firings(settings: FunctionSettings, now: datetime) -> int:
    assert settings.schedule
    schedule = parse(settings.schedule.expression, settings.schedule.service)
    until = now + timedelta(days=DAYS)
    moments = takewhile(lambda moment: moment <= until, schedule.firings(now, settings.schedule.timezone))
    return sum(1 for _ in moments)
