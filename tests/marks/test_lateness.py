from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.marks.lateness import DAY, Lateness, Policy, begun_days, find_lateness, share_kept, spend

OSLO = ZoneInfo("Europe/Oslo")
LATES = st.timedeltas(timedelta(), timedelta(days=400))
DAYS = st.integers(0, 400)
PERCENT = st.fractions(0, 100)
POLICIES = st.builds(Policy, st.timedeltas(timedelta(), timedelta(days=7)), PERCENT, PERCENT, st.integers(0, 30))
AWARE = st.datetimes(timezones=st.sampled_from([UTC, OSLO, ZoneInfo("Pacific/Auckland")]), allow_imaginary=False)


@given(AWARE, AWARE)
def test_nothing_is_late_by_less_than_nothing(submitted: datetime, due: datetime) -> None:
    late = find_lateness(submitted, due)
    assert late >= timedelta()
    assert timedelta() in (late, find_lateness(due, submitted))


def test_an_hour_that_clocks_go_back_counts() -> None:
    due = datetime(2026, 10, 25, 1, 30, tzinfo=OSLO)
    assert find_lateness(datetime(2026, 10, 25, 3, 30, tzinfo=OSLO), due) == timedelta(hours=3)


def test_time_zones_are_compared_as_moments() -> None:
    due = datetime(2026, 11, 2, 23, 59, tzinfo=OSLO)
    assert find_lateness(datetime(2026, 11, 2, 22, 59, tzinfo=UTC), due) == timedelta()
    assert find_lateness(datetime(2026, 11, 2, 23, 0, tzinfo=UTC), due) == timedelta(minutes=1)


@pytest.mark.parametrize(
    ("late", "days"),
    [
        (timedelta(), 0),
        (timedelta(microseconds=1), 1),
        (DAY, 1),
        (DAY + timedelta(seconds=1), 2),
        (timedelta(days=2), 2),
    ],
)
def test_a_day_counts_when_it_has_begun(late: timedelta, days: int) -> None:
    assert begun_days(late) == days


@given(LATES, LATES)
def test_within_the_grace_period_no_day_counts_and_after_it_all_do(late: timedelta, grace: timedelta) -> None:
    assert begun_days(late, grace) == (0 if late <= grace else begun_days(late))


@given(LATES, LATES, LATES)
def test_later_is_never_fewer_days(one: timedelta, other: timedelta, grace: timedelta) -> None:
    assert begun_days(min(one, other), grace) <= begun_days(max(one, other), grace)


@given(st.integers(0, 50), st.lists(st.integers(0, 20), max_size=9))
def test_a_bank_is_spent_in_order_and_never_overdrawn(bank: int, days: list[int]) -> None:
    paid = spend(bank, days)
    assert len(paid) == len(days)
    assert all(0 <= one <= needed for one, needed in zip(paid, days, strict=True))
    assert sum(paid) == min(bank, sum(days))
    for place, (one, needed) in enumerate(zip(paid, days, strict=True)):
        if one < needed:
            assert not any(paid[place + 1 :])


@given(DAYS, PERCENT, PERCENT)
def test_a_share_is_never_more_than_the_mark_nor_less_than_nothing(days: int, each: Fraction, most: Fraction) -> None:
    assert 1 - most / 100 <= share_kept(days, each, most) <= 1
    assert share_kept(0, each, most) == share_kept(days, Fraction(0), most) == 1


@given(DAYS, DAYS, PERCENT, PERCENT)
def test_more_days_never_keep_more(one: int, other: int, each: Fraction, most: Fraction) -> None:
    assert share_kept(max(one, other), each, most) <= share_kept(min(one, other), each, most)


def test_ten_percent_a_day_up_to_fifty() -> None:
    assert [100 * share_kept(days, Fraction(10), Fraction(50)) for days in (0, 1, 3, 5, 9)] == [100, 90, 70, 50, 50]
    assert share_kept(200, Fraction(10)) == 0


@given(POLICIES, st.lists(LATES, max_size=9))
def test_no_policy_raises_a_mark(policy: Policy, lates: list[timedelta]) -> None:
    for late, judged in zip(lates, policy.judge(lates), strict=True):
        assert 0 <= judged.free <= judged.days
        assert 0 <= judged.kept <= 1
        if late <= policy.grace or judged.free == judged.days:
            assert judged.kept == 1


@given(POLICIES, st.lists(LATES, min_size=1, max_size=6), st.data())
def test_being_later_never_helps_with_that_hand_in_nor_with_any_after_it(policy: Policy, lates, data) -> None:
    place = data.draw(st.integers(0, len(lates) - 1))
    later = [*lates]
    later[place] += data.draw(LATES)
    for before, after in zip(policy.judge(lates)[place:], policy.judge(later)[place:], strict=True):
        assert after.kept <= before.kept


@given(st.lists(LATES, max_size=6))
def test_without_a_policy_lateness_is_told_and_costs_nothing(lates: list[timedelta]) -> None:
    assert Policy().judge(lates) == tuple(Lateness(begun_days(late), 0, Fraction(1)) for late in lates)


def test_free_days_pay_first_and_the_rest_costs() -> None:
    policy = Policy(percent_per_day=Fraction(10), free_days=3)
    assert policy.judge([2 * DAY, 3 * DAY, DAY]) == (
        Lateness(2, 2, Fraction(1)),
        Lateness(3, 1, Fraction(8, 10)),
        Lateness(1, 0, Fraction(9, 10)),
    )
