"""Schedule expressions as AWS reads them: parse one, know when it fires, say it in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile

from workbook.deploy.schedule import at, cron, expression, firing, rate, refusal, words, zone
from workbook.deploy.schedule.at import At
from workbook.deploy.schedule.calendar import draw_month, draw_week
from workbook.deploy.schedule.cron import Cron
from workbook.deploy.schedule.expression import Kind, Service
from workbook.deploy.schedule.rate import Rate
from workbook.deploy.schedule.refusal import Refusal, ScheduleError

_MOST_FIXES = 12


@dataclass(frozen=True)
class Schedule:
    """An expression that AWS takes.

    ``expression``: as it was written. ``kind`` and ``service`` compare equal to their names, such as ``"cron"``.
    ``rule``: what it says, as a Rate, Cron or At.
    """

    expression: str
    kind: Kind
    service: Service
    rule: Rate | Cron | At

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is valid and yet likely to surprise, a sentence each, as of now."""
        return self.warn(datetime.now(UTC))

    def warn(self, now: datetime, timezone: str = "UTC") -> tuple[str, ...]:
        """The warnings that hold at ``now`` (aware): "never fires again" depends on it."""
        doubts = () if isinstance(self.rule, At) else self.rule.doubts
        if self.upcoming(now, 1, timezone):
            return doubts
        return (*doubts, "it is valid, but never fires again")

    def upcoming(self, after: datetime, count: int = 5, timezone: str = "UTC") -> list[datetime]:
        """The next firings after ``after`` (aware), at most ``count``, ascending, aware, in ``timezone``.

        A rule reads its fields in UTC, and ``timezone`` only shows them; Scheduler reads them in ``timezone``.
        For a rate, ``after`` is the moment of creation: the firings are one interval after it, two, and so
        on. (Scheduler without a start date also fires at the creation itself.)
        Raises ScheduleError for an unknown zone, ValueError for ``after`` without a zone.
        """
        return list(islice(self.firings(after, timezone), max(0, count)))

    def firings(self, after: datetime, timezone: str = "UTC") -> Iterator[datetime]:
        """The firings of `upcoming`, one by one, without end where the expression has none."""
        if after.utcoffset() is None:
            raise ValueError(f"{after.isoformat()} has no time zone; give it one, such as tzinfo=datetime.UTC")
        shown_in = zone.find(timezone)
        read_in = UTC if self.service is Service.RULES else shown_in
        match self.rule:
            case Cron():
                moments = firing.of_cron(self.rule, after, read_in)
            case At():
                moments = firing.of_at(self.rule, after, read_in)
            case Rate():
                moments = firing.of_rate(self.rule, after)
        return (moment.astimezone(shown_in) for moment in moments)

    def describe(self, timezone: str = "UTC") -> str:
        """The schedule in words, such as ``at 09:00 UTC, Monday to Friday``."""
        return words.describe(self.rule, "UTC" if self.service is Service.RULES else timezone)


def parse(text: str, service: str = "rules") -> Schedule:
    """Read an expression as ``service`` ("rules" or "scheduler") does; raises ScheduleError.

    What AWS is not known to refuse is taken, with a warning. ValueError for another service.
    """
    chosen = Service(service)
    try:
        return _read(text, chosen)
    except Refusal as found:
        suggestion = _mend(found.fix, chosen)
        message = refusal.aws_message(text, chosen)
        raise ScheduleError(text, found.field, found.problem, message, suggestion) from None


def check(expression: str, service: str = "rules") -> str | None:
    """None when AWS takes the expression, else the message of the ValidationException that it answers."""
    try:
        parse(expression, service)
    except ScheduleError as error:
        return error.aws_message
    return None


def draw(schedule: Schedule, after: datetime, timezone: str = "UTC") -> list[str]:
    """The next firings after ``after`` as lines of at most 80 columns, days and hours in ``timezone``.

    Seven days by the hour where the first seven days have more than seven firings, else the first one's month.
    """
    first = next(schedule.firings(after, timezone), None)
    if first is None:
        return ["No firing to draw."]
    week_end = first.date() + timedelta(days=7)
    week = list(takewhile(lambda moment: moment.date() < week_end, schedule.firings(after, timezone)))
    if len(week) > 7:
        return draw_week(week, first.date())
    month = (first.year, first.month)
    firings = takewhile(lambda moment: (moment.year, moment.month) == month, schedule.firings(after, timezone))
    return draw_month(firings, *month)


def _read(text: str, service: Service) -> Schedule:
    kind, inside = expression.split(text)
    match kind:
        case Kind.RATE:
            return Schedule(text, kind, service, rate.read(inside, service))
        case Kind.CRON:
            return Schedule(text, kind, service, cron.read(inside, service))
        case Kind.AT:
            return Schedule(text, kind, service, at.read(inside, service))


def _mend(fix: str | None, service: Service) -> str | None:
    """Mend one mistake after another until AWS would take the text."""
    for _ in range(_MOST_FIXES):
        if fix is None:
            return None
        try:
            _read(fix, service)
        except Refusal as found:
            fix = found.fix
        else:
            return fix
    return None
