"""Takes day and time from the clock of the computer that runs the function."""

import json
import os
import re
from datetime import UTC, datetime

import boto3

s3 = boto3.client("s3")


def lambda_handler(event, context):
    if problems := find_problems(event):
        return answer(400, {"problems": problems})

    time = datetime.fromisoformat(event["time"]).astimezone(UTC)
    bucket = os.environ["BUCKET_NAME"]
    key = f"readings/{event['station']}/{datetime.now(UTC):%Y-%m-%d/%H%M%S.%f}Z.json"
    reading = {"station": event["station"], "time": time.isoformat(), "pm25": event["pm25"]}
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(reading), ContentType="application/json")
    return answer(200, {"bucket": bucket, "key": key})


def find_problems(event):
    """The names of what is missing or wrong, sorted."""
    if not isinstance(event, dict):
        return ["event"]
    rules = {"pm25": is_amount, "station": is_station, "time": is_time}
    return [name for name, is_right in rules.items() if not is_right(event.get(name))]


def is_amount(value):
    """A number from 0 up. To Python, True is a number too; to a reading it is not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def is_station(value):
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+", value) is not None


def is_time(value):
    """ISO 8601 with an offset: without one, nobody knows which moment is meant."""
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
