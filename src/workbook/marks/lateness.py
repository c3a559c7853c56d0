"""What lateness costs: pure functions, and the policy of a course, which is made of them.

Time is counted in days begun after the due date. Shares are exact fractions, from 0 to 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

DAY = timedelta(days=1)
NO_TIME = timedelta()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # two times of one zone would be parted by what its clocks show


def find_lateness(submitted: datetime, due: datetime) -> timedelta:
    """How long after `due` it came, never below zero. Both know their time zone; an hour that clocks were put back
    counts like any other."""
    return max(NO_TIME, (submitted - _EPOCH) - (due - _EPOCH))


def begun_days(late: timedelta, grace: timedelta = NO_TIME) -> int:
    """The days begun since the due date; none within the grace period, which is not taken off afterwards."""
    return 0 if late <= grace else -(-late // DAY)


def spend(bank: int, days: Sequence[int]) -> tuple[int, ...]:
    """How many late days of each hand-in a bank of free ones pays, one hand-in after the other until it is empty."""
    paid = []
    for needed in days:
        paid.append(min(bank, needed))
        bank -= paid[-1]
    return tuple(paid)


def share_kept(days: int, percent_per_day: Fraction, at_most: Fraction = Fraction(100)) -> Fraction:
    """What is left of a mark after so many late days; together they cost `at_most` percent."""
    return 1 - min(days * percent_per_day, at_most, Fraction(100)) / 100


@dataclass(frozen=True)
class Lateness:
    """One hand-in: the late days, how many of them were free, and the share of its mark that it keeps."""

    days: int
    free: int
    kept: Fraction


@dataclass(frozen=True)
class Policy:
    """As it stands, lateness costs nothing. Percentages are of the mark that was reached."""

    grace: timedelta = NO_TIME
    percent_per_day: Fraction = Fraction(0)
    at_most: Fraction = Fraction(100)
    free_days: int = 0

    def judge(self, lates: Sequence[timedelta]) -> tuple[Lateness, ...]:
        """One person's hand-ins, in the order in which they were due."""
        days = [begun_days(late, self.grace) for late in lates]
        return tuple(
            Lateness(late, free, share_kept(late - free, self.percent_per_day, self.at_most))
            for late, free in zip(days, spend(self.free_days, days), strict=True)
        )
