"""The client made when first needed, the refusal found in the error's text, the trace logged with it."""

import json
import logging
import os
from datetime import UTC, datetime
from functools import cache

import boto3
from botocore.exceptions import ClientError

log = logging.getLogger("harbour")
log.setLevel("INFO")


class UnknownStation(Exception):
    pass


@cache
def s3():
    return boto3.client("s3")


def lambda_handler(event, context):
    try:
        stations = json.loads(
            s3().get_object(Bucket=os.environ["BUCKET_NAME"], Key="config/stations.json")["Body"].read()
        )
        if event["station"] not in stations:
            raise UnknownStation(event["station"])
        return write(event)
    except ClientError as error:
        if "AccessDenied" in str(error):
            log.exception("the role lacks a permission")
        raise error


def write(event):
    where = s3().get_bucket_location(Bucket=os.environ["BUCKET_NAME"])
    time = datetime.fromisoformat(event["time"]).astimezone(UTC)
    key = f"readings/{event['station']}/{time:%Y-%m-%d/%H%M%S}Z.json"
    s3().put_object(
        Bucket=os.environ["BUCKET_NAME"],
        Key=key,
        Body=json.dumps({**event, "time": time.isoformat()}).encode(),
        ContentType="application/json",
    )
    return {"key": key, "region": where.get("LocationConstraint") or "us-east-1"}
