"""awslambdaric's native `runtime_client`, in pure Python, for systems where that part does not exist.

Four functions speak the Runtime API over one kept connection to AWS_LAMBDA_RUNTIME_API
(https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
"""

import http.client
import os

_PREFIX = "/2018-06-01/runtime/invocation/"
_connection = None
_user_agent = ""


def initialize_client(user_agent):
    global _connection, _user_agent
    _user_agent = user_agent
    _connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def _exchange(method, path, body=None, headers=None):
    _connection.request(method, path, body, {"User-Agent": _user_agent, **(headers or {})})
    response = _connection.getresponse()
    return response.status, response.read(), response.headers


def next():
    """Wait for the next event: (body as bytes, headers with the deadline as a number)."""
    status, body, received = _exchange("GET", _PREFIX + "next")
    if status != 200:
        raise RuntimeError("Failed to get next")
    headers = dict(received)
    headers["Lambda-Runtime-Deadline-Ms"] = int(headers["Lambda-Runtime-Deadline-Ms"])
    return body, headers


def post_invocation_result(request_id, result, content_type="application/json", invocation_id=None):
    status, _, _ = _exchange("POST", _PREFIX + request_id + "/response", result, {"Content-Type": content_type})
    if status != 202:
        raise RuntimeError("Failed to post invocation response")


def post_error(request_id, error, xray_fault, invocation_id=None):
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Function-Error-Type": "Unhandled",
        "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault.encode("ascii", "backslashreplace"),
    }
    status, _, _ = _exchange("POST", _PREFIX + request_id + "/error", error.encode(), headers)
    if status != 202:
        raise RuntimeError("Failed to post invocation error")
