"""The server under the HTTP API of the labs: bounded, quiet, on loopback, and aware of who hangs up."""

import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

MAX_BODY = 1024 * 1024
MAX_CONNECTIONS = 64
_GLANCE = 0.05  # seconds between two looks at whether a request hangs no more


class _BoundedRequest(Request):
    max_content_length = MAX_BODY


class LoopbackServer(HTTPServer):
    """pytest-httpserver, on a socket that is given, and stopped at once."""

    def __init__(self, listener: socket.socket, answer: Callable[[Request], Response]) -> None:
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, threaded=True)
        self._answer = answer
        self._listener = listener
        self.start()

    def start(self) -> None:
        app = _BoundedRequest.application(self.application)
        self.server = _Listener(self.host, self.port, app, _Quiet, fd=self._listener.fileno())
        self._listener.close()  # the server has a descriptor of its own
        self.server_thread = Thread(target=self.thread_target, name=f"http_api {self.port}", daemon=True)
        self.server_thread.start()

    def thread_target(self) -> None:
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.05)

    def take(self, connection: socket.socket) -> None:
        """Answers on a connection that was accepted elsewhere, and then owns it."""
        assert self.server is not None
        self.server.process_request(connection, ("127.0.0.1", 0))

    def dispatch(self, request: Request) -> Response:
        return self._answer(request)


class _Listener(ThreadedWSGIServer):
    """Bounds the number of connections; closing hangs up on all of them and waits for their threads."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._connections: dict[Any, Thread] = {}
        super().__init__(*args, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        if len(self._connections) >= MAX_CONNECTIONS:
            self.shutdown_request(request)
            return
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._connections[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        self._connections.pop(request, None)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection, thread in list(self._connections.items()):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=2)
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The peer is gone: nothing to say, and nobody to say it to."""

    def log(self, *_: Any) -> None:
        pass


class _Quiet(WSGIRequestHandler):
    disable_nagle_algorithm = True
    timeout = 30

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        self.close_connection = True  # else it would wait for the next request of one that it left hanging

    def log(self, *_: Any) -> None:
        pass


class Hanging:
    """A request that gets no answer, and how long its caller waits for one."""

    def __init__(self, over: Event) -> None:
        self._over, self._ended = over, Event()
        self._since = time.monotonic()
        self._until: float | None = None

    def hold(self, connection: socket.socket) -> None:
        """Returns when the caller has hung up, or `over` is set."""
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            while not self._over.is_set() and not (selector.select(_GLANCE) and _has_ended(connection)):
                pass
        self._until = time.monotonic()
        self._ended.set()

    def wait(self, until: float) -> float:
        """The seconds that the caller waited; asked again until it has hung up, or it is that late."""
        self._ended.wait(max(0.0, until - time.monotonic()))
        return (self._until or time.monotonic()) - self._since


def _has_ended(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1)
    except OSError:
        return True
