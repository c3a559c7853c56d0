"""The handler alone; what it knows of readings stands in a package beside it."""

import json

from harbour import reading, store


def lambda_handler(event, context):
    problems = reading.find_problems(event)
    if problems:
        return respond(400, problems=problems)
    bucket, key = store.save(reading.key_of(event), reading.document_of(event))
    return respond(200, bucket=bucket, key=key, request=context.aws_request_id)


def respond(status, **body):
    return {"statusCode": status, "body": json.dumps(body)}
