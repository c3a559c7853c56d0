"""Calls a handler as a plain function: quick, and without Lambda's rules."""

# --8<-- [start:try]
from types import SimpleNamespace

from lambda_function import lambda_handler

context = SimpleNamespace(aws_request_id="by-hand", get_remaining_time_in_millis=lambda: 3000)

result = lambda_handler({"station": "north-quay", "pm25": 12.4}, context)
print("good reading:", result)

result = lambda_handler({}, context)
print("empty event:", result)
# --8<-- [end:try]
