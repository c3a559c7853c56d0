"""Store a batch of readings in S3, and say in the log what became of each."""

import json
import logging
import os
import re
from datetime import UTC, datetime

import boto3

# A logger of its own: the root's level is boto3's too, and at DEBUG boto3 logs the role's session token.
logger = logging.getLogger("harbour")
s3 = boto3.client("s3")


def lambda_handler(event, context):
    set_level()
    logger.debug("event: %s", json.dumps(event))
    if not isinstance(event, dict) or not isinstance(event.get("readings"), list):
        return answer(400, {"problems": ["readings"]})

    stored = rejected = 0
    for reading in event["readings"]:
        if is_valid(reading):
            store(reading)
            stored += 1
        else:
            logger.warning("rejected a reading of %s", name_of(reading))
            rejected += 1

    logger.info("stored=%s rejected=%s", stored, rejected)
    return answer(200, {"stored": stored, "rejected": rejected})


def set_level():
    level = os.environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
    try:
        logger.setLevel(level)
    except ValueError:
        logger.setLevel("INFO")
        logger.warning("LOG_LEVEL is unknown, INFO is taken: %s", os.environ["LOG_LEVEL"])


def store(reading):
    """Put the reading into the bucket. An error is logged with its trace, then raised again."""
    time = datetime.fromisoformat(reading["time"]).astimezone(UTC)
    key = f"readings/{reading['station']}/{time:%Y-%m-%d/%H%M%S}Z.json"
    content = {"station": reading["station"], "time": time.isoformat(), "pm25": reading["pm25"]}
    try:
        s3.put_object(
            Bucket=os.environ["BUCKET_NAME"], Key=key, Body=json.dumps(content), ContentType="application/json"
        )
    except Exception:
        logger.exception("not stored: %s", key)
        raise
    logger.info("stored %s", key)


def name_of(reading):
    """The reading's station, or whatever came instead of one."""
    return reading.get("station", "no station") if isinstance(reading, dict) else reading


def is_valid(reading):
    """Whether the reading has a station, a time with an offset and an amount, as lab 03 asks for."""
    if not isinstance(reading, dict):
        return False
    return is_station(reading.get("station")) and is_time(reading.get("time")) and is_amount(reading.get("pm25"))


def is_station(value):
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+", value) is not None


def is_time(value):
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except (TypeError, ValueError):
        return False


def is_amount(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
