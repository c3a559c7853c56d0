"""HTTP as the Runtime API's host reads and writes it: bounded, strict, with no surprise left to raise later."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BufferedReader

MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100  # Lambda's cap for a response (the emulator's model.go, MaxPayloadSize)
MAX_HEADER_BYTES = 4 * 1024 * 1024  # awslambdaric puts up to 1 MiB of an error's trace into a header, escaped
MAX_DISCARDED_BYTES = 256 * 1024 * 1024


class Malformed(ValueError):
    """What arrived is no HTTP request; the connection is dropped."""


@dataclass(frozen=True)
class Request:
    """One request. `truncated`: its body was over the cap, and is not all there. `last`: no other follows."""

    method: str
    path: str
    body: bytes
    truncated: bool
    last: bool


def read_request(stream: BufferedReader) -> Request | None:
    """The next request on a connection; None at its end. Raises Malformed, OSError."""
    first = stream.readline(MAX_HEADER_BYTES)
    if not first:
        return None
    try:
        method, path, version = first.decode("latin-1").split()
    except ValueError as error:
        raise Malformed from error
    headers = _read_headers(stream, MAX_HEADER_BYTES - len(first))
    if "transfer-encoding" in headers:
        raise Malformed
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise Malformed
    wanted = int(length)
    body = stream.read(min(wanted, MAX_RESPONSE_BYTES))
    if len(body) < min(wanted, MAX_RESPONSE_BYTES):
        raise Malformed
    left = min(wanted - len(body), MAX_DISCARDED_BYTES)
    while left > 0 and (chunk := stream.read(min(left, 1 << 16))):
        left -= len(chunk)
    truncated = wanted > MAX_RESPONSE_BYTES
    last = truncated or version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
    return Request(method, path, body, truncated, last)


def _read_headers(stream: BufferedReader, left: int) -> dict[str, str]:
    headers: dict[str, str] = {}
    while line := stream.readline(left):
        left -= len(line)
        if line in (b"\r\n", b"\n"):
            return headers
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    raise Malformed  # cut off, or more than is taken


def write_reply(
    status: HTTPStatus, body: bytes = b"{}", headers: dict[str, str] | None = None, *, last: bool = False
) -> bytes:
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
        *(["Connection: close"] if last else []),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
