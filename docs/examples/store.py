"""One JSON object in S3."""

# --8<-- [start:store]
import json
import os

import boto3

s3 = boto3.client("s3")  # made once; a warm function uses it again


def lambda_handler(event, context):
    tide = {"harbour": event["harbour"], "metres": event["metres"]}
    key = f"tides/{event['harbour']}/{event['day']}.json"
    s3.put_object(
        Bucket=os.environ["BUCKET_NAME"],
        Key=key,
        Body=json.dumps(tide),
        ContentType="application/json",
    )
    return {"key": key}


# --8<-- [end:store]
