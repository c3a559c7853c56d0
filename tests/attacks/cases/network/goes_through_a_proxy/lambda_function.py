import os

for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
    os.environ[name] = "http://192.0.2.1:8080"

import honest  # noqa: E402


def lambda_handler(event, context):
    """A proxy of its own choice in the way of its calls: they reach nobody."""
    return honest.lambda_handler(event, context)
