import re
from datetime import UTC, datetime
from numbers import Real


def find_problems(event):
    if not isinstance(event, dict):
        return ["event"]
    found = []
    if not isinstance(event.get("pm25"), Real) or isinstance(event["pm25"], bool) or event["pm25"] < 0:
        found += ["pm25"]
    if not isinstance(event.get("station"), str) or not re.match(r"[a-z0-9-]+\Z", event["station"]):
        found += ["station"]
    try:
        _utc(event)
    except ValueError:
        found += ["time"]
    return found


def key_of(event):
    return f"readings/{event['station']}/{_utc(event):%Y-%m-%d/%H%M%SZ}.json"


def document_of(event):
    return {"station": event["station"], "time": _utc(event).isoformat(timespec="seconds"), "pm25": event["pm25"]}


def _utc(event):
    written = str(event.get("time"))
    if not re.search(r"(Z|[+-]\d\d:\d\d)\Z", written):
        raise ValueError("no offset")
    return datetime.fromisoformat(written).astimezone(UTC)
