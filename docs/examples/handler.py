"""The smallest useful handler, and what it finds in its two arguments."""

import json


# --8<-- [start:handler]
def lambda_handler(event, context):
    # event: what the caller sent, decoded from JSON
    # context: what Lambda says about this invocation
    return {"statusCode": 200, "body": "Success"}


# --8<-- [end:handler]


# --8<-- [start:context]
def describe(event, context):
    return {
        "request": context.aws_request_id,
        "function": context.function_name,
        "milliseconds_left": context.get_remaining_time_in_millis(),
        "keys_of_the_event": sorted(event),
    }


# --8<-- [end:context]


# --8<-- [start:body]
def answer_the_web(event, context):
    tide = {"harbour": "north", "metres": 1.8}
    return {"statusCode": 200, "body": json.dumps(tide)}  # a text, not a dict


# --8<-- [end:body]
