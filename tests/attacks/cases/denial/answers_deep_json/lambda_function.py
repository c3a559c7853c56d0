import http.client
import os


def lambda_handler(event, context):
    body = '{"statusCode": 200, "mean": ' + "[" * 200_000 + "]" * 200_000 + "}"
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=1)
    connection.request("POST", f"/2018-06-01/runtime/invocation/{context.aws_request_id}/response", body)
    connection.getresponse().read()
