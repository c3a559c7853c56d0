"""Greet a station."""

import os


def lambda_handler(event, context):
    station = event.get("station")
    if not station:
        return {"statusCode": 400}
    greeting = f"{os.environ['GREETING']} {station}"
    return {"statusCode": 200, "greeting": greeting}
