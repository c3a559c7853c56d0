"""Nobody waits: a failure is logged, then raised, so that Lambda counts it and tries again."""

# --8<-- [start:hourly]
import json
import logging
import os
from datetime import datetime

import boto3

logger = logging.getLogger()
s3 = boto3.client("s3")


def lambda_handler(event, context):
    try:
        hour = datetime.fromisoformat(event["time"])  # the schedule's time, the same at each attempt
        s3.put_object(
            Bucket=os.environ["BUCKET_NAME"],
            Key=f"heartbeats/{hour:%Y-%m-%d/%H}.json",
            Body=json.dumps({"alive_at": event["time"]}),
        )
    except Exception:
        logger.exception("no heartbeat for %s", event.get("time"))
        raise


# --8<-- [end:hourly]
