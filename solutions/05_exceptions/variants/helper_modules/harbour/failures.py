import functools
import json
import logging

STATUS = {"input": 400, "configuration": 500, "connection": 502, "timeout": 504, "http": 502, "parsing": 502, "s3": 500}


class Failure(Exception):
    def __init__(self, category, message, **more):
        super().__init__(f"{category}: {message}")
        self.status = STATUS[category]
        self.body = {"error": category, "message": message} | more


def answer(status, **body):
    return {"statusCode": status, "body": json.dumps(body, indent=1)}


def answers_failures(handler):
    @functools.wraps(handler)
    def handle(event, context):
        try:
            return handler(event, context)
        except Failure as failure:
            logging.getLogger("harbour").error(failure, exc_info=failure.__cause__)
            return answer(failure.status, **failure.body)

    return handle
