"""Everything in the handler, one return per outcome."""

import json
import os


def lambda_handler(event, context):
    api_key = os.environ.get("API_KEY")
    if api_key is None or api_key.strip() == "":
        print("API_KEY is missing")
        return {"statusCode": 500, "body": json.dumps({"error": "API_KEY is missing"})}

    bucket = os.environ.get("BUCKET_NAME")
    if bucket is None or bucket.strip() == "":
        print("BUCKET_NAME is missing")
        return {"statusCode": 500, "body": json.dumps({"error": "BUCKET_NAME is missing"})}

    max_stations = os.environ.get("MAX_STATIONS", "10")
    if max_stations.strip() == "":
        max_stations = "10"
    try:
        max_stations = int(max_stations)
    except ValueError:
        max_stations = 0
    if max_stations < 1 or max_stations > 100:
        print("MAX_STATIONS is wrong")
        return {"statusCode": 500, "body": json.dumps({"error": "MAX_STATIONS is wrong"})}

    dry_run = os.environ.get("DRY_RUN", "false").strip().lower()
    if dry_run in ("true", "1", "yes"):
        dry_run = True
    elif dry_run in ("false", "0", "no", ""):
        dry_run = False
    else:
        print("DRY_RUN is wrong")
        return {"statusCode": 500, "body": json.dumps({"error": "DRY_RUN is wrong"})}

    body = {"bucket": bucket, "max_stations": max_stations, "dry_run": dry_run, "api_key_set": True}
    return {"statusCode": 200, "body": json.dumps(body)}
