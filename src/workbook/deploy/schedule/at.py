"""``at(...)``: once, at a local date and time; EventBridge Scheduler only."""

import re
from dataclasses import dataclass
from datetime import datetime

from workbook.deploy.schedule.expression import Service
from workbook.deploy.schedule.refusal import Refusal

_WHOLE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")
_LOOSE = re.compile(
    r" *(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ]+(\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?)? *([Zz]|[+-]\d\d:?\d\d)? *"
)
_FORM = "at(yyyy-mm-ddThh:mm:ss)"


@dataclass(frozen=True)
class At:
    """One wall-clock time, without a zone: the schedule's ScheduleExpressionTimezone says which."""

    moment: datetime


def read(inside: str, service: Service) -> At:
    """Read what stands in ``at(...)``; raises Refusal. Source: Scheduler User Guide, schedule-types."""
    found = _WHOLE.fullmatch(inside)
    if found is None:
        raise _explain(inside)
    try:
        moment = datetime(*map(int, found.groups()))  # type: ignore[arg-type]
    except ValueError as error:
        raise Refusal("date", f"there is no such moment: {error}") from None
    if service is Service.RULES:
        fix = None
        if 1970 <= moment.year <= 2199:
            fix = f"cron({moment.minute} {moment.hour} {moment.day} {moment.month} ? {moment.year})"
        raise Refusal("expression", "at(...) is EventBridge Scheduler's; a rule takes rate and cron only", fix)
    return At(moment)


def _explain(inside: str) -> Refusal:
    found = _LOOSE.fullmatch(inside)
    if found is None:
        return Refusal("date", f"it is not of the form {_FORM}")
    year, month, day, hour, minute, second, zone = found.groups()
    fix = f"at({year}-{month:0>2}-{day:0>2}T{hour or '00':0>2}:{minute or '00'}:{second or '00'})"
    if zone:
        problem = f"it takes no {zone}: the zone goes into ScheduleExpressionTimezone, beside the expression"
        return Refusal("date", problem, fix)
    if not hour:
        return Refusal("date", f"the time is missing; the form is {_FORM}", fix)
    return Refusal("date", f"the form is {_FORM}", fix)
