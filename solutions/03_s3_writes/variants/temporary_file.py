"""upload_file from Lambda's temporary folder, with dateutil, which comes with boto3."""

import json
import os
import tempfile

import boto3
from dateutil import tz
from dateutil.parser import isoparse

s3 = boto3.session.Session().client("s3")


class WrongReading(Exception):
    pass


def lambda_handler(event, context):
    try:
        station, time, pm25 = read(event)
    except WrongReading as error:
        return {"statusCode": 400, "body": json.dumps({"problems": error.args[0]})}
    bucket = os.environ["BUCKET_NAME"]
    key = "/".join(["readings", station, time.strftime("%Y-%m-%d"), time.strftime("%H%M%SZ.json")])
    path = os.path.join(tempfile.gettempdir(), "reading.json")
    with open(path, "w") as file:
        json.dump({"station": station, "time": str(time), "pm25": pm25}, file)
    s3.upload_file(path, bucket, key, ExtraArgs={"ContentType": "application/json"})
    return {"statusCode": 200, "body": json.dumps({"bucket": bucket, "key": key})}


def read(event):
    if not isinstance(event, dict):
        raise WrongReading(["event"])
    problems = []
    station, time, pm25 = (event.get(name) for name in ("station", "time", "pm25"))
    if not isinstance(pm25, int | float) or isinstance(pm25, bool) or pm25 < 0:
        problems.append("pm25")
    if not isinstance(station, str) or not station or station.strip("abcdefghijklmnopqrstuvwxyz0123456789-"):
        problems.append("station")
    try:
        time = isoparse(time)
        if time.tzinfo is None:
            raise ValueError(time)
    except (TypeError, ValueError, AttributeError):
        problems.append("time")
    if problems:
        raise WrongReading(problems)
    return station, time.astimezone(tz.UTC), pm25
