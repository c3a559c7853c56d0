"""Nested tries, each around one step; the last of them around S3."""

import json
import logging
import os
import re
from datetime import UTC, datetime

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from requests import get
from requests.exceptions import ConnectionError as NoConnection
from requests.exceptions import RequestException, Timeout

s3 = boto3.client("s3")


def error_answer(status, category, message, **more):
    logging.exception(message) if more.pop("trace", True) else logging.error(message)
    return {"statusCode": status, "body": json.dumps({"error": category, "message": message, **more})}


def lambda_handler(event, context):
    if not isinstance(event, dict) or not re.fullmatch(
        "[a-z0-9-]+", str(event.get("station")) if event.get("station") else ""
    ):
        return error_answer(400, "input", "bad event", trace=False)
    if isinstance(event["station"], str) is False:
        return error_answer(400, "input", "bad station", trace=False)
    wrong = [name for name in ("API_URL", "API_KEY", "BUCKET_NAME") if not os.environ.get(name, "").strip()]
    try:
        patience = float(os.environ.get("HTTP_TIMEOUT", "").strip() or 2.0)
        patience > 0 or wrong.append("HTTP_TIMEOUT")
    except ValueError:
        wrong.append("HTTP_TIMEOUT")
    if wrong:
        return error_answer(500, "configuration", "check " + " and ".join(wrong), trace=False)
    station = event["station"]
    try:
        response = get(
            os.environ["API_URL"] + f"/readings/{station}",
            headers={"X-Api-Key": os.environ["API_KEY"], "Accept": "application/json"},
            timeout=patience,
            allow_redirects=False,
        )
    except Timeout:
        return error_answer(504, "timeout", "too slow")
    except NoConnection:
        return error_answer(502, "connection", "not there")
    except RequestException as error:
        return error_answer(502, "connection", repr(error))
    if response.status_code >= 400:
        return error_answer(502, "http", "refused", trace=False, upstream_status=response.status_code)
    try:
        reading = response.json()
        time = datetime.fromisoformat(reading["time"])
        value = reading["pm25"]
        good = not isinstance(value, bool) and value >= 0 and time.utcoffset() is not None
    except Exception:
        return error_answer(502, "parsing", "cannot be read")
    if not good:
        return error_answer(502, "parsing", "not as agreed", trace=False)
    utc = time.astimezone(UTC)
    key = f"readings/{station}/{utc:%Y-%m-%d/%H%M%S}Z.json"
    try:
        s3.put_object(
            Bucket=os.environ["BUCKET_NAME"],
            Key=key,
            Body=json.dumps({"station": station, "time": f"{utc:%Y-%m-%dT%H:%M:%S}Z", "pm25": value}),
            ContentType="application/json",
        )
    except (ClientError, BotoCoreError):
        return error_answer(500, "s3", "not stored")
    logging.info("stored %s", key)
    return {"statusCode": 200, "body": json.dumps({"key": key})}
