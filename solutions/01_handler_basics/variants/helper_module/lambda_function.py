"""The handler alone; what it knows of readings lies in a package beside it."""

import json

from harbour.reading import SensorError, find_problems, has_fault, level_of


def lambda_handler(event, context, *more):
    if has_fault(event):
        raise SensorError(event["station"])
    problems = find_problems(event)
    body = {"problems": problems} if problems else judged(event, context.aws_request_id)
    return {"statusCode": 400 if problems else 200, "body": json.dumps(body)}


def judged(event, request_id):
    return {
        "station": event["station"],
        "pm25": event["pm25"],
        "level": level_of(event["pm25"]),
        "request_id": request_id,
    }
