"""A test in a function, run by hand; the bucket seen before and after, page by page."""

import logging
import os
import sys
from types import SimpleNamespace

import boto3
import lambda_function


def objects():
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket=os.environ["BUCKET_NAME"])
    return {found["Key"]: found["ETag"] for page in pages for found in page.get("Contents", [])}


def test_nothing_is_written():
    before = objects()
    answer = lambda_function.lambda_handler({"station": "storm-wall"}, SimpleNamespace(aws_request_id="by hand"))
    assert '"http"' in answer["body"]
    assert objects() == before


if __name__ == "__main__":
    logging.disable()
    try:
        test_nothing_is_written()
    except AssertionError:
        sys.exit("something was written")
    sys.exit()
