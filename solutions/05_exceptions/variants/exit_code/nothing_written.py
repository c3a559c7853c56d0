"""Another proof for the same function: the resource API, an exit code, and no word about the answer's body."""

import os

import boto3
import lambda_function

bucket = boto3.resource("s3").Bucket(os.environ["BUCKET_NAME"])
assert lambda_function.lambda_handler({"station": "storm-wall"}, None)["statusCode"] == 502
raise SystemExit(sum(1 for _ in bucket.objects.all()))
