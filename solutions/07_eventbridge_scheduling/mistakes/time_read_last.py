"""Fetches first, and looks at the event's time when the key is wanted."""

import json
import logging
import os
from datetime import UTC, datetime

import boto3
import requests

logger = logging.getLogger()
logger.setLevel(logging.INFO)
s3 = boto3.client("s3")


def lambda_handler(event, context):
    try:
        settings = read_settings()
        reading = fetch(settings)
        key = store(settings, parse_time(event["time"]), reading)
    except Exception:
        logger.exception("no reading of %s was stored", os.environ.get("STATION"))
        raise
    logger.info("stored %s", key)
    return {"key": key}


def read_settings():
    settings = {name: os.environ.get(name, "").strip() for name in ("API_URL", "API_KEY", "BUCKET_NAME", "STATION")}
    for name, value in settings.items():
        if not value:
            raise ValueError(f"{name} is not set")
    try:
        settings["HTTP_TIMEOUT"] = float(os.environ.get("HTTP_TIMEOUT", "").strip() or 2)
    except ValueError:
        raise ValueError("HTTP_TIMEOUT is no number of seconds") from None
    return settings


def fetch(settings):
    """The station's reading, ready to be stored."""
    url, headers = f"{settings['API_URL']}/readings/{settings['STATION']}", {"X-Api-Key": settings["API_KEY"]}
    response = requests.get(url, headers=headers, timeout=settings["HTTP_TIMEOUT"])
    response.raise_for_status()
    reading = response.json()
    time, pm25 = parse_time(reading["time"]), reading["pm25"]
    if isinstance(pm25, bool) or not isinstance(pm25, int | float) or not pm25 >= 0:
        raise ValueError("the reading's pm25 is no number from 0 up")
    return {"station": settings["STATION"], "time": time.isoformat(), "pm25": pm25}


def parse_time(text):
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"the time {text} has no offset")
    return time.astimezone(UTC)


def store(settings, hour, reading):
    """File the reading under the hour that was asked for, so that asking again leaves one object."""
    key = f"readings/{reading['station']}/{hour:%Y-%m-%d}/{hour:%H}Z.json"
    s3.put_object(Bucket=settings["BUCKET_NAME"], Key=key, Body=json.dumps(reading), ContentType="application/json")
    return key
