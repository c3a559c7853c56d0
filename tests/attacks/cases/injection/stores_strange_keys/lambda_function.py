import os

from honest import s3

KEYS = [
    "../../../museum/home/x",
    "a\x1b[2J",
    "<b>",
    "=1+1",
    "\u202egnp.exe",
    " ",
    "x" * 1024,
    "%00",
    "a//b/./c",
    "☃\ufffe",
]


def lambda_handler(event, context):
    for key in KEYS:
        try:
            s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key=key, Body=b"\xff\xfe{", Metadata={"a": "=1"})
        except Exception as error:
            print(error)
    return {"statusCode": 200}
