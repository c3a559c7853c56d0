import json
import logging
import os
from statistics import mean

import boto3


def lambda_handler(event, context):
    if not event["values"] or {type(value) for value in event["values"]} - {int, float}:
        logging.warning("refused: %s", event["station"])
        return {"statusCode": 400}
    bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])
    answer = {"mean": float(mean(event["values"]))}
    bucket.put_object(Key=event["station"] + ".json", Body=json.dumps(answer).encode())
    return {"statusCode": 200, **answer}
