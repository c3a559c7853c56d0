"""Looks into a bucket to which nobody could have written: the station is one that the function refuses."""

import os

import boto3
from lambda_function import lambda_handler

lambda_handler({}, None)
found = boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET_NAME"])
assert found["KeyCount"] == 0, "something was written"
