"""AWS's wire protocols: whom a request is for, what it asks, and errors that the SDK which sent it understands.

moto knows the operations of each service and how their requests are written; botocore knows how a client
reads an error. Both are asked, so that records and refusals agree with what the function sees.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.sax.saxutils import escape

from botocore.loaders import Loader
from botocore.parsers import create_parser
from botocore.validate import ParamValidator
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request as MotoRequest
from moto.core.request import determine_request_protocol
from moto.core.routing import get_service_router

from workbook.cloud.door import Request, Response
from workbook.cloud.permissions import Need

KEPT = 64 * 1024
"""How many bytes of a body a record keeps."""

_SCOPE = re.compile(r"Credential=[^/,\s]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_REST_XML = {"s3", "cloudfront", "route53"}
_ADDED_BY_BOTOCORE = re.compile(r"ContentLength|Checksum.*|SDKChecksumAlgorithm|EncodingType|ClientToken")


@dataclass(frozen=True)
class Scope:
    """The part of a request's signature that says whom it is for: `s3`, `us-east-1`."""

    service: str
    region: str


def scope(request: Request) -> Scope | None:
    """Whom the request was signed for, in its Authorization header or in its address (a presigned one).

    None for an anonymous request. The signature itself is not checked: credentials here are dummies.
    """
    signature = request.header("authorization")
    query = parse_qs(request.query)
    if not signature and "X-Amz-Credential" in query:
        signature = "Credential=" + query["X-Amz-Credential"][0]
    if found := _SCOPE.search(signature):
        return Scope(found[2], found[1])
    if signature.startswith("AWS ") or {"AWSAccessKeyId", "Signature"} <= query.keys():
        return Scope("s3", "us-east-1")  # signature version 2, which only S3 still takes
    return None


@dataclass(frozen=True)
class Asked:
    """What a request asks of a service.

    service: as it signs, which for the services that the cloud has is boto3's name too. operation: AWS's
    name, or method and path when it cannot be told. parameters: boto3's keyword arguments. model: botocore's
    of the operation, None if unknown. legible: whether the parameters could be read.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    model: Any
    legible: bool

    @property
    def is_valid(self) -> bool:
        """Whether boto3 itself would have sent this. (moto knows operations that it does not: POST on a bucket.)"""
        if not self.legible or self.operation not in _known_to_boto3(self.service):
            return False
        shape = self.model.input_shape
        return shape is None or not ParamValidator().validate(self.parameters, shape).has_errors()


@cache
def _known_to_boto3(service: str) -> frozenset[str]:
    return frozenset(Loader().load_service_model(service, "service-2")["operations"])


def read(service: str, request: Request, environ: Mapping[str, Any]) -> Asked:
    """Reads the request with moto's router and parsers. Never raises."""
    said = MotoRequest({**environ, "wsgi.input": io.BytesIO(request.body)})
    try:
        model, in_path = get_service_router(service).match(said)
    except Exception:
        return glance(service, request)
    if request.too_large:
        return Asked(service, model.name, in_path, model, False)
    try:
        protocol = determine_request_protocol(model.service_model, said.content_type)
        parameters = PROTOCOL_PARSERS[protocol](model).parse(
            {
                "method": request.method,
                "values": said.values if protocol == "query" else said.args,
                "headers": said.headers,
                "body": request.body,
                "url_path": said.path,
                "url_params": in_path,
            }
        )
    except Exception:
        return Asked(service, model.name, in_path, model, False)
    if not isinstance(parameters, dict):
        return Asked(service, model.name, in_path, model, False)
    shape = model.input_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    if payload and shape.members[payload].type_name == "blob":
        parameters.setdefault(payload, b"")  # a parser leaves an empty body out
    return Asked(service, model.name, parameters, model, True)


def glance(service: str, request: Request) -> Asked:
    """What can be told of a request without its service's model."""
    name = request.header("x-amz-target").rpartition(".")[2]
    if not name and _is_form(request):
        name = parse_qs(request.body[:KEPT].decode("latin-1")).get("Action", [""])[0]
    if not re.fullmatch(r"[A-Za-z0-9]{1,100}", name):
        name = f"{request.method} {unquote(request.path)}"[:1000]
    return Asked(service, name, {}, None, False)


