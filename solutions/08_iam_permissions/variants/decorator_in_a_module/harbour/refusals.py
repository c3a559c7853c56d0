import functools
import logging

import boto3

denied = boto3.client("s3").exceptions.ClientError


def tell_refusals(handler):
    @functools.wraps(handler)
    def wrapped(event, context):
        try:
            return handler(event, context)
        except denied as error:
            match error.response:
                case {"Error": {"Code": "AccessDenied", "Message": message}}:
                    logging.getLogger().error("AccessDenied in %s: %s", error.operation_name, message)
            raise

    return wrapped
