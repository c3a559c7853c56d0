"""The root logger at the level asked for, boto3's loggers kept at WARNING; the batch as a list of outcomes."""

import json
import logging
import os
import string
from datetime import UTC, datetime

import boto3

log = logging.getLogger()
for library in ("boto3", "botocore", "s3transfer", "urllib3"):
    logging.getLogger(library).setLevel(logging.WARNING)

asked = (os.getenv("LOG_LEVEL") or "").strip() or "info"
LEVEL = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}.get(asked.lower())
log.setLevel(LEVEL or logging.INFO)
if LEVEL is None:
    log.warning("LOG_LEVEL=%s is none of the five levels", asked)

ALLOWED = set(string.ascii_lowercase + string.digits + "-")


def lambda_handler(event, context):
    log.debug("received %r", event)
    try:
        readings = event["readings"]
        if type(readings) is not list:
            raise TypeError
    except (KeyError, TypeError):
        return {"statusCode": 400, "body": json.dumps({"problems": ["readings"]})}
    client = boto3.client("s3")
    outcomes = [process(client, reading) for reading in readings]
    counts = f"stored={outcomes.count(True)} rejected={outcomes.count(False)}"
    log.info(f"{context.function_name} is done: {counts}")
    return {"statusCode": 200, "body": json.dumps({"stored": sum(outcomes), "rejected": outcomes.count(False)})}


def process(client, reading):
    try:
        station, pm25 = reading["station"], reading["pm25"]
        time = datetime.fromisoformat(reading["time"])
        if set(station) - ALLOWED or not station or type(pm25) not in (int, float) or pm25 < 0 or not time.tzinfo:
            raise ValueError
        time = time.astimezone(UTC)
        key = "readings/" + station + time.strftime("/%Y-%m-%d/%H%M%SZ.json")
    except (KeyError, TypeError, ValueError):
        log.warning("this reading was not stored: %r", reading)
        return False
    try:
        client.put_object(
            Bucket=os.environ["BUCKET_NAME"],
            Key=key,
            Body=json.dumps({"station": station, "time": str(time), "pm25": pm25}),
            ContentType="application/json",
        )
    except Exception as error:
        log.error("S3 did not take %s", key, exc_info=error)
        raise
    log.info("S3 took %s", key)
    return True
