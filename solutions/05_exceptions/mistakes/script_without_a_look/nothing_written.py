"""Calls the handler, and believes its answer."""

import json

from lambda_function import lambda_handler

answer = lambda_handler({"station": "storm-wall"}, None)
assert answer["statusCode"] == 502
assert json.loads(answer["body"])["upstream_status"] == 500
print("The API answered 500, and the function said so.")
