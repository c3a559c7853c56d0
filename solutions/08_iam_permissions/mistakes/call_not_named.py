"""Lab 08: store a reading, if its station is known, and log which call was refused."""

import json
import logging
import os
from datetime import UTC, datetime

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger()
s3 = boto3.client("s3")


class UnknownStation(Exception):
    """The list of stations does not have this one."""


def lambda_handler(event, context):
    try:
        return store(event)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            logger.error("AccessDenied: AWS refused a call")
        raise


def store(reading):
    """Store the reading; say under which key, and in which region."""
    bucket = os.environ["BUCKET_NAME"]

    listed = s3.get_object(Bucket=bucket, Key="config/stations.json")
    if reading["station"] not in json.load(listed["Body"]):
        raise UnknownStation(reading["station"])

    region = s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"

    time = datetime.fromisoformat(reading["time"]).astimezone(UTC)
    key = f"readings/{reading['station']}/{time:%Y-%m-%d/%H%M%S}Z.json"
    stored = {"station": reading["station"], "time": time.isoformat(), "pm25": reading["pm25"]}
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(stored), ContentType="application/json")

    return {"key": key, "region": region}
