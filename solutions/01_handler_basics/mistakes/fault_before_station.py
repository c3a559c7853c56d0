"""Judge one air-quality reading: its level, what is wrong with it, or that its sensor is broken."""

import json

FAULT_CODE = -999


class SensorError(Exception):
    """The station's sensor reports its fault code."""


def lambda_handler(event, context):
    if isinstance(event, dict) and event.get("pm25") == FAULT_CODE:
        raise SensorError(f"the sensor of {event.get('station')} is broken")
    if problems := find_problems(event):
        return answer(400, {"problems": problems})

    station, pm25 = event["station"], event["pm25"]
    return answer(
        200,
        {"station": station, "pm25": pm25, "level": find_level(pm25), "request_id": context.aws_request_id},
    )


def find_problems(event):
    """The names of what is missing or wrong, sorted."""
    if not isinstance(event, dict):
        return ["event"]
    rules = {"pm25": is_measured, "station": is_name}
    return [name for name, is_right in rules.items() if not is_right(event.get(name))]


def is_measured(value):
    """A number from 0 up, or the fault code. To Python, True is a number too; to a reading it is not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (value >= 0 or value == FAULT_CODE)


def is_name(value):
    return isinstance(value, str) and value != ""


def find_level(pm25):
    """The course's own scale; no health standard."""
    if pm25 < 12:
        return "good"
    if pm25 < 35:
        return "moderate"
    return "high"


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
