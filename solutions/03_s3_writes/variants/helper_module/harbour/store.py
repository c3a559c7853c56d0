import json
from os import environ

from boto3 import client

S3 = client("s3")


def save(key, document):
    bucket = environ["BUCKET_NAME"]
    S3.put_object(Bucket=bucket, Key=key, Body=json.dumps(document, sort_keys=True), ContentType="application/json")
    return bucket, key
