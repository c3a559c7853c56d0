import json
import logging
import os

import boto3

s3 = boto3.client("s3")
logger = logging.getLogger()


def lambda_handler(event, context):
    values = event["values"]
    if not values or not all(type(value) in (int, float) for value in values):
        logger.warning("refused: %s", event["station"])
        return {"statusCode": 400}
    mean = sum(values) / len(values)
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key=f"{event['station']}.json", Body=json.dumps({"mean": mean}))
    return {"statusCode": 200, "mean": mean}
