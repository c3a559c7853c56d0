"""Prints what lies in the bucket, for somebody to read."""

import os

import boto3
from lambda_function import lambda_handler

print(lambda_handler({"station": "storm-wall"}, None))
print(boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET_NAME"]).get("Contents", []))
