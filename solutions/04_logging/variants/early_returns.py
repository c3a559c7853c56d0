"""Functions of the logging module itself (the root logger), a level that is set once, and a reading at a time."""

import json
import logging
import os
from datetime import UTC, datetime

import boto3

s3 = boto3.session.Session().client("s3")
logging.getLogger("botocore").propagate = False


def lambda_handler(event, context):
    choose_level(os.environ.get("LOG_LEVEL", ""))
    logging.debug("%s", json.dumps({"event": event, "left_ms": context.get_remaining_time_in_millis()}))
    if not isinstance(event, dict):
        return respond(400, {"problems": ["readings"]})
    readings = event.get("readings")
    if not isinstance(readings, list):
        return respond(400, {"problems": ["readings"]})
    rejected = 0
    for reading in readings:
        if problem := problem_of(reading):
            rejected += 1
            logging.warning("rejected (%s): %s", problem, str(reading)[:200])
            continue
        save(reading)
    stored = len(readings) - rejected
    logging.info("batch of %s: stored=%s rejected=%s", len(readings), stored, rejected)
    return respond(200, {"rejected": rejected, "stored": stored, "request": context.aws_request_id})


def choose_level(text):
    logger = logging.getLogger()
    match text.strip().upper():
        case "DEBUG" | "INFO" | "WARNING" | "ERROR" | "CRITICAL" as name:
            logger.setLevel(name)
        case "":
            logger.setLevel(logging.INFO)
        case other:
            logger.setLevel(logging.INFO)
            logger.warning("LOG_LEVEL should be a level, and is %r", other)


def problem_of(reading):
    if not isinstance(reading, dict):
        return "no object"
    station, time, pm25 = reading.get("station"), reading.get("time"), reading.get("pm25")
    if not isinstance(station, str) or not station:
        return "station"
    if station.strip("abcdefghijklmnopqrstuvwxyz0123456789-"):
        return "station"
    if pm25 is True or pm25 is False or not isinstance(pm25, int | float) or pm25 < 0:
        return "pm25"
    try:
        return None if datetime.strptime(time, "%Y-%m-%dT%H:%M:%S%z") else "time"
    except (TypeError, ValueError):
        return "time"


def save(reading):
    time = datetime.strptime(reading["time"], "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    target = {"Bucket": os.getenv("BUCKET_NAME"), "Key": f"readings/{reading['station']}/{time:%Y-%m-%d/%H%M%SZ}.json"}
    document = dict(reading, time=time.strftime("%Y-%m-%dT%H:%M:%SZ"))
    try:
        s3.put_object(**target, Body=json.dumps(document), ContentType="application/json")
    except Exception as error:
        logging.exception("S3 refused %s: %s", target, error)
        raise
    logging.info("%(Key)s is in %(Bucket)s", target)


def respond(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
