import io
import json
import re
from datetime import UTC
from numbers import Real

import boto3
from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from dateutil.parser import isoparse

from harbour.failures import Failure

s3 = boto3.client("s3")


def is_name(value):
    return isinstance(value, str) and bool(re.fullmatch(r"[-a-z0-9]+", value))


def write(bucket, station, reading):
    try:
        time, pm25 = isoparse(reading["time"]), reading["pm25"]
        if time.tzinfo is None or isinstance(pm25, bool) or not isinstance(pm25, Real) or pm25 < 0:
            raise ValueError("wrong time or pm25")
    except (KeyError, TypeError, ValueError) as error:
        raise Failure("parsing", "no reading") from error
    time = time.astimezone(UTC)
    key = f"readings/{station}/{time.date()}/{time:%H%M%S}Z.json"
    content = io.BytesIO(json.dumps({"station": station, "time": str(time), "pm25": pm25}).encode())
    try:
        s3.upload_fileobj(content, bucket, key, ExtraArgs={"ContentType": "application/json"})
    except (Boto3Error, BotoCoreError, ClientError, ValueError) as error:
        raise Failure("s3", f"{bucket} did not take it") from error
    return key
