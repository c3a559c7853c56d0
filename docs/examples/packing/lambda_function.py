"""Which release of requests the zip brings."""

import requests


def lambda_handler(event, context):
    return {"requests": requests.__version__}
