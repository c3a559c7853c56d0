"""A class that counts, a LoggerAdapter, the resource API, and the one except around the whole batch."""

import json
import logging
import os
import re
from datetime import UTC, datetime

import boto3

NAMES = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})


class Told(logging.LoggerAdapter):
    def process(self, message, options):
        return f"[{self.extra['function']}] {message}", options


logger = Told(logging.getLogger(__name__), {"function": os.environ["AWS_LAMBDA_FUNCTION_NAME"]})


class Batch:
    def __init__(self, readings):
        self.readings = readings
        self.stored = self.rejected = 0
        self.bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])

    def run(self):
        for reading in self.readings:
            if target := place(reading):
                self.put(reading, *target)
            else:
                self.rejected += 1
                station = reading.get("station") if isinstance(reading, dict) else None
                logger.warning("bad reading, station %s: %s", station, json.dumps(reading))
        logger.info("done; stored=%d rejected=%d", self.stored, self.rejected)
        return {"stored": self.stored, "rejected": self.rejected}

    def put(self, reading, key, time):
        body = json.dumps({**reading, "time": time.isoformat()})
        self.bucket.put_object(Key=key, Body=body.encode(), ContentType="application/json")
        self.stored += 1
        logger.info("object %s written to %s", key, self.bucket.name)


def place(reading):
    """The key and the time in UTC of a valid reading, else None."""
    if not isinstance(reading, dict):
        return None
    pm25 = reading.get("pm25")
    if isinstance(pm25, bool) or not isinstance(pm25, int | float) or pm25 < 0:
        return None
    if not isinstance(reading.get("station"), str) or not re.fullmatch("[a-z0-9-]+", reading["station"]):
        return None
    try:
        time = datetime.fromisoformat(str(reading.get("time")))
    except ValueError:
        return None
    if time.tzinfo is None:
        return None
    time = time.astimezone(UTC)
    return f"readings/{reading['station']}/{time:%Y-%m-%d}/{time:%H%M%S}Z.json", time


def lambda_handler(event, context):
    name = os.environ.get("LOG_LEVEL", "INFO").strip().upper()
    known = not name or name in NAMES
    logger.setLevel(name if name and known else "INFO")
    if not known:
        logger.warning("no such level: %s", os.environ["LOG_LEVEL"])
    logger.debug(event)
    if not isinstance(event, dict) or not isinstance(event.get("readings"), list):
        return {"statusCode": 400, "body": json.dumps({"problems": ["readings"]})}
    try:
        return {"statusCode": 200, "body": json.dumps(Batch(event["readings"]).run())}
    except Exception:
        logger.exception("the batch was cut short")
        raise
