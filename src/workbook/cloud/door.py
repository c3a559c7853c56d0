"""A small HTTP/1.1 server on a socket: whole requests in, whole responses out.

It exists because the peer may be hostile: the number of connections, the size of a body and the time that a
silent peer is waited for are bounded, and closing the door ends every thread and socket it opened.
Connections are kept alive, without Nagle's algorithm (together they would stall each call by 40 ms).
"""

import selectors
import socket
import string
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from threading import Lock, Thread
from typing import Any

MAX_BODY = 16 * 1024 * 1024
MAX_DRAIN = 64 * 1024 * 1024
MAX_CONNECTIONS = 64
SILENCE = 30.0  # seconds that a silent peer keeps a connection
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")


@dataclass(frozen=True)
class Request:
    """path and query as sent, undecoded. headers: in order, names as sent. size: of the body, in bytes.

    A body over MAX_BODY is thrown away: `body` is empty and `size` tells by how much it was too large.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    size: int

    @property
    def too_large(self) -> bool:
        return self.size > MAX_BODY

    def header(self, name: str) -> str:
        """The first header of that name, in any case; empty when there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True)
class Response:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class BadRequest(Exception):
    """The peer does not speak HTTP as the door understands it."""


class Door:
    """Answers what arrives at `listener`, a listening socket that the door then owns.

    `answer` takes a request and the door's address, host:port. It is called in the connection's own thread,
    and must not raise.
    """

    def __init__(self, answer: Callable[[Request, str], Response], listener: socket.socket | None = None) -> None:
        self.answer = answer
        self._listener = listener or socket.create_server(("127.0.0.1", 0), backlog=MAX_CONNECTIONS)
        self._listener.setblocking(False)
        self.address: str = "{}:{}".format(*self._listener.getsockname()[:2])
        self._wake, self._waker = socket.socketpair()
        self._lock = Lock()
        self._connections: dict[socket.socket, Thread] = {}
        self._closed = False
        self._porter = Thread(target=self._welcome, name=f"door {self.address}", daemon=True)
        self._porter.start()

    def close(self) -> None:
        """Ends every connection at once, and waits a moment for their threads."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._waker.send(b"x")
        self._porter.join()
        for end in (self._listener, self._wake, self._waker):
            end.close()
        with self._lock:
            connections = dict(self._connections)
        for connection in connections:
            _hang_up(connection)
        for thread in connections.values():
            thread.join(timeout=2)

    def _welcome(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake, selectors.EVENT_READ)
            while not self._closed:
                selector.select()
                if self._closed:
                    return
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    continue
                self.take(connection)

    def take(self, connection: socket.socket) -> None:
        """Answers on a connection that was accepted elsewhere, and then owns it."""
        with self._lock:
            if len(self._connections) >= MAX_CONNECTIONS:
                connection.close()
                return
            thread = Thread(target=self._serve, args=(connection,), daemon=True)
            self._connections[connection] = thread
        thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            _Conversation(connection, ("", 0), self)  # type: ignore[arg-type]
        except OSError:
            pass  # the peer is gone
        finally:
            with self._lock:
                del self._connections[connection]
            connection.close()


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # it may have hung up first
        connection.shutdown(socket.SHUT_RDWR)


class _Conversation(BaseHTTPRequestHandler):
    """One connection, from its first request to its last."""

    protocol_version = "HTTP/1.1"
    timeout = SILENCE
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Door  # type: ignore[assignment]

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except TimeoutError:
            self.close_connection = True

    def _converse(self) -> None:
        try:
            request = self._read()
        except BadRequest as problem:
            self.send_error(HTTPStatus.BAD_REQUEST, str(problem))
            return
        self._write(request, self.server.answer(request, self.server.address))

    def __getattr__(self, name: str) -> Any:
        if name.removeprefix("do_") in METHODS:
            return self._converse
        raise AttributeError(name)

    def handle_expect_100(self) -> bool:
        return True  # said in _receive, once the size is known to be bearable

    def log_message(self, *_: Any) -> None:
        pass

    def _read(self) -> Request:
        target = self.path
        if not target.startswith("/"):  # an absolute address, as proxies are sent: its host means nothing here
            scheme, _, rest = target.partition("://")
            if scheme.lower() != "http":
                raise BadRequest("The request line has no path.")
            target = "/" + rest.partition("/")[2]
        path, _, query = target.partition("?")
        headers = tuple((name, " ".join(value.split("\r\n"))) for name, value in self.headers.items())
        body, size = self._receive()
        return Request(self.command, path, query, headers, body, size)

    def _receive(self) -> tuple[bytes, int]:
        lengths = self.headers.get_all("Content-Length", [])
        codings = self.headers.get_all("Transfer-Encoding", [])
        if len(lengths) + len(codings) > 1:
            raise BadRequest("The length of the body is given more than once.")
        if codings and codings[0].strip().lower() != "chunked":
            raise BadRequest("Of the transfer encodings, only chunked is understood.")
        if not lengths and not codings:
            return b"", 0
        length = _number(lengths[0], 10) if lengths else None
        if self.headers.get("Expect", "").lower() == "100-continue":
            if length is not None and length > MAX_BODY:
                self.close_connection = True  # answered before the body was sent
                return b"", length
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.wfile.flush()
        return self._take_in(length) if length is not None else self._take_in_chunks()

    def _take_in(self, length: int) -> tuple[bytes, int]:
        if length <= MAX_BODY:
            return self._exactly(length), length
        self.close_connection = True
        self._drain(min(length, MAX_DRAIN))
        return b"", length

    def _take_in_chunks(self) -> tuple[bytes, int]:
        kept, size = bytearray(), 0
        while length := _number(self.rfile.readline(1024).partition(b";")[0].decode("latin-1"), 16):
            size += length
            if size <= MAX_BODY:
                kept += self._exactly(length)
            elif size <= MAX_DRAIN:
                self._drain(length)
            else:
                self.close_connection = True
                return b"", size
            if self.rfile.readline(3) != b"\r\n":
                raise BadRequest("A chunk of the body does not end where it says.")
        for _ in range(100):
            if self.rfile.readline(65536) in (b"\r\n", b"\n", b""):
                return (bytes(kept) if size <= MAX_BODY else b""), size
        raise BadRequest("The body has too many trailers.")

    def _exactly(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionError("the peer left in the middle of a body")
        return body

    def _drain(self, length: int) -> None:
        while length > 0 and (piece := self.rfile.read(min(length, 1 << 16))):
            length -= len(piece)

    def _write(self, request: Request, response: Response) -> None:
        body = b"" if request.method == "HEAD" or response.status in (204, 304) else response.body
        self.send_response_only(response.status)
        length = str(len(body))
        for name, value in response.headers:
            if name.lower() == "content-length" and request.method == "HEAD":
                length = value  # of the body that a GET would get
            elif name.lower() not in ("connection", "content-length", "transfer-encoding"):
                self.send_header(name, _header_value(value))
        if response.status not in (204, 304):
            self.send_header("Content-Length", length)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _number(text: str, base: int) -> int:
    """Stricter than int(), which takes signs, spaces, underscores and other alphabets' digits."""
    digits = string.digits if base == 10 else string.hexdigits
    text = text.strip(" \t\r\n")
    if not 0 < len(text) <= 15 or set(text) - set(digits):
        raise BadRequest("The length of the body is no number.")
    return int(text, base)


def _header_value(text: str) -> str:
    """One line of what Latin-1 can carry: UTF-8 where it must."""
    text = " ".join(text.splitlines())
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("latin-1")
    return text
