import io
import json
from datetime import UTC, datetime

import boto3

S3 = boto3.client("s3")


def hour_of(event):
    moment = datetime.fromisoformat(event["time"])
    if moment.utcoffset() is None:
        raise ValueError("time without an offset")
    return moment.astimezone(UTC)


def save(bucket, station, hour, reading):
    key = f"readings/{station}/{hour:%Y-%m-%d}/{hour:%H}Z.json"
    content = io.BytesIO(json.dumps(reading).encode())
    S3.upload_fileobj(content, bucket, key, ExtraArgs={"ContentType": "application/json; charset=utf-8"})
    return key
