"""Schedule expressions: what is taken, what is refused and why, and how they are said and drawn."""

import json
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workbook.deploy.schedule import Kind, ScheduleError, check, draw, draw_month, draw_week, parse

CASES = tomllib.loads(Path(__file__).with_name("schedule_cases.toml").read_text(encoding="utf-8"))
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
SERVICES = st.sampled_from(["rules", "scheduler"])
REFUSED = {"rules": "Parameter ScheduleExpression is not valid.", "scheduler": "Invalid Schedule Expression {}."}


def named(cases):
    return [pytest.param(case, id=f"{case['service']} {case['expression']!a}") for case in cases]


def shown(moments):
    return [moment.astimezone(UTC).isoformat(timespec="minutes").removesuffix("+00:00") for moment in moments]


@pytest.mark.parametrize("case", named(CASES["valid"]))
def test_what_aws_takes_is_taken_and_its_firings_words_and_warnings_are_right(case):
    schedule = parse(case["expression"], case["service"])
    after = case.get("after", NEW_YEAR)
    assert check(case["expression"], case["service"]) is None
    assert (schedule.expression, schedule.service) == (case["expression"], case["service"])
    assert schedule.kind == case["expression"].partition("(")[0]
    assert shown(schedule.upcoming(after)) == case["next"]
    assert schedule.describe() == case["words"]
    assert list(schedule.warn(after)) == case.get("warnings", [])


@pytest.mark.parametrize("case", named(CASES["invalid"]))
def test_what_aws_refuses_is_refused_with_the_field_the_reason_and_the_likely_intention(case):
    with pytest.raises(ScheduleError) as caught:
        parse(case["expression"], case["service"])
    error = caught.value
    assert (error.field, error.problem) == (case["field"], case["problem"])
    assert error.suggestion == case.get("suggestion")
    assert check(case["expression"], case["service"]) == error.aws_message
    assert error.aws_message == REFUSED[case["service"]].format(case["expression"])


def test_the_table_is_large_and_every_case_is_its_own():
    keys = [(case["expression"], case["service"], case.get("after")) for group in CASES.values() for case in group]
    assert len(keys) == len(set(keys)) > 250


def test_an_error_says_everything_in_plain_words():
    with pytest.raises(ScheduleError) as caught:
        parse("rate(5 minute)")
    assert str(caught.value).splitlines() == [
        "rate(5 minute) is refused. The unit: 5 takes the plural, minutes, not minute.",
        "AWS would answer: ValidationException: Parameter ScheduleExpression is not valid.",
        "Did you mean rate(5 minutes)?",
    ]


def test_warnings_are_as_of_now():
    assert parse("cron(0 9 ? * MON 2010)").warnings == ("it is valid, but never fires again",)
    assert parse("cron(0 9 ? * MON *)").warnings == ()


def test_an_unknown_service_is_the_callers_mistake():
    with pytest.raises(ValueError, match="pipes"):
        parse("rate(1 day)", "pipes")


def test_a_schedule_is_plain_and_frozen():
    schedule = parse("rate(1 day)")
    assert schedule.kind is Kind.RATE
    assert schedule == parse("rate(1 day)")
    with pytest.raises(AttributeError):
        schedule.expression = "rate(2 days)"


# ---- time zones ----------------------------------------------------------------------------------------------


def test_scheduler_reads_its_fields_in_the_zone_and_says_so():
    schedule = parse("cron(0 9 ? * MON-FRI *)", "scheduler")
    assert schedule.describe("Europe/Oslo") == "at 09:00 Europe/Oslo, Monday to Friday"
    assert schedule.upcoming(NEW_YEAR, 1, "Europe/Oslo")[0].isoformat() == "2026-01-01T09:00:00+01:00"


def test_a_rule_reads_its_fields_in_utc_and_says_so():
    schedule = parse("cron(0 9 ? * MON-FRI *)")
    assert schedule.describe("Europe/Oslo") == "at 09:00 UTC, Monday to Friday"
    assert schedule.upcoming(NEW_YEAR, 1, "Europe/Oslo")[0].isoformat() == "2026-01-01T10:00:00+01:00"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Oslo", "Europe/Oslo"),
        ("europe/olso", "Europe/Oslo"),
        ("New York", "America/New_York"),
        ("Mars/Phobos", None),
        ("", None),
        ("Europe", None),
        ("../../etc/passwd", None),
        ("\0", None),
        ("x" * 100_000, None),
    ],
)
def test_an_unknown_zone_is_refused_with_the_nearest_name(name, suggestion):
    with pytest.raises(ScheduleError, match="no IANA zone") as caught:
        parse("rate(1 day)").upcoming(NEW_YEAR, 1, name)
    assert (caught.value.field, caught.value.suggestion, caught.value.aws_message) == ("timezone", suggestion, None)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        parse("rate(1 day)").upcoming(datetime(2026, 1, 1))


# ---- hostile input -------------------------------------------------------------------------------------------


def judge(text, service):
    """Refuses or takes, and nothing else; and what it suggests, it takes."""
    message = check(text, service)
    if message is None:
        schedule = parse(text, service)
        assert schedule.describe()
        assert len(schedule.upcoming(NEW_YEAR, 2)) <= 2
        return
    with pytest.raises(ScheduleError) as caught:
        parse(text, service)
    error = caught.value
    assert message == error.aws_message != ""
    assert all(line.isprintable() for line in str(error).splitlines())
    if error.suggestion is not None:
        assert check(error.suggestion, service) is None


