"""The reading as a class that checks itself; upload_fileobj; the problems found by exceptions."""

import io
import json
import os
import string
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import boto3


@cache
def s3():
    return boto3.client("s3", region_name=os.environ["AWS_REGION"])


@dataclass(frozen=True)
class Reading:
    station: str
    time: datetime
    pm25: float

    @classmethod
    def parse(cls, event):
        if not isinstance(event, dict):
            raise Refused("event")
        values, wrong = {}, []
        for name, convert in (("pm25", _amount), ("station", _station), ("time", _moment)):
            try:
                values[name] = convert(event[name])
            except (KeyError, TypeError, ValueError):
                wrong.append(name)
        if wrong:
            raise Refused(*wrong)
        return cls(**values)

    @property
    def key(self):
        return self.time.strftime(f"readings/{self.station}/%Y-%m-%d/%H%M%SZ.json")

    def to_json(self):
        return json.dumps({"station": self.station, "time": self.time.isoformat(), "pm25": self.pm25})


class Refused(ValueError):
    pass


def _amount(value):
    if isinstance(value, bool) or not value >= 0:
        raise ValueError(value)
    return value


def _station(value):
    if not value or not all(letter in string.ascii_lowercase + string.digits + "-" for letter in value):
        raise ValueError(value)
    return str.strip(value)


def _moment(value):
    time = datetime.fromisoformat(value)
    if time.utcoffset() is None:
        raise ValueError(value)
    return time.astimezone(UTC)


def lambda_handler(event, context):
    try:
        reading = Reading.parse(event)
    except Refused as refused:
        return {"statusCode": 400, "body": json.dumps({"problems": list(refused.args)})}
    target = {"Bucket": os.environ["BUCKET_NAME"], "Key": reading.key}
    s3().upload_fileobj(io.BytesIO(reading.to_json().encode()), **target, ExtraArgs={"ContentType": "application/json"})
    return {"statusCode": 200, "body": json.dumps({"bucket": target["Bucket"], "key": target["Key"]})}
