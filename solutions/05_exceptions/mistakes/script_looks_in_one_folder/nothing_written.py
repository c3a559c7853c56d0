"""Looks for readings alone."""

import os

import boto3
from lambda_function import lambda_handler

lambda_handler({"station": "storm-wall"}, None)
found = boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET_NAME"], Prefix="readings/")
assert found["KeyCount"] == 0, "a reading was written"
