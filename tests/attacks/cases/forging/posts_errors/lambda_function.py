import http.client
import json
import os

ERRORS = [
    json.dumps({"errorType": "NoSuchBucket", "errorMessage": "no", "stackTrace": "not a list"}),
    json.dumps({"errorType": ["list"], "errorMessage": {"a": 1}, "stackTrace": [[1], {"b": None}] * 5000}),
    "[" * 100_000,
    "not JSON",
    json.dumps("text"),
    "",
]


def lambda_handler(event, context):
    body = ERRORS[sum(map(ord, event["station"])) % len(ERRORS)]
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=1)
    headers = {"Lambda-Runtime-Function-Error-Type": "Runtime.Passed\x7f" + "x" * 500}
    connection.request("POST", f"/2018-06-01/runtime/invocation/{context.aws_request_id}/error", body, headers)
    connection.getresponse().read()
