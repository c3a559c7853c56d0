"""boto3's resource API, and a decorator that logs whatever is raised."""

import functools
import json
import logging
import os
from datetime import UTC, datetime, timedelta

import boto3
import requests


def loud(handler):
    @functools.wraps(handler)
    def wrapper(event, context):
        try:
            return handler(event, context)
        except Exception:
            logging.getLogger("collector").exception("STATION=%s", os.getenv("STATION"))
            raise

    return wrapper


def setting(name, default=None):
    value = (os.getenv(name) or "").strip() or default
    if value is None:
        raise LookupError(name)
    return value


def utc(text):
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError("naive time")
    return moment.replace(tzinfo=UTC) - (moment.utcoffset() or timedelta(0))


@loud
def lambda_handler(event, context):
    url, key, bucket, station = map(setting, ("API_URL", "API_KEY", "BUCKET_NAME", "STATION"))
    try:
        wait = float(setting("HTTP_TIMEOUT", "2"))
    except ValueError as error:
        raise ValueError("HTTP_TIMEOUT") from error
    hour = utc(event["time"])

    answer = requests.request("GET", f"{url}/readings/{station}", headers={"x-api-key": key}, timeout=(wait, wait))
    answer.raise_for_status()
    match answer.json():
        case {"pm25": bool()}:
            raise TypeError("pm25")
        case {"time": str(time), "pm25": int(value) | float(value)} if value >= 0:
            reading = {"pm25": value, "time": utc(time).isoformat(" "), "station": station}
        case other:
            raise TypeError(f"no reading: {type(other)}")

    path = f"readings/{station}/{hour.date()}/{hour.hour:02}Z.json"
    boto3.resource("s3").Object(bucket, path).put(Body=json.dumps(reading), ContentType="application/json")
