"""Firings against an evaluator that asks each minute whether it fires, written apart from the product."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from workbook.deploy.schedule import parse

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


# ---- the evaluator -------------------------------------------------------------------------------------------


class Asked:
    """A cron expression of which one may ask whether a wall-clock minute fires."""

    def __init__(self, expression: str) -> None:
        inside = expression.removeprefix("cron(").removesuffix(")")
        self.minute, self.hour, self.day, self.month, self.weekday, self.year = inside.upper().split()
        self.minutes = [m for m in range(60) if among(self.minute, m, 0, 59)]
        self.hours = [h for h in range(24) if among(self.hour, h, 0, 23)]
        self.fires_on = cache(self.fires_on)

    def fires_at(self, wall: datetime) -> bool:
        return wall.minute in self.minutes and wall.hour in self.hours and self.fires_on(wall.date())

    def fires_on(self, day: date) -> bool:
        if not (1970 <= day.year <= 2199 and among(self.year, day.year, 1970, 2199)):
            return False
        if not among(self.month, day.month, 1, 12, MONTHS):
            return False
        return on_day_of_month(self.day, day) if self.weekday == "?" else on_weekday(self.weekday, day)


def among(text: str, value: int, low: int, high: int, names: list[str] | None = None) -> bool:
    def number(token: str) -> int:
        return low + names.index(token) if names and token in names else int(token)

    for item in text.split(","):
        base, _, step = item.partition("/")
        first, dash, last = base.partition("-")
        start = low if base == "*" else number(first)
        stop = number(last) if dash else (high if base == "*" or step else start)
        size = high - low + 1
        distance = (value - start) % size
        if distance <= (stop - start) % size and distance % int(step or 1) == 0:
            return True
    return False


def on_day_of_month(text: str, day: date) -> bool:
    last = ((day.replace(day=1) + timedelta(days=31)).replace(day=1) - DAY).day
    working = [n for n in range(1, last + 1) if day.replace(day=n).isoweekday() <= 5]
    if text == "LW":
        return day.day == working[-1]
    if text.startswith("L"):
        return day.day == last - int(text[2:] or 0)
    if text.endswith("W"):
        wanted = int(text[:-1])
        return wanted <= last and day.day == min(working, key=lambda n: abs(n - wanted))
    return among(text, day.day, 1, 31)


def on_weekday(text: str, day: date) -> bool:
    number = day.isoweekday() % 7 + 1
    if text == "L":
        return number == 7
    if text.endswith("L"):
        return among(text[:-1], number, 1, 7, WEEKDAYS) and (day + 7 * DAY).month != day.month
    if "#" in text:
        named, nth = text.split("#")
        return among(named, number, 1, 7, WEEKDAYS) and (day.day + 6) // 7 == int(nth)
    return among(text, number, 1, 7, WEEKDAYS)


def minute_by_minute(expression: str, after: datetime, until: datetime, zone) -> list[datetime]:
    """Every real minute is asked what the zone's clock shows then; a second showing does not count."""
    asked = Asked(expression)
    moment = after.astimezone(UTC).replace(second=0, microsecond=0) + MINUTE
    found = []
    while moment <= until:
        wall = moment.astimezone(zone)
        if not wall.fold and asked.fires_at(wall):
            found.append(moment)
        moment += MINUTE
    return found


def day_by_day(expression: str, after: datetime, count: int) -> list[datetime]:
    """The next firings in UTC, over centuries."""
    asked = Asked(expression)
    found: list[datetime] = []
    day = after.date()
    while len(found) < count and day.year < 2200:
        if asked.fires_on(day):
            times = (
                datetime(day.year, day.month, day.day, h, m, tzinfo=UTC) for h in asked.hours for m in asked.minutes
            )
            found.extend(moment for moment in times if moment > after)
        day += DAY
    return found[:count]


# ---- expressions to ask --------------------------------------------------------------------------------------


def items(low: int, high: int, names: list[str] | None = None, *, wraps: bool = True, steps: bool = True):
    value = st.integers(low, high)

    def spelt(number: int):
        return st.sampled_from(
            [str(number), names[number - low], names[number - low].lower()] if names else [str(number)]
        )

    single = value.flatmap(spelt)
    pair = st.tuples(value, value) if wraps else st.tuples(value, value).map(sorted)
    span = pair.flatmap(lambda ends: st.tuples(spelt(ends[0]), spelt(ends[1]))).map("-".join)
    choices = [single, span]
    if steps:
        stepped = st.one_of(st.just("*"), single, span)
        choices.append(st.tuples(stepped, st.integers(1, high - (low if low > 12 else 0)).map(str)).map("/".join))
    return st.lists(st.one_of(choices), min_size=1, max_size=3).map(",".join)


minutes = st.one_of(st.just("*"), items(0, 59))
hours = st.one_of(st.just("*"), items(0, 23))
months = st.one_of(st.just("*"), items(1, 12, MONTHS))
years = st.one_of(st.just("*"), items(1970, 2199, wraps=False))
days = st.one_of(
    st.sampled_from(["*", "L", "LW"]),
    st.integers(1, 30).map("L-{}".format),
    st.integers(1, 31).map("{}W".format),
    items(1, 31),
)
weekday = st.one_of(st.integers(1, 7).map(str), st.sampled_from(WEEKDAYS))
weekdays = st.one_of(
    st.sampled_from(["*", "L"]),
    weekday.map("{}L".format),
    st.tuples(weekday, st.integers(1, 5).map(str)).map("#".join),
    items(1, 7, WEEKDAYS, steps=False),
)
day_fields = st.one_of(st.tuples(days, st.just("?")), st.tuples(st.just("?"), weekdays))


