"""What the API says."""

from datetime import UTC, datetime
from http.client import OK

import requests


def fetch(settings):
    try:
        response = requests.get(
            "/".join((settings.url, "readings", settings.station)),
            headers={"X-Api-Key": settings.key, "Accept": "application/json"},
            timeout=settings.timeout,
        )
        if response.status_code != OK:
            raise RuntimeError(f"{settings.station} answered {response.status_code}")
        found = response.json()
        return {"station": settings.station, "time": str(parse_time(found["time"])), "pm25": parse_value(found["pm25"])}
    except Exception as error:
        raise RuntimeError(f"no reading of {settings.station}") from error


def parse_time(text):
    if not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is None:
        raise RuntimeError(f"a time needs an offset: {text!r}")
    return datetime.fromisoformat(text).astimezone(UTC)


def parse_value(value):
    if type(value) in (int, float) and value >= 0:
        return value
    raise RuntimeError(f"no value: {value!r}")
