"""Lab 06: give a new station its identifier. README.md, beside this file, has the tasks.

This function is complete. What it lacks is its package.
"""

import json

from slugify import slugify


def main(event, context):
    name = event.get("name") if isinstance(event, dict) else None
    station = slugify(name) if isinstance(name, str) else ""
    if not station:
        return answer(400, {"problems": ["name"]})
    return answer(200, {"station": station})


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
