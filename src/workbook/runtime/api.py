"""The Runtime API's host: the endpoints between which a function lives.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. One host serves one execution environment. It
trusts nothing that arrives: one answer for each event, bounded sizes, bounded connections, and every oddity
is an HTTP refusal, never an exception here.
"""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from queue import SimpleQueue

from workbook.runtime.wire import Request, read_request, write_reply

PREFIX = "/2018-06-01/runtime/"
MAX_CONNECTIONS = 16
WAKE_SECONDS = 0.5


class Kind(Enum):
    READY = "ready"
    RESPONSE = "response"
    ERROR = "error"
    TOO_LARGE = "too large"
    INIT_ERROR = "init error"
    EXIT = "exit"


@dataclass(frozen=True)
class Message:
    """What the function's side did, and when (time.perf_counter seconds). `body` is untrusted; `log_size` is how
    long the log was at that moment."""

    kind: Kind
    body: bytes = b""
    log_size: int | None = None
    status: int | None = None
    at: float = field(default_factory=time.perf_counter)


@dataclass(frozen=True)
class Event:
    """One event on its way to the function; `deadline_ms` gives Unix time in milliseconds."""

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
        self.delivered_at: float | None = None  # when the latest event was taken
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
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

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
            if thread.is_alive():
                thread.join(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        self._closed = True
        self._events.put(None)
        with contextlib.suppress(OSError):  # wakes accept() on every system
            socket.create_connection(self._listener.getsockname()[:2], WAKE_SECONDS).close()
        self._acceptor.join(WAKE_SECONDS)
        self._listener.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.drain(1.0)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.take(connection)
            if self._closed:
                return

    def take(self, connection: socket.socket) -> None:
        """Answers on a connection that was accepted here or elsewhere, and then owns it."""
        if self._closed or len(self._connections) >= MAX_CONNECTIONS:
            connection.close()
            return
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(target=self._serve, args=(connection,), name="runtime-api", daemon=True)
        self._connections[connection] = thread
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while not self._closed and (request := read_request(stream)):
                    connection.sendall(self._answer(request, connection))
                    if request.last:
                        return
        except (OSError, ValueError):  # gone, or Malformed
            pass
        finally:
            self._connections.pop(connection, None)

    def _answer(self, request: Request, connection: socket.socket) -> bytes:
        path = request.path.removeprefix(PREFIX)
        if path == request.path:
            return write_reply(HTTPStatus.NOT_FOUND)
        if request.method == "GET" and path == "invocation/next":
            return self._next(connection)
        if request.method == "POST" and path == "init/error":
            return self._fail_init(request)
        section, _, rest = path.partition("/")
        request_id, _, what = rest.partition("/")
        if request.method == "POST" and section == "invocation" and what in ("response", "error"):
            return self._take(request_id, Kind(what), request)
        return write_reply(HTTPStatus.NOT_FOUND)

    def _next(self, connection: socket.socket) -> bytes:
        with self._lock:
            first, self._ready = not self._ready, True
        if first:
            self._publish(Kind.READY)
        event = self._events.get()
        if event is None or _is_gone(connection):
            self._events.put(event)
            return write_reply(HTTPStatus.GONE, last=True)
        with self._lock:
            self._current = event.request_id
        self.delivered_at = time.perf_counter()
        return write_reply(
            HTTPStatus.OK,
            event.body,
            {
                "Lambda-Runtime-Aws-Request-Id": event.request_id,
                "Lambda-Runtime-Deadline-Ms": str(event.deadline_ms()),
                "Lambda-Runtime-Invoked-Function-Arn": event.function_arn,
                "Lambda-Runtime-Trace-Id": event.trace_id,
            },
        )

    def _fail_init(self, request: Request) -> bytes:
        with self._lock:
            first, self._ready = not self._ready, True
        if not first:
            return write_reply(HTTPStatus.FORBIDDEN, b'{"errorType":"InvalidStateTransition"}')
        self._publish(Kind.INIT_ERROR, request.body)
        return write_reply(HTTPStatus.ACCEPTED)

    def _take(self, request_id: str, kind: Kind, request: Request) -> bytes:
        with self._lock:
            if request_id != self._current:
                return write_reply(HTTPStatus.BAD_REQUEST, b'{"errorType":"InvalidRequestID"}')
            self._current = None
        self._on_answer()
        if request.truncated:
            self._publish(Kind.TOO_LARGE)
            return write_reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b'{"errorType":"RequestEntityTooLarge"}', last=True)
        self._publish(kind, request.body)
        return write_reply(HTTPStatus.ACCEPTED)

    def _publish(self, kind: Kind, body: bytes = b"") -> None:
        self.messages.put(Message(kind, body, self._log_size()))


def _is_gone(connection: socket.socket) -> bool:
    """Whether the other end has closed: whoever asked for the event will not read it."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and connection.recv(1, socket.MSG_PEEK) == b""


def _listen() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(MAX_CONNECTIONS)
    return listener
