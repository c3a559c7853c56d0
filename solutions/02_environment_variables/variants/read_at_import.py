"""Reads the environment once, when the file is loaded, in a way that cannot fail; the handler judges what was read."""

import json
from os import getenv

API_KEY, BUCKET, STATIONS, DRY_RUN = (
    (getenv(name) or "").strip() for name in ("API_KEY", "BUCKET_NAME", "MAX_STATIONS", "DRY_RUN")
)
SWITCH = dict.fromkeys(["true", "1", "yes"], True) | dict.fromkeys(["false", "0", "no", ""], False)


def find_wrong():
    if not API_KEY:
        return "API_KEY"
    if not BUCKET:
        return "BUCKET_NAME"
    if STATIONS and not (STATIONS.isdecimal() and 1 <= int(STATIONS) <= 100):
        return "MAX_STATIONS"
    return None if DRY_RUN.lower() in SWITCH else "DRY_RUN"


def lambda_handler(event, context):
    if wrong := find_wrong():
        print(json.dumps({"level": "ERROR", "message": "missing or invalid", "variable": wrong}))
        return {"statusCode": 500, "body": json.dumps({"error": wrong})}
    settings = {"bucket": BUCKET, "max_stations": int(STATIONS or 10), "dry_run": SWITCH[DRY_RUN.lower()]}
    return {"statusCode": 200, "body": json.dumps({**settings, "api_key_set": True})}
