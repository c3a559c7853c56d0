"""Lab 03: store one air-quality reading in S3. README.md, beside this file, has the tasks."""

import json


def lambda_handler(event, context):
    # Task 4: refuse a wrong reading here, before anything is written.

    # Task 2: build the key from the reading's own time, in UTC.

    # Task 1: put one object into the bucket that BUCKET_NAME names, and answer with bucket and key.
    # Task 3: make it JSON, and say so.
    # Task 5: let S3's errors through.

    return {"statusCode": 501, "body": json.dumps({"message": "not written yet"})}
