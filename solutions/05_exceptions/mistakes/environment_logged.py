"""Logs the whole environment to find a failure, and the key with it."""

import json
import logging
import os
import re
from datetime import UTC, datetime

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger()
s3 = boto3.client("s3")


class Failure(Exception):
    """What the caller hears of a failure: its status code, its category, a message, and what else is known."""

    def __init__(self, status, category, message, **more):
        super().__init__(message)
        self.status = status
        self.body = {"error": category, "message": message, **more}


def lambda_handler(event, context):
    try:
        station = read_station(event)
        settings = read_settings()
        time, pm25 = read_reading(fetch(settings, station))
        key = store(settings["BUCKET_NAME"], station, time, pm25)
    except Failure as failure:
        logger.exception("no reading was stored, with %s", dict(os.environ))
        return answer(failure.status, failure.body)
    return answer(200, {"key": key})


def read_station(event):
    station = event.get("station") if isinstance(event, dict) else None
    if not isinstance(station, str) or not re.fullmatch(r"[a-z0-9-]+", station):
        raise Failure(400, "input", "The event should have a station, of a-z, 0-9 and -.")
    return station


def read_settings():
    """The variables, HTTP_TIMEOUT as a number of seconds. Blank counts as not set."""
    settings = {name: os.environ.get(name, "").strip() for name in ("API_URL", "API_KEY", "BUCKET_NAME")}
    for name, value in settings.items():
        if not value:
            raise Failure(500, "configuration", f"{name} is not set.")
    try:
        timeout = float(os.environ.get("HTTP_TIMEOUT", "").strip() or 2)
    except ValueError:
        timeout = 0
    if not timeout > 0:
        raise Failure(500, "configuration", "HTTP_TIMEOUT should be a number of seconds above 0.")
    return {**settings, "HTTP_TIMEOUT": timeout}


def fetch(settings, station):
    """What the API says of the station, decoded from JSON."""
    url = f"{settings['API_URL']}/readings/{station}"
    headers = {"X-Api-Key": settings["API_KEY"]}
    try:
        response = requests.get(url, headers=headers, timeout=settings["HTTP_TIMEOUT"])
        response.raise_for_status()
        return response.json()
    except requests.Timeout as error:
        raise Failure(504, "timeout", "The API did not answer in time.") from error
    except requests.HTTPError as error:
        status = error.response.status_code
        raise Failure(502, "http", f"The API answered {status}.", upstream_status=status) from error
    except requests.JSONDecodeError as error:
        raise Failure(502, "parsing", "The API's answer is no JSON.") from error
    except requests.RequestException as error:
        raise Failure(502, "connection", "The API cannot be reached.") from error


def read_reading(reading):
    """Time and value of the reading that the API gave."""
    try:
        time, pm25 = datetime.fromisoformat(reading["time"]), reading["pm25"]
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(502, "parsing", "The API's answer is no reading.") from error
    if time.tzinfo is None:
        raise Failure(502, "parsing", "The reading's time has no offset.")
    if not isinstance(pm25, int | float) or isinstance(pm25, bool) or not pm25 >= 0:
        raise Failure(502, "parsing", "The reading's pm25 is no number from 0 up.")
    return time, pm25


def store(bucket, station, time, pm25):
    """Write one reading as in lab 03, and return its key. `time` is a datetime that knows its offset."""
    time = time.astimezone(UTC)
    key = f"readings/{station}/{time:%Y-%m-%d/%H%M%S}Z.json"
    reading = {"station": station, "time": time.isoformat(), "pm25": pm25}
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(reading), ContentType="application/json")
    except (BotoCoreError, ClientError) as error:
        raise Failure(500, "s3", "The reading could not be written to S3.") from error
    return key


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
