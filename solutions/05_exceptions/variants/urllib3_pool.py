"""urllib3, which comes with boto3; the kinds of failure as one table, and one except for all of them."""

import json
import logging
import math
import os
from datetime import UTC, datetime

import boto3
import urllib3
from botocore.exceptions import BotoCoreError, ClientError

logging.getLogger().setLevel(logging.INFO)
pool = urllib3.PoolManager(retries=False)
bucket = boto3.resource("s3").Bucket
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class WrongInput(ValueError):
    pass


class WrongSetting(ValueError):
    pass


class UpstreamError(Exception):
    pass


class NoReading(ValueError):
    pass


ANSWERS = {
    WrongInput: (400, "input"),
    WrongSetting: (500, "configuration"),
    urllib3.exceptions.NewConnectionError: (502, "connection"),  # a kind of TimeoutError there
    urllib3.exceptions.TimeoutError: (504, "timeout"),
    UpstreamError: (502, "http"),
    NoReading: (502, "parsing"),
    urllib3.exceptions.HTTPError: (502, "connection"),
    ClientError: (500, "s3"),
    BotoCoreError: (500, "s3"),
}


def lambda_handler(event, context):
    try:
        body, status = {"key": collect(event)}, 200
    except tuple(ANSWERS) as error:
        status, category = next(answer for kind, answer in ANSWERS.items() if isinstance(error, kind))
        logging.critical("%s", category, exc_info=True)
        body = {"error": category, "message": str(error) or category}
        if isinstance(error, UpstreamError):
            body["upstream_status"] = error.args[0]
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}


def collect(event):
    station = event.get("station") if isinstance(event, dict) else None
    if not isinstance(station, str) or not station or not LETTERS.issuperset(station):
        raise WrongInput("which station?")
    url, key, name = setting("API_URL"), setting("API_KEY"), setting("BUCKET_NAME")
    try:
        seconds = float(setting("HTTP_TIMEOUT", "2"))
    except ValueError as error:
        raise WrongSetting(f"HTTP_TIMEOUT: {error}") from None
    if seconds <= 0 or not math.isfinite(seconds):
        raise WrongSetting("HTTP_TIMEOUT: not above 0")
    response = pool.request("GET", f"{url}/readings/{station}", headers={"x-api-key": key}, timeout=seconds)
    if response.status >= 400:
        raise UpstreamError(response.status)
    time, value = parse(response.data)
    path = f"readings/{station}/{time:%Y-%m-%d}/{time:%H%M%S}Z.json"
    bucket(name).put_object(
        Key=path,
        Body=json.dumps({"station": station, "time": time.isoformat(), "pm25": value}),
        ContentType="application/json; charset=utf-8",
    )
    return path


def setting(name, default=None):
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise WrongSetting(f"{name} is missing")
    return value


def parse(data):
    try:
        found = json.loads(data)
        time = datetime.fromisoformat(found["time"])
        value = found["pm25"]
        if isinstance(value, bool) or value < 0 or time.tzinfo is None:
            raise ValueError(found)
    except (KeyError, TypeError, ValueError) as error:
        raise NoReading(f"no reading: {type(error).__name__}") from error
    return time.astimezone(UTC), value
