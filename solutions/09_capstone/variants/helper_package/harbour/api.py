from datetime import UTC, datetime
from numbers import Real

from requests import Session


class NoReading(Exception):
    pass


def ask(settings, station):
    with Session() as session:
        session.headers["X-Api-Key"] = settings.key
        answer = session.get(f"{settings.url}/readings/{station}", timeout=(settings.timeout, settings.timeout))
    if answer.status_code != 200:
        raise NoReading(answer.status_code)
    try:
        reading = answer.json()
        value = reading["pm25"]
        time = datetime.fromisoformat(reading["time"])
        good = reading["station"] == station and isinstance(value, Real) and value is not True and value is not False
        good = good and value >= 0 and time.tzinfo
    except (ValueError, LookupError, TypeError) as error:
        raise NoReading(station) from error
    if not good:
        raise NoReading(reading)
    return {"station": station, "pm25": value, "time": str(time.astimezone(UTC))}
