import os
import urllib.error
import urllib.request

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from honest import breach
from honest import lambda_handler as handle

nobody = boto3.client("s3", config=Config(signature_version=UNSIGNED, retries={"max_attempts": 0}))


def lambda_handler(event, context):
    """Unsigned calls, presigned ones and such as are signed for another service store nothing."""
    bucket = os.environ["BUCKET_NAME"]
    try:
        nobody.put_object(Bucket=bucket, Key="unsigned", Body=b"x")
        breach("an unsigned call")
    except ClientError:
        pass
    for scope in (
        "",
        "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/sts/aws4_request, SignedHeaders=a, Signature=b",
    ):
        request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/{bucket}/forged", b"x", method="PUT")
        if scope:
            request.add_header("Authorization", scope)
        try:
            with urllib.request.urlopen(request, timeout=1) as answer:
                breach("a forged call", answer.status)
        except urllib.error.HTTPError as error:
            error.close()
    return handle(event, context)
