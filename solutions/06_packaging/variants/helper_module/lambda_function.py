"""The answers; harbour/naming.py has the names."""

import json

from harbour.naming import name_station


def lambda_handler(event, context):
    try:
        return {"statusCode": 200, "body": json.dumps({"station": name_station(event)})}
    except ValueError:
        return {"statusCode": 400, "body": json.dumps({"problems": ["name"]})}
