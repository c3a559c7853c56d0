"""When a schedule fires. For cron: aws-croniter with its gaps closed, and AWS's daylight-saving rule."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from workbook.deploy.schedule.at import At
from workbook.deploy.schedule.cron import Cron
from workbook.deploy.schedule.field import FIELDS, Part
from workbook.deploy.schedule.rate import Rate

_FIRST = datetime(FIELDS[-1].low, 1, 1, tzinfo=UTC)
_LAST_YEAR = FIELDS[-1].high


def of_rate(rate: Rate, created: datetime) -> Iterator[datetime]:
    """The moments one interval after ``created`` (aware), two, and so on, in UTC."""
    moment = created.astimezone(UTC).replace(microsecond=0)
    while rate.interval is not None:
        try:
            moment += rate.interval
        except OverflowError:
            return
        yield moment


def of_at(at: At, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The one moment, in UTC, when it lies after ``after`` (aware) and ``zone``'s clock shows it."""
    instant = _instant(at.moment, zone)
    if instant is not None and instant > after:
        yield instant


def of_cron(cron: Cron, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The moments after ``after`` (aware), ascending, in UTC; the fields are read in ``zone``."""
    if after.year > _LAST_YEAR + 1:
        return
    wall = _FIRST
    if after.year >= _FIRST.year:
        wall = max(wall, after.astimezone(zone).replace(tzinfo=UTC, fold=0))
    for hit in _walk(cron, wall):
        instant = _instant(hit.replace(tzinfo=None), zone)
        if instant is not None and instant > after:
            yield instant


def _instant(wall: datetime, zone: tzinfo) -> datetime | None:
    """The moment at which a zone's clock shows a time: the first where it is repeated, None where skipped.

    Scheduler skips a local time that the clock skips, and runs a repeated one once, before the shift
    (Scheduler User Guide, schedule-types, on daylight saving time).
    """
    try:
        instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
        return instant if instant.astimezone(zone).replace(tzinfo=None) == wall else None
    except OverflowError:
        return None


def _walk(cron: Cron, moment: datetime) -> Iterator[datetime]:
    """The fields' wall-clock times from the minute of ``moment`` on, labelled UTC.

    The engine gives up after ten steps without a hit (29 February across 2100, a fifth Friday in
    February), so the search goes on from the next year that the expression names.
    """
    from aws_croniter import AwsCroniter

    engine = AwsCroniter(_engine_text(cron))
    while True:
        hit = engine.get_next(moment, 1, inclusive=True)[0]
        if hit is None:
            year = next((year for year in cron.year.numbers if year > moment.year), None)
            if year is None:
                return
            moment = datetime(year, 1, 1, tzinfo=UTC)
        elif cron.day.special == "LW" and hit.day != _last_working_day(hit.year, hit.month):
            moment = hit.replace(hour=0, minute=0) + timedelta(days=1)
        else:
            yield hit
            moment = hit + timedelta(minutes=1)


def _engine_text(cron: Cron) -> str:
    """The expression in the engine's narrower spelling: every value listed, no names, wraps or steps."""
    parts = (cron.minute, cron.hour, cron.day, cron.month, cron.weekday, cron.year)
    return " ".join(map(_engine_field, parts))


def _engine_field(part: Part) -> str:
    if part.special == "LW":
        return "26-31"  # the last working day is never earlier; `_walk` picks it
    if part.special is not None:
        return part.special
    return "*" if part.every else ",".join(map(str, part.numbers))


def _last_working_day(year: int, month: int) -> int:
    last = monthrange(year, month)[1]
    return last - max(0, date(year, month, last).weekday() - 4)