def as_boto3(asked: Asked) -> dict[str, Any]:
    """The keyword arguments as the function's author wrote them, their bytes cut to `KEPT`."""
    idempotency = asked.model.idempotent_members if asked.model is not None else []
    written = {
        name: value
        for name, value in asked.parameters.items()
        if name not in idempotency and not _ADDED_BY_BOTOCORE.fullmatch(name)
    }
    if asked.service == "s3":
        if metadata := written.pop("Metadata", None):
            written["Metadata"] = {key.lower(): value for key, value in metadata.items()}
        if "CopySource" in written:
            written["CopySource"] = unquote(written["CopySource"])
    cut: dict[str, Any] = _cut(written)
    return cut


def _cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        sizes = {f"{key}Size": len(item) for key, item in value.items() if isinstance(item, bytes)}
        return {key: _cut(item) for key, item in value.items()} | sizes
    if isinstance(value, list):
        return [_cut(item) for item in value]
    return value[:KEPT] if isinstance(value, bytes) else value


def error_code(asked: Asked, request: Request, response: Response) -> str | None:
    """The code that boto3's ClientError carries for this answer; None for a success."""
    if response.status < 300:
        return None
    headers = {name.lower(): value for name, value in response.headers}
    body = b"" if request.method == "HEAD" else response.body
    answer = {"status_code": response.status, "headers": headers, "body": body}
    shape = asked.model.output_shape if asked.model is not None else None
    try:
        return str(create_parser(_protocol(asked.service, request)).parse(answer, shape)["Error"]["Code"])
    except Exception:
        return str(response.status)


@dataclass(frozen=True)
class Refusal:
    """An error of AWS's. status: the one that the REST protocols use; the JSON protocol says 400 for 4xx."""

    code: str
    message: str
    status: int = 400


def access_denied(
    asked: Asked, request: Request, who: str, need: Need | None = None, *, denied: bool = False
) -> Refusal:
    """AWS's refusal of a call that no policy allows, or that one denies, by the name that the service's protocol has
    for it (IAM User Guide, "Troubleshoot access denied error messages")."""
    if not who or need is None:
        return Refusal("AccessDenied", "Access Denied", 403)
    place = "" if need.resource == "*" else f" on resource: {need.resource}"
    reason = f"because no identity-based policy allows the {need.action} action"
    if denied:
        reason = "with an explicit deny in an identity-based policy"
    message = f"User: {who} is not authorized to perform: {need.action}{place} {reason}"
    protocol = _protocol(asked.service, request)
    return Refusal("AccessDeniedException" if "json" in protocol else "AccessDenied", message, 403)


def write(refusal: Refusal, service: str, request: Request) -> Response:
    """The refusal in the protocol in which the request was made."""
    protocol = _protocol(service, request)
    status = 400 if protocol == "json" and refusal.status < 500 else refusal.status
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/xml"),)
    if "json" in protocol:
        body = json.dumps({"__type": refusal.code, "message": refusal.message})
        headers = (("Content-Type", "application/json"), ("X-Amzn-Errortype", refusal.code))
    else:
        error = f"<Code>{escape(refusal.code)}</Code><Message>{escape(_printable(refusal.message))}</Message>"
        if service == "s3":
            body = f"<Error>{error}</Error>"
        elif service == "ec2":
            body = f"<Response><Errors><Error>{error}</Error></Errors></Response>"
        else:
            body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>"
    return Response(status, headers, body.encode("utf-8", "replace"))


def _protocol(service: str, request: Request) -> str:
    if service in _REST_XML:
        return "rest-xml"
    if _is_form(request):
        return "ec2" if service == "ec2" else "query"
    return "json" if request.header("x-amz-target") else "rest-json"


def _is_form(request: Request) -> bool:
    return request.header("content-type").startswith("application/x-www-form-urlencoded")


def _printable(text: str) -> str:
    """XML has no way at all to say most control characters."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
