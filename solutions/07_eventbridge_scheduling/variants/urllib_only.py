"""The standard library alone asks the API; each trouble is told at its place, then raised."""

import json
import logging
import os
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import boto3

log = logging.getLogger(__name__)


def lambda_handler(event, context):
    names = ("API_URL", "API_KEY", "BUCKET_NAME", "STATION")
    values = [(os.environ.get(name) or "").strip() for name in names]
    if "" in values:
        log.error("missing: %s", [name for name, value in zip(names, values, strict=True) if not value])
        raise SystemError("not configured")
    url, key, bucket, station = values
    try:
        seconds = float((os.environ.get("HTTP_TIMEOUT") or "").strip() or "2")
    except ValueError as error:
        log.critical("HTTP_TIMEOUT: %s", error)
        raise
    try:
        hour = datetime.fromisoformat(event["time"])
        assert hour.tzinfo
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        log.error("the event's time is of no use")
        raise RuntimeError("no time") from error

    request = Request(f"{url}/readings/{station}", headers={"X-Api-Key": key})
    try:
        with urlopen(request, timeout=seconds) as answer:
            reading = json.load(answer)
        moment = datetime.fromisoformat(reading["time"])
        value = reading["pm25"]
        if moment.tzinfo is None or type(value) not in (int, float) or value < 0:
            raise ValueError(value)
    except Exception as error:
        log.error("no reading of %s: %s", station, type(error).__name__)
        raise

    text = json.dumps({"station": station, "time": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z", "pm25": value})
    name = "readings/" + station + hour.astimezone(UTC).strftime("/%Y-%m-%d/%HZ.json")
    try:
        boto3.client("s3").put_object(Bucket=bucket, Key=name, Body=text.encode(), ContentType="application/json")
    except Exception:
        log.exception("%s was not stored", name)
        raise
