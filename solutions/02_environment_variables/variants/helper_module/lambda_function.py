"""The handler alone; settings.py, beside it, reads the environment."""

import json

import settings


def lambda_handler(event, context):
    try:
        found = settings.load()
    except settings.Invalid as problem:
        print(f"ERROR {problem}")
        return {"statusCode": 500, "body": json.dumps({"error": f"{problem}"})}
    return {"statusCode": 200, "body": json.dumps(found)}
