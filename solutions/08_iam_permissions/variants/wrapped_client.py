"""Each call goes through one function, which logs a refusal where it happens."""

import json
import logging
import os
from datetime import UTC, datetime

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3", region_name=os.environ["AWS_REGION"])


class UnknownStation(Exception):
    pass


def ask(method, **arguments):
    try:
        return getattr(s3, method)(Bucket=os.environ["BUCKET_NAME"], **arguments)
    except ClientError as refusal:
        code = refusal.response["Error"]["Code"]
        if code == "AccessDenied":
            logging.error("%s: may not %s (%s)", code, refusal.operation_name, arguments.get("Key", "the bucket"))
        raise


def lambda_handler(event, context):
    if event["station"] not in json.load(ask("get_object", Key="config/stations.json")["Body"]):
        raise UnknownStation(f"{event['station']} is not listed")
    time = datetime.fromisoformat(event["time"]).astimezone(UTC)
    key = "/".join(("readings", event["station"], f"{time:%Y-%m-%d}", f"{time:%H%M%S}Z.json"))
    region = ask("get_bucket_location")["LocationConstraint"]
    body = json.dumps({"station": event["station"], "time": time.isoformat(), "pm25": event["pm25"]})
    ask("put_object", Key=key, Body=body, ContentType="application/json")
    return {"key": key, "region": region or "us-east-1"}
