"""The Runtime API's host: the four endpoints between which a function lives.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. One host serves one execution environment. It
trusts nothing that arrives: one answer for each event, bounded sizes, bounded connections, and every oddity
is an HTTP refusal, never an exception here.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from io import BufferedReader
from queue import SimpleQueue

PREFIX = "/2018-06-01/runtime/"
MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100
MAX_HEADER_BYTES = 2 * 1024 * 1024
MAX_CONNECTIONS = 16
MAX_DISCARDED_BYTES = 256 * 1024 * 1024


class Kind(Enum):
    READY = "ready"
    RESPONSE = "response"
    ERROR = "error"
    TOO_LARGE = "too large"
    INIT_ERROR = "init error"
    EXIT = "exit"


@dataclass(frozen=True)
class Message:
    """What the function's side did, and when (time.perf_counter seconds). `body` is untrusted."""

    kind: Kind
    body: bytes = b""
    at: float = field(default_factory=time.perf_counter)
    content_type: str = "application/json"
    log_size: int | None = None
    status: int | None = None


@dataclass(frozen=True)
class Event:
    """One event on its way to the function; `deadline_ms` is Unix time in milliseconds."""

    request_id: str
    body: bytes
    deadline_ms: Callable[[], int]
    function_arn: str
    trace_id: str


class RuntimeApi:
    """Serves one function's process on `listener`; what happens arrives in `messages`."""

    def __init__(
        self,
        listener: socket.socket | None = None,
        *,
        on_answer: Callable[[], None] = lambda: None,
        log_size: Callable[[], int] = lambda: 0,
    ) -> None:
        self.messages: SimpleQueue[Message] = SimpleQueue()
        self.delivered_at: float | None = None
        self._listener = listener or _listen()
        self._on_answer, self._log_size = on_answer, log_size
        self._events: SimpleQueue[Event | None] = SimpleQueue()
        self._current: str | None = None
        self._ready = False
        self._closed = False
        self._lock = threading.Lock()
        self._connections: dict[socket.socket, threading.Thread] = {}
        self._acceptor = threading.Thread(target=self._accept, name="runtime-api", daemon=True)
        self._acceptor.start()

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()[:2]
        return f"{host}:{port}"

    def deliver(self, event: Event) -> None:
        self.delivered_at = None
        self._events.put(event)

    def withdraw(self) -> None:
        """The event under way is over (its time is up): a late answer is refused."""
        with self._lock:
            self._current = None

    def drain(self, seconds: float) -> None:
        """After the process ended: let answers that had reached the socket still arrive."""
        deadline = time.monotonic() + seconds
        for thread in list(self._connections.values()):
            thread.join(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        self._closed = True
        self._events.put(None)
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.drain(1.0)
        self._acceptor.join(1.0)

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            if len(self._connections) >= MAX_CONNECTIONS:
                connection.close()
                continue
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,), name="runtime-api", daemon=True)
            self._connections[connection] = thread
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while not self._closed and (request := _read_request(stream)):
                    connection.sendall(self._answer(request, connection))
                    if request.close:
                        return
        except (OSError, _Malformed):
            pass
        finally:
            self._connections.pop(connection, None)

    def _answer(self, request: "_Request", connection: socket.socket) -> bytes:
        if not request.path.startswith(PREFIX):
            return _reply(HTTPStatus.NOT_FOUND)
        path = request.path[len(PREFIX) :]
        if request.method == "GET" and path == "invocation/next":
            return self._next(connection)
        if request.method == "POST" and path == "init/error":
            self._publish(Message(Kind.INIT_ERROR, request.body))
            return _reply(HTTPStatus.ACCEPTED)
        section, _, rest = path.partition("/")
        request_id, _, what = rest.partition("/")
        if request.method == "POST" and section == "invocation" and what in ("response", "error"):
            return self._take(request_id, Kind(what), request)
        return _reply(HTTPStatus.NOT_FOUND)

    def _next(self, connection: socket.socket) -> bytes:
        with self._lock:
            first, self._ready = not self._ready, True
        if first:
            self._publish(Message(Kind.READY))
        event = self._events.get()
        if event is None:
            self._events.put(None)
            return _reply(HTTPStatus.GONE)
        with self._lock:
            self._current = event.request_id
        self.delivered_at = time.perf_counter()
        return _reply(
            HTTPStatus.OK,
            event.body,
            {
                "Lambda-Runtime-Aws-Request-Id": event.request_id,
                "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms()),
                "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
                "Lambda-Runtime-Trace-Id": event.trace_id,
            },
        )

    def _take(self, request_id: str, kind: Kind, request: "_Request") -> bytes:
        with self._lock:
            if request_id != self._current:
                return _reply(HTTPStatus.BAD_REQUEST, b'{"errorType":"InvalidRequestID"}')
            self._current = None
        self._on_answer()
        if len(request.body) > MAX_RESPONSE_BYTES or request.truncated:
            self._publish(Message(Kind.TOO_LARGE))
            return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b'{"errorType":"RequestEntityTooLarge"}')
        content_type = request.headers.get("content-type", "application/json")
        self._publish(Message(kind, request.body, content_type=content_type))
        return _reply(HTTPStatus.ACCEPTED)

    def _publish(self, message: Message) -> None:
        self.messages.put(Message(**{**message.__dict__, "log_size": self._log_size()}))


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    truncated: bool
    close: bool


class _Malformed(Exception):
    """What arrived is no HTTP request; the connection is dropped."""


def _read_request(stream: BufferedReader) -> _Request | None:
    first = stream.readline(MAX_HEADER_BYTES)
    if not first:
        return None
    try:
        method, path, version = first.decode("latin-1").split()
    except ValueError as error:
        raise _Malformed from error
    headers: dict[str, str] = {}
    read = len(first)
    while line := stream.readline(MAX_HEADER_BYTES):
        read += len(line)
        if read > MAX_HEADER_BYTES:
            raise _Malformed
        if line in (b"\r\n", b"\n"):
            break
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if "transfer-encoding" in headers:
        raise _Malformed
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        raise _Malformed
    wanted = int(length)
    body = stream.read(min(wanted, MAX_RESPONSE_BYTES))
    if len(body) < min(wanted, MAX_RESPONSE_BYTES):
        raise _Malformed
    truncated = wanted > MAX_RESPONSE_BYTES
    left = min(wanted - len(body), MAX_DISCARDED_BYTES)
    while left > 0 and (chunk := stream.read(min(left, 1 << 16))):
        left -= len(chunk)
    close = truncated or version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
    return _Request(method, path, headers, body, truncated, close)


def _reply(status: HTTPStatus, body: bytes = b"{}", headers: dict[str, str] | None = None) -> bytes:
    lines = [
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _listen() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(MAX_CONNECTIONS)
    return listener