@st.composite
def crons(draw, year=years) -> str:
    day, weekday = draw(day_fields)
    fields = (draw(minutes), draw(hours), day, draw(months), weekday, draw(year))
    return f"cron({' '.join(fields)})"


moments = st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 1), timezones=st.just(UTC))
zones = st.sampled_from(["UTC", "Europe/Oslo", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"])
SHIFTS = [
    ("America/Los_Angeles", datetime(2026, 3, 8, 10, tzinfo=UTC)),
    ("America/Los_Angeles", datetime(2026, 11, 1, 9, tzinfo=UTC)),
    ("Europe/Oslo", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Oslo", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
]


@settings(max_examples=150, deadline=None)
@given(crons(), moments)
@example("cron(0 0 29 2 ? *)", datetime(2095, 6, 1, tzinfo=UTC))
@example("cron(0 0 ? 2 FRI#5 *)", datetime(2026, 1, 1, tzinfo=UTC))
@example("cron(0 0 31 2 ? *)", datetime(2026, 1, 1, tzinfo=UTC))
@example("cron(59 23 31 12 ? *)", datetime(2199, 12, 31, 23, 58, tzinfo=UTC))
@example("cron(0 0 1 1 ? 1970)", datetime(1969, 7, 1, tzinfo=UTC))
def test_the_next_firings_are_those_that_each_day_of_the_calendar_gives(expression, after):
    assert parse(expression).upcoming(after, 6) == day_by_day(expression, after, 6)


@settings(max_examples=60, deadline=None)
@given(crons(year=st.just("*")), moments, zones)
def test_scheduler_fires_in_a_zone_exactly_when_each_minute_says_so(expression, after, name):
    until = after + timedelta(days=3)
    assert within(expression, after, until, name) == minute_by_minute(expression, after, until, ZoneInfo(name))


@settings(max_examples=60, deadline=None)
@given(minutes, hours, st.sampled_from(SHIFTS), st.integers(0, 1800))
def test_scheduler_keeps_to_aws_rule_when_the_clock_shifts(minute, hour, shift, before):
    name, moment = shift
    expression = f"cron({minute} {hour} * * ? *)"
    after, until = moment - before * MINUTE, moment + timedelta(days=1)
    assert within(expression, after, until, name) == minute_by_minute(expression, after, until, ZoneInfo(name))


def within(expression: str, after: datetime, until: datetime, name: str) -> list[datetime]:
    found = []
    for moment in parse(expression, "scheduler").firings(after, name):
        if moment > until:
            break
        found.append(moment.astimezone(UTC))
    return found


@settings(max_examples=100, deadline=None)
@given(crons(), moments, zones)
def test_a_rule_reads_its_fields_in_utc_whatever_zone_it_is_shown_in(expression, after, name):
    shown = parse(expression).upcoming(after, 3, name)
    assert shown == parse(expression).upcoming(after, 3)
    assert all(str(moment.tzinfo) == name for moment in shown)


@settings(deadline=None)
@given(st.integers(1, 5000), st.sampled_from(["minute", "hour", "day"]), moments)
def test_a_rate_fires_at_every_multiple_of_its_interval_after_its_creation(value, unit, created):
    assume(created.year < 2100)
    expression = f"rate({value} {unit if value == 1 else unit + 's'})"
    start = created.replace(microsecond=0)
    assert parse(expression).upcoming(created, 4) == [
        start + n * value * timedelta(**{unit + "s": 1}) for n in (1, 2, 3, 4)
    ]


def test_a_rate_in_days_counts_24_hours_over_a_clock_shift():
    created = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Oslo"))
    [fired] = parse("rate(1 day)", "scheduler").upcoming(created, 1, "Europe/Oslo")
    assert fired.hour == 13


def test_a_rate_longer_than_the_calendar_has_no_firing():
    assert parse("rate(99999999999999999999 days)").upcoming(datetime(2026, 1, 1, tzinfo=UTC)) == []
    assert parse("rate(1000000 days)").upcoming(datetime(2026, 1, 1, tzinfo=UTC), 9) != []


@pytest.mark.parametrize(
    ("expression", "zone", "expected"),
    [
        ("at(2026-06-01T12:00:30)", "Europe/Oslo", [datetime(2026, 6, 1, 10, 0, 30, tzinfo=UTC)]),
        ("at(2026-03-29T02:30:00)", "Europe/Oslo", []),
        ("at(2026-10-25T02:30:00)", "Europe/Oslo", [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]),
        ("at(2025-06-01T12:00:00)", "UTC", []),
        ("at(0001-01-01T00:00:00)", "Asia/Kathmandu", []),
        ("at(9999-12-31T23:59:59)", "America/Los_Angeles", []),
    ],
)
def test_at_fires_once_when_the_zone_shows_that_time(expression, zone, expected):
    found = parse(expression, "scheduler").upcoming(datetime(2026, 1, 1, tzinfo=UTC), 5, zone)
    assert [moment.astimezone(UTC) for moment in found] == expected


@pytest.mark.parametrize("after", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
@pytest.mark.parametrize("expression", ["cron(0 0 * * ? *)", "rate(1 day)"])
@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
def test_the_ends_of_the_calendar_do_no_harm(expression, after, zone):
    assert len(parse(expression, "scheduler").upcoming(after, 2, zone)) in (0, 2)


@pytest.mark.parametrize("count", [0, -3])
def test_no_firing_is_listed_when_none_is_asked_for(count):
    assert parse("rate(1 day)").upcoming(datetime(2026, 1, 1, tzinfo=UTC), count) == []
