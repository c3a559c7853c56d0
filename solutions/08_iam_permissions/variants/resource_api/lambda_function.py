"""boto3's resource API, and a context manager that logs refusals."""

import json
import os
from contextlib import contextmanager
from datetime import datetime, timedelta
from logging import ERROR, getLogger

import boto3
import botocore.exceptions

bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])


class UnknownStation(LookupError):
    pass


@contextmanager
def refusals_logged():
    try:
        yield
    except botocore.exceptions.ClientError as error:
        found = error.response.get("Error", {})
        if found.get("Code") in ("AccessDenied", "AccessDeniedException"):
            getLogger(__name__).log(ERROR, json.dumps({"code": found["Code"], "operation": error.operation_name}))
        raise


def lambda_handler(event, context):
    with refusals_logged():
        known = json.load(bucket.Object("config/stations.json").get()["Body"])
        if event["station"] not in known:
            raise UnknownStation(event["station"])
        region = bucket.meta.client.get_bucket_location(Bucket=bucket.name)["LocationConstraint"]
        time = datetime.fromisoformat(event["time"])
        time = time.replace(tzinfo=None) - (time.utcoffset() or timedelta())
        target = bucket.Object(time.strftime(f"readings/{event['station']}/%Y-%m-%d/%H%M%SZ.json"))
        document = {"station": event["station"], "time": time.isoformat() + "Z", "pm25": event["pm25"]}
        target.put(Body=json.dumps(document), ContentType="application/json")
    return {"key": target.key, "region": region or "us-east-1", "bucket": bucket.name}
