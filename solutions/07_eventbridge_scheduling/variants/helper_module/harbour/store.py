"""Where readings are kept."""

import io
import json

import boto3

client = boto3.client("s3")


def put(settings, hour, reading):
    try:
        key = f"readings/{settings.station}/{hour.isoformat()[:10]}/{hour.isoformat()[11:13]}Z.json"
        content = io.BytesIO(json.dumps(reading, indent=2).encode())
        client.upload_fileobj(content, settings.bucket, key, ExtraArgs={"ContentType": "application/json"})
    except Exception as error:
        raise RuntimeError(f"{settings.station} was not stored") from error
    return key
