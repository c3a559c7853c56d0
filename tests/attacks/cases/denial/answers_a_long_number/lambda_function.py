import http.client
import os


def lambda_handler(event, context):
    """More digits than Python takes, and an exponent that is cheap to write."""
    number = "9" * 5_000_000 if event["station"] < "quay-8" else "1e" + "9" * 300_000
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"], timeout=2)
    body = '{"statusCode": 200, "mean": %s}' % number
    connection.request("POST", f"/2018-06-01/runtime/invocation/{context.aws_request_id}/response", body)
    connection.getresponse().read()
