"""Everything let through by the root, and a filter on Lambda's handler that keeps to this function's own records."""

import json
import logging
import os
import re
import traceback
from datetime import datetime, timedelta

import boto3

LEVELS = {name: getattr(logging, name) for name in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")}
OURS = "collector"
root, logger, s3 = logging.getLogger(), logging.getLogger(OURS), boto3.client("s3")
handler = root.handlers[0]
handler.addFilter(lambda record: record.name == OURS)
root.setLevel(logging.DEBUG)


def lambda_handler(event, context):
    asked = os.environ.get("LOG_LEVEL") or ""
    if asked.strip() and asked.strip().upper() not in LEVELS:
        handler.setLevel(logging.INFO)
        logger.warning(f"unknown level {asked!r}")
    else:
        handler.setLevel(LEVELS[asked.strip().upper() or "INFO"])
    logger.log(logging.DEBUG, "event\n%s", json.dumps(event, indent=2))
    readings = event.get("readings") if isinstance(event, dict) else None
    if not isinstance(readings, list):
        logger.info("nothing to do")
        return {"statusCode": 400, "body": '{"problems": ["readings"]}'}
    good = [reading for reading in readings if is_good(reading)]
    for reading in readings:
        if reading not in good:
            logger.warning("rejected: %s", repr(reading))
    for reading in good:
        save(reading)
    counts = {"stored": len(good), "rejected": len(readings) - len(good)}
    logger.info(" ".join(f"{name}={number}" for name, number in counts.items()))
    return {"statusCode": 200, "body": json.dumps(counts)}


def is_good(reading):
    try:
        time = datetime.fromisoformat(reading["time"])
        amount, station = reading["pm25"], reading["station"]
        return bool(time.tzinfo and re.fullmatch(r"[a-z0-9-]+", station) and amount >= 0 and type(amount) is not bool)
    except (KeyError, TypeError, ValueError):
        return False


def save(reading):
    time = datetime.fromisoformat(reading["time"])
    utc = time.replace(tzinfo=None) - (time.utcoffset() or timedelta())
    key = f"readings/{reading['station']}/{utc:%Y-%m-%d/%H%M%S}Z.json"
    try:
        s3.put_object(
            Bucket=os.environ["BUCKET_NAME"],
            Key=key,
            Body=json.dumps({**reading, "time": f"{utc.isoformat()}Z"}),
            ContentType="application/json",
        )
    except Exception as error:
        logger.error("lost %s\n%s", reading["station"], traceback.format_exc())
        raise error
    logger.info("kept %s", key)
