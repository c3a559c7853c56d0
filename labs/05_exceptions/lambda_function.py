"""Lab 05: fetch a station's reading from the API and store it. README.md, beside this file, has the tasks."""

import json
import logging
from datetime import UTC

import boto3

logger = logging.getLogger()
s3 = boto3.client("s3")


def lambda_handler(event, context):
    # Task 2: answer 400 for wrong input, and 500 for a wrong or missing variable.

    # Task 1: ask the API for the station's reading, store it, and answer 200 with its key.
    # Tasks 3, 4 and 5: answer each failure in the one shape, and log it at ERROR.

    return {"statusCode": 501, "body": json.dumps({"message": "not written yet"})}


def store(bucket, station, time, pm25):
    """Write one reading as in lab 03, and return its key. `time` is a datetime that knows its offset."""
    time = time.astimezone(UTC)
    key = f"readings/{station}/{time:%Y-%m-%d/%H%M%S}Z.json"
    reading = {"station": station, "time": time.isoformat(), "pm25": pm25}
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(reading), ContentType="application/json")
    return key
