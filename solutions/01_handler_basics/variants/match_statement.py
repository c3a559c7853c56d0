"""Structural pattern matching; the limits in a table; a header beside the body."""

import json
from bisect import bisect
from http import HTTPStatus

LIMITS, LEVELS = [12, 35], ["good", "moderate", "high"]


class SensorError(Exception):
    pass


def lambda_handler(event, context):
    match event:
        case {"station": str(station), "pm25": -999} if station:
            raise SensorError("broken sensor", station)
        case {"station": str(station), "pm25": int() | float() as pm25} if station and pm25 >= 0 and pm25 is not True:
            if pm25 is False:
                return respond(HTTPStatus.BAD_REQUEST, problems=["pm25"])
            level = LEVELS[bisect(LIMITS, pm25)]
            return respond(HTTPStatus.OK, station=station, pm25=pm25, level=level, request_id=context.aws_request_id)
        case {**values}:
            return respond(HTTPStatus.BAD_REQUEST, problems=[*wrong_in(**values)])
        case _:
            return respond(HTTPStatus.BAD_REQUEST, problems=["event"])


def wrong_in(station=None, pm25=None, **others):
    if isinstance(pm25, bool | str | list | dict | None) or pm25 < 0:
        yield "pm25"
    if not isinstance(station, str) or station == "":
        yield "station"


def respond(status, **body):
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
