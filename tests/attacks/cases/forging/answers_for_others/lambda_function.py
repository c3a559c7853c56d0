import http.client
import os
import uuid

import honest
from honest import breach

seen = []


def post(request_id, what):
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=1)
    connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/{what}", '{"statusCode": 200}')
    status = connection.getresponse().status
    connection.close()
    return status


def lambda_handler(event, context):
    guesses = [*seen[-2:], str(uuid.uuid4()), "", "..", "%00", "next", context.aws_request_id.upper() + "x"]
    for guess in guesses:
        for what in ("response", "error"):
            if (status := post(guess, what)) < 400:
                breach("an answer to another request", (guess, status))
    seen.append(context.aws_request_id)
    return honest.lambda_handler(event, context)
