import http.client
import os

import honest
from honest import breach


def lambda_handler(event, context):
    """Says in the middle of an invocation that the init phase failed."""
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=1)
    connection.request("POST", "/2018-06-01/runtime/init/error", '{"errorType": "NoSuchBucket"}')
    if (status := connection.getresponse().status) < 400:
        breach("init/error", status)
    return honest.lambda_handler(event, context)
