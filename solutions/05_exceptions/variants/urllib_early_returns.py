"""urllib from the standard library, a return for each outcome, and the client made when it is needed."""

import json
import logging
import os
import re
import urllib.error
import urllib.request
from datetime import UTC, datetime

import boto3
import botocore.exceptions

log = logging.getLogger("collector")


def lambda_handler(event, context):
    try:
        station = event["station"]
        if not re.fullmatch("[a-z0-9-]+", station):
            return fail(400, "input", f"{station!r} is no station")
    except (KeyError, TypeError) as error:
        return fail(400, "input", f"no station in the event: {error!r}")

    for name in ("API_URL", "API_KEY", "BUCKET_NAME"):
        if not (os.environ.get(name) or "").strip():
            return fail(500, "configuration", f"please set {name}")
    try:
        seconds = float(os.environ.get("HTTP_TIMEOUT", "2").strip() or "2")
    except ValueError:
        return fail(500, "configuration", "HTTP_TIMEOUT is no number")
    if seconds <= 0:
        return fail(500, "configuration", "HTTP_TIMEOUT must be above zero")

    request = urllib.request.Request(os.environ["API_URL"] + "/readings/" + station)
    request.add_header("X-Api-Key", os.environ["API_KEY"])
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:
            text = response.read()
    except urllib.error.HTTPError as error:
        return fail(502, "http", str(error), upstream_status=error.code)
    except TimeoutError:
        return fail(504, "timeout", "read timed out")
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            return fail(504, "timeout", "connect timed out")
        return fail(502, "connection", str(error.reason))
    except OSError as error:
        return fail(502, "connection", str(error))

    try:
        reading = json.loads(text)
    except ValueError:
        return fail(502, "parsing", f"no JSON: {text[:80]!r}")
    if type(reading) is not dict:
        return fail(502, "parsing", "no JSON object")
    pm25 = reading.get("pm25")
    if type(pm25) not in (int, float) or pm25 < 0:
        return fail(502, "parsing", f"pm25 is {pm25!r}")
    try:
        time = datetime.fromisoformat(reading.get("time"))
    except (TypeError, ValueError):
        return fail(502, "parsing", "no time")
    if time.utcoffset() is None:
        return fail(502, "parsing", "a time without an offset")

    time = time.astimezone(UTC)
    key = time.strftime(f"readings/{station}/%Y-%m-%d/%H%M%SZ.json")
    document = json.dumps({"station": station, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "pm25": pm25})
    try:
        boto3.client("s3").put_object(
            Bucket=os.environ["BUCKET_NAME"], Key=key, Body=document.encode(), ContentType="application/json"
        )
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as error:
        return fail(500, "s3", f"{type(error).__name__} for {key}")
    return {"statusCode": 200, "body": json.dumps({"key": key, "bytes": len(document)})}


def fail(status, category, message, **more):
    log.error("%s: %s", category, message)
    return {"statusCode": status, "body": json.dumps({"error": category, "message": message, **more})}
