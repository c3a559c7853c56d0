"""boto3's resource API, and the time moved to UTC by its offset."""

import json
import os
import re
from datetime import datetime

import boto3

STATION = re.compile("[a-z0-9-]+")
bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])


def lambda_handler(event, context):
    if not isinstance(event, dict):
        return {"statusCode": 400, "body": json.dumps({"problems": ["event"]})}
    problems = []
    try:
        if isinstance(event["pm25"], bool) or event["pm25"] < 0:
            problems.append("pm25")
    except (KeyError, TypeError):
        problems.append("pm25")
    if not STATION.fullmatch(str(event.get("station", ""))) or not isinstance(event["station"], str):
        problems.append("station")
    try:
        time = datetime.fromisoformat(event.get("time"))
        utc = time.replace(tzinfo=None) - time.utcoffset()
    except (TypeError, ValueError):
        problems.append("time")
    if problems:
        return {"statusCode": 400, "body": json.dumps({"problems": problems})}

    target = bucket.Object(f"readings/{event['station']}/{utc:%Y-%m-%d/%H%M%S}Z.json")
    document = {**event, "time": utc.isoformat() + "Z"}
    target.put(Body=bytes(json.dumps(document), "utf-8"), ContentType="application/json", Metadata={"lab": "03"})
    return {"statusCode": 200, "body": json.dumps({"bucket": target.bucket_name, "key": target.key})}
