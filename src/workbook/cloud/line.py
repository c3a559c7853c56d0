"""boto3 clients that need no network to reach the cloud of their own process: for the bench's own calls."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from urllib3 import HTTPResponse

from workbook.cloud.door import MAX_BODY, Request, Response
from workbook.cloud.session import isolated_session

ADDRESS = "127.0.0.1:9"  # the discard port: where requests of a line that nobody answers come to nothing
CONFIG = Config(
    proxies={}, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, user_agent="lambda-workbook"
)


class Line:
    """A client for each service, and what answers them all; it may be exchanged, since clients take long to make."""

    def __init__(self) -> None:
        self.answer: Callable[[Request, str], Response] | None = None
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            client = isolated_session().client(service, endpoint_url=f"http://{ADDRESS}", config=CONFIG)
            client.meta.events.register("before-send", self._send)
            self._clients[service] = client
        return self._clients[service]

    def _send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        if self.answer is None:
            return None
        response = self.answer(_read(request), ADDRESS)
        body = b"" if request.method == "HEAD" or response.status in (204, 304) else response.body
        headers = dict(response.headers)
        if request.method != "HEAD":  # whose length is that of the body that a GET would get
            headers = {name: value for name, value in headers.items() if name.lower() != "content-length"}
            headers["Content-Length"] = str(len(body))
        raw = HTTPResponse(
            io.BytesIO(body), headers, response.status, preload_content=False, request_method=request.method
        )
        return AWSResponse(request.url, response.status, raw.headers, raw)


def _read(request: AWSPreparedRequest) -> Request:
    target = urlsplit(request.url)
    headers = ((name, value.decode() if isinstance(value, bytes) else value) for name, value in request.headers.items())
    given = request.body or b""
    body = given.read() if hasattr(given, "read") else given
    body = body.encode() if isinstance(body, str) else bytes(body)
    size = len(body)
    return Request(request.method, target.path, target.query, tuple(headers), body if size <= MAX_BODY else b"", size)
