"""Lab 07, part 2: collect one reading each hour. README.md, beside this file, has the tasks.

As it stands, this is a function as lab 05 wants it: a caller sends a station, and waits for the answer.
"""

import json
import logging
import os
from datetime import UTC, datetime

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger()
logger.setLevel(logging.INFO)
s3 = boto3.client("s3")


class Failure(Exception):
    """What went wrong, with the status code for the caller."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def lambda_handler(event, context):
    try:
        settings = read_settings()
        # Task 3: a schedule sends no station, but the setting STATION names one.
        if not event.get("station"):
            raise Failure(400, "the event has no station")
        station = event["station"]
        reading = fetch(settings, station)
        key = store(settings["BUCKET_NAME"], station, reading)
    except Failure as failure:
        # Task 4: who reads this answer?
        logger.error("no reading was stored: %s", failure)
        return {"statusCode": failure.status, "body": json.dumps({"message": str(failure)})}
    logger.info("stored %s", key)
    return {"statusCode": 200, "body": json.dumps({"key": key})}


def read_settings():
    settings = {name: os.environ.get(name, "").strip() for name in ("API_URL", "API_KEY", "BUCKET_NAME")}
    for name, value in settings.items():
        if not value:
            raise Failure(500, f"{name} is not set")
    try:
        settings["HTTP_TIMEOUT"] = float(os.environ.get("HTTP_TIMEOUT", "").strip() or 2)
    except ValueError:
        raise Failure(500, "HTTP_TIMEOUT is no number of seconds") from None
    return settings


def fetch(settings, station):
    """What the API says of the station, held to what a reading is."""
    url, headers = f"{settings['API_URL']}/readings/{station}", {"X-Api-Key": settings["API_KEY"]}
    try:
        response = requests.get(url, headers=headers, timeout=settings["HTTP_TIMEOUT"])
        response.raise_for_status()
        reading = response.json()
        time, pm25 = datetime.fromisoformat(reading["time"]), reading["pm25"]
    except requests.RequestException as error:
        raise Failure(502, f"the API gave no reading of {station}: {type(error).__name__}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Failure(502, f"what the API gave for {station} is no reading") from error
    if time.tzinfo is None or isinstance(pm25, bool) or not isinstance(pm25, int | float) or not pm25 >= 0:
        raise Failure(502, f"the API's reading of {station} has a wrong value")
    return {"station": station, "time": time.astimezone(UTC), "pm25": pm25}


def store(bucket, station, reading):
    # Task 3: file it under the hour for which the schedule asked.
    key = f"readings/{station}/{reading['time']:%Y-%m-%d/%H%M%S}Z.json"
    body = json.dumps({**reading, "time": reading["time"].isoformat()})
    try:
        s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType="application/json")
    except (BotoCoreError, ClientError) as error:
        raise Failure(500, f"S3 did not store the reading of {station}") from error
    return key
