"""The reading as a class that checks itself; the problems found by exceptions; the body by JSONEncoder."""

import logging
from dataclasses import asdict, dataclass
from json import JSONEncoder

logger = logging.getLogger()
encode = JSONEncoder(separators=(",", ":")).encode


class SensorError(Exception):
    def __init__(self, station):
        self.station = station

    def __str__(self):
        return f"no value from {self.station}"


class Refused(ValueError):
    def __init__(self, *problems):
        self.problems = problems


@dataclass(frozen=True)
class Reading:
    station: str
    pm25: float

    @classmethod
    def parse(cls, event):
        try:
            values = dict(event.items())
        except AttributeError:
            raise Refused("event") from None
        wrong = [
            name for name, check in (("pm25", _check_pm25), ("station", _check_station)) if check(values.get(name))
        ]
        if wrong:
            raise Refused(*wrong)
        if values["pm25"] == -999:
            raise SensorError(values["station"])
        return cls(values["station"], values["pm25"])

    @property
    def level(self):
        return next(
            name for name, limit in {"good": 12, "moderate": 35, "high": float("inf")}.items() if self.pm25 < limit
        )


def _check_pm25(value):
    return isinstance(value, bool) or not isinstance(value, (int, float)) or (value < 0 and value != -999)


def _check_station(value):
    return not (value and isinstance(value, str))


def lambda_handler(event, context):
    try:
        reading = Reading.parse(event)
    except Refused as refused:
        logger.warning("refused: %s", refused.problems)
        return {"statusCode": 400, "body": encode({"problems": refused.problems})}
    return {
        "statusCode": 200,
        "body": encode(asdict(reading) | {"level": reading.level, "request_id": context.aws_request_id}),
    }
