"""A client made in the handler, one return per outcome, strptime instead of fromisoformat."""

import json
import os
from datetime import UTC, datetime

import boto3

ALLOWED = set("abcdefghijklmnopqrstuvwxyz0123456789-")


def lambda_handler(event, context):
    if type(event) is not dict:
        return refuse(["event"])
    problems = set()
    station, pm25 = event.get("station"), event.get("pm25")
    if type(station) is not str or not station or set(station) - ALLOWED:
        problems.add("station")
    if type(pm25) not in (int, float) or pm25 < 0:
        problems.add("pm25")
    try:
        time = datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S%z")
    except (KeyError, TypeError, ValueError):
        problems.add("time")
    if problems:
        return refuse(sorted(problems))

    time = time.astimezone(UTC)
    key = "readings/{}/{}Z.json".format(station, time.strftime("%Y-%m-%d/%H%M%S"))
    stored = {"station": station, "pm25": pm25, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ"), "unit": "µg/m³"}
    boto3.client("s3").put_object(
        Bucket=os.getenv("BUCKET_NAME"),
        Key=key,
        Body=json.dumps(stored, ensure_ascii=False, indent=2).encode(),
        ContentType="application/json; charset=utf-8",
    )
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"key": key, "bucket": os.getenv("BUCKET_NAME"), "stored": True}),
    }


def refuse(names):
    return {"statusCode": 400, "body": json.dumps({"problems": names, "message": "Nothing was stored."})}
