"""Prove that nothing is written when the API answers 500."""

import json
import os

import boto3
from lambda_function import lambda_handler

answer = lambda_handler({"station": "storm-wall"}, None)
status = json.loads(answer["body"]).get("upstream_status")
assert status == 500, f"The API's 500 was not what the function met: {answer}"

found = boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET_NAME"]).get("Contents", [])
assert not found, f"The function wrote {[written['Key'] for written in found]}"
print("The API answered 500, and nothing was written.")
