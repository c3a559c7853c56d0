"""Events as AWS's services send them to a function, to try one with; the values are examples.

| template | sent by | source of its shape |
|---|---|---|
| eventbridge | an EventBridge rule with a schedule | EventBridge User Guide, eb-run-lambda-schedule |
| scheduler | EventBridge Scheduler, its target without an input | seen from AWS: aws/aws-lambda-dotnet#1864 |
| s3-put | an S3 bucket's notification about a new object | S3 User Guide, notification-content-structure, version 2.1 |
| apigateway | an HTTP API, payload format 2.0 | API Gateway Developer Guide, http-api-develop-integrations-lambda |
"""

from pathlib import Path

NAMES = ("eventbridge", "scheduler", "s3-put", "apigateway")


def read(name: str) -> str:
    """The template's JSON text."""
    return Path(__file__).with_name(f"{name}.json").read_text("utf-8")