@settings(deadline=None)
@given(st.text(), SERVICES)
@example("rate(" * 2_000_000, "rules")
@example("(" * 256, "rules")
@example("cron(" + "(" * 100 + ")" * 100 + ")", "rules")
@example("cron(" + "*" * 250, "rules")
@example("cron(" + "1," * 100 + "1 * * * ? *)", "scheduler")
@example("cron(0 0 1 1 ? " + "9" * 200 + ")", "rules")
@example("cron(*/" + "9" * 200 + " * * * ? *)", "rules")
@example("rate(" + "9" * 240 + " days)", "rules")
@example("rate(1." + "0" * 230 + "1 days)", "rules")
@example("rate(٣ minutes)", "rules")
@example("rate(² minutes)", "rules")
@example("cron(0 12 * * ? *)\x00", "rules")
@example("\ud800", "scheduler")
@example("at(0000-00-00T00:00:00)", "rules")
def test_any_text_is_judged(text, service):
    judge(text, service)


VALID = sorted({case["expression"] for case in CASES["valid"]})
CLOSE = st.text(alphabet="0123456789*?/,-#LWlw() @MONminutesatrec:TZ.\u2013", max_size=3)


@settings(deadline=None)
@given(st.sampled_from(VALID), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), CLOSE), max_size=4), SERVICES)
def test_text_that_is_nearly_right_is_judged(text, edits, service):
    for place, cut, new in edits:
        text = text[:place] + new + text[place + cut :]
    judge(text, service)


FIELD = st.text(alphabet="0123456789*?/,-#LWMONFRIX", min_size=1, max_size=6)


@settings(deadline=None)
@given(st.lists(FIELD, min_size=4, max_size=8).map(" ".join), SERVICES)
def test_any_fields_are_judged(fields, service):
    judge(f"cron({fields})", service)


def test_a_control_character_reaches_no_terminal():
    with pytest.raises(ScheduleError) as caught:
        parse("\x1b[2Jrate(5 minutes)")
    assert "\x1b" not in str(caught.value)


def test_too_long_a_text_is_refused_for_its_length():
    message = check("cron(" + "0," * 5_000_000 + "0 * * * ? *)")
    assert message is not None
    assert message.endswith("Member must have length less than or equal to 256")
    assert check("x" * 256) == REFUSED["rules"]


# ---- drawing -------------------------------------------------------------------------------------------------


def test_a_rare_schedule_is_drawn_as_a_month():
    assert draw(parse("cron(0 9 ? * MON-FRI *)"), datetime(2026, 2, 1, tzinfo=UTC)) == [
        "February 2026",
        "Mon       Tue       Wed       Thu       Fri       Sat       Sun",
        "                                                              1",
        "[ 2]      [ 3]      [ 4]      [ 5]      [ 6]        7         8",
        "[ 9]      [10]      [11]      [12]      [13]       14        15",
        "[16]      [17]      [18]      [19]      [20]       21        22",
        "[23]      [24]      [25]      [26]      [27]       28",
    ]


def test_a_frequent_schedule_is_drawn_as_seven_days_of_hours():
    assert draw(parse("cron(0/30 9-10 ? * MON-FRI *)"), NEW_YEAR, "Europe/Oslo") == [
        "Seven days from 1 January 2026, firings by the hour",
        "         Thu 1    Fri 2    Sat 3    Sun 4    Mon 5    Tue 6    Wed 7",
        "10:00        2        2        .        .        2        2        2",
        "11:00        2        2        .        .        2        2        2",
    ]


def test_a_schedule_that_never_fires_draws_nothing():
    assert draw(parse("cron(0 0 31 2 ? *)"), NEW_YEAR) == ["No firing to draw."]


def test_a_month_counts_the_firings_of_a_day_and_leaves_other_months_out():
    moments = [datetime(2026, 2, 3, hour, tzinfo=UTC) for hour in range(24)] + [datetime(2026, 3, 3, tzinfo=UTC)]
    lines = draw_month(moments, 2026, 2)
    assert "[ 3]x24" in lines[3]
    assert sum(line.count("[") for line in lines) == 1


def test_seven_days_leave_other_days_out():
    lines = draw_week([datetime(2026, 1, 9, 9, tzinfo=UTC), datetime(2026, 1, 2, 8, tzinfo=UTC)], NEW_YEAR.date())
    assert [line[:5] for line in lines[2:]] == ["08:00"]


@settings(deadline=None)
@given(st.sampled_from(VALID), st.datetimes(datetime(1970, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC)))
def test_a_drawing_fits_eighty_columns(expression, after):
    service = "scheduler" if check(expression) else "rules"
    assert all(len(line) <= 80 and line.isprintable() for line in draw(parse(expression, service), after))


# ---- weight --------------------------------------------------------------------------------------------------


def test_reading_and_refusing_load_nothing_heavy():
    code = """
import json, sys
from workbook.deploy.schedule import check, parse
parse("cron(0 9 ? * MON-FRI *)").describe(); check("rate(5 minute)")
heavy = ("boto3", "moto", "rich", "pytest", "aws_croniter", "dateutil")
print(json.dumps([name for name in heavy if name in sys.modules]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []
