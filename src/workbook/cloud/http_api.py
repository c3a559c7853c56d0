"""The HTTP API that labs call: a real server on loopback, and real failures."""

import json
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Event
from types import TracebackType
from typing import Any, Self

from werkzeug import Request, Response
from werkzeug.datastructures import Headers

from workbook.cloud.http_server import Hanging, LoopbackServer

_NOTICE = 2.0  # seconds in which the server has surely seen that a caller hung up
GARBAGE = b'{"station": "north-quay", "pm25": 12.'
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS")


@dataclass(frozen=True)
class ApiRequest:
    """What arrived. path: decoded. headers: names in any case. query: the first value of each name."""

    method: str
    path: str
    headers: Headers
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Rule:
    """What to answer to which requests. None: any method, any path. A `*` in a path is any text.

    An answer of None is none at all: the request hangs.
    """

    method: str | None
    path: str | None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = b""

    def suits(self, method: str, path: str) -> bool:
        if self.method not in (None, method):
            return False
        if self.path is None:
            return True
        return re.fullmatch(".*".join(map(re.escape, self.path.split("*"))), path) is not None


class HttpApi:
    """A server on 127.0.0.1 that answers as a lab's `api.json` says, or as a suite scripts it.

    responses: the content of `api.json`, from a method and a path to an answer:

        {"GET /readings/north-quay": {"json": {"pm25": 12.4}},
         "GET /readings/*": {"status": 404, "json": {"error": "unknown station"}, "headers": {"X-Note": "a"}}}

    An answer has `status` (200 unless said), `json` or `text`, and `headers`; `{"hang": true}` is none at all.
    A `*` in a path stands for any text; a path without one goes before a path with one, a longer before a shorter.
    Everything else is answered 404. What is scripted goes before the document, what is scripted later before what
    was earlier.
    listener: a listening socket, which the server then owns. ValueError: the document names no such answer.
    """

    def __init__(self, responses: Mapping[str, Any] | None = None, listener: socket.socket | None = None) -> None:
        rules = _read(responses if responses is not None else {})
        self._document = sorted(rules, key=lambda rule: ("*" in str(rule.path), -len(str(rule.path))))
        self._script: list[_Rule] = []
        self._requests: list[ApiRequest] = []
        self._hanging: list[Hanging] = []
        self._over = Event()
        self._unplugged = False
        self._nobody: socket.socket | None = None
        self._server = LoopbackServer(listener or socket.create_server(("127.0.0.1", 0)), self.answer)

    @property
    def url(self) -> str:
        """Where the API is, for a function's API_URL: `http://127.0.0.1:PORT`."""
        if self._nobody is not None:
            return "http://{}:{}".format(*self._nobody.getsockname())
        return self._server.url_for("").rstrip("/")

    @property
    def entrances(self) -> dict[int, Callable[[socket.socket], None]]:
        """By the server's port: what answers on a connection to it that was accepted elsewhere."""
        return {self._server.port: self._server.take}

    @property
    def requests(self) -> list[ApiRequest]:
        """What arrived since the last reset, in order."""
        return list(self._requests)

    @property
    def waits(self) -> list[float]:
        """How long the caller of each request that hangs waited for its answer until it hung up, in seconds, in
        order of arrival since the last reset. Of one that still waits, it is how long it has waited so far."""
        patience = time.monotonic() + _NOTICE
        return [request.wait(patience) for request in list(self._hanging)]

    def respond(
        self,
        json: Any = None,
        status: int = 200,
        *,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
        path: str | None = None,
        method: str | None = None,
    ) -> None:
        """From now on answers so, on that path (None: every path) and to that method (None: every method)."""
        answer = {"status": status, "headers": dict(headers or {})}
        answer |= {"text": text} if text is not None else {"json": json}
        self._script.append(_rule(method, path, answer, "respond()"))

    def hang(self, path: str | None = None) -> None:
        """From now on takes requests and never answers them; reset() and close() hang up on those at once."""
        self._script.append(_Rule(None, path, body=None))

    def garble(self, path: str | None = None) -> None:
        """From now on answers 200 and `application/json`, with a body that ends in the middle of a number."""
        self._script.append(_Rule(None, path, 200, {"Content-Type": "application/json"}, GARBAGE))

    def unplug(self) -> None:
        """From now on hangs up on whoever connects, before anything arrives, until `plug_in` or the next reset."""
        self._unplugged = True

    def plug_in(self) -> None:
        """Answers again, after `unplug`."""
        self._unplugged = False

    def refuse(self) -> str:
        """Gives an address at which connections are refused, and makes it `url` until the next reset.

        It is for functions that start afterwards: one that already knows the old address finds the server.
        """
        if self._nobody is None:
            self._nobody = socket.socket()
            self._nobody.bind(("127.0.0.1", 0))  # held, so that nobody else comes to listen there
        return self.url

    def reset(self) -> None:
        """Forgets script and requests, ends what hangs, and is at its own address again."""
        self._over.set()
        self._over = Event()
        self._unplugged = False
        self._script.clear()
        self._requests.clear()
        self._hanging.clear()
        if self._nobody is not None:
            self._nobody.close()
            self._nobody = None

    def close(self) -> None:
        """Ends the server with its threads and connections. A second call does nothing."""
        self.reset()
        if self._server.is_running():
            self._server.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def answer(self, request: Request) -> Response:
        """The server's side. A request that is hung up on, or left hanging, ends in ConnectionAbortedError."""
        if self._unplugged:
            raise ConnectionAbortedError
        over = self._over
        self._requests.append(
            ApiRequest(
                request.method,
                request.path,
                Headers(list(request.headers)),
                request.args.to_dict(),
                request.get_data(),
            )
        )
        rule = next(self._suitable(request.method, request.path), _NOT_FOUND)
        if rule.body is None:
            hanging = Hanging(over)
            self._hanging.append(hanging)
            hanging.hold(request.environ["werkzeug.socket"])
            raise ConnectionAbortedError
        return Response(rule.body, rule.status, dict(rule.headers))

    def _suitable(self, method: str, path: str) -> Iterator[_Rule]:
        yield from (rule for rule in reversed(self._script) if rule.suits(method, path))
        yield from (rule for rule in self._document if rule.suits(method, path))


def _read(document: Any) -> Iterator[_Rule]:
    if not isinstance(document, Mapping):
        raise ValueError('The responses are no object: write {"GET /path": {"json": ...}}.')
    for key, answer in document.items():
        method, _, path = str(key).partition(" ")
        if method not in METHODS or not path.startswith("/"):
            raise ValueError(f'{key!r} names no request: write a method and a path, as in "GET /readings/*".')
        yield _rule(method, path, answer, repr(key))


def _rule(method: str | None, path: str | None, answer: Any, where: str) -> _Rule:
    if not isinstance(answer, Mapping):
        raise ValueError(f'{where}: the answer is no object: write {{"status": 200, "json": ...}}.')
    if answer == {"hang": True}:
        return _Rule(method, path, body=None)
    if unknown := sorted(set(answer) - {"status", "json", "text", "headers"}):
        raise ValueError(f"{where}: {unknown[0]!r} is no part of an answer: it has status, json or text, headers.")
    status, headers = answer.get("status", 200), answer.get("headers", {})
    if type(status) is not int or not 200 <= status <= 599:
        raise ValueError(f"{where}: status {status!r} is no HTTP status: write a number from 200 to 599.")
    if not isinstance(headers, Mapping) or not all(map(_is_header, headers.items())):
        raise ValueError(f'{where}: headers must be an object of one-line texts, as in {{"Retry-After": "1"}}.')
    if ("json" in answer) == ("text" in answer):
        raise ValueError(f"{where}: an answer has either json or text: keep one of them.")
    if "json" in answer:
        kind, body = "application/json", json.dumps(answer["json"])
    else:
        kind, body = "text/plain; charset=utf-8", answer["text"]
        if not isinstance(body, str):
            raise ValueError(f"{where}: text must be a text: for anything else use json.")
    return _Rule(method, path, status, {"Content-Type": kind, **headers}, body.encode())


def _is_header(item: tuple[Any, Any]) -> bool:
    return all(isinstance(text, str) and not set(text) & {"\r", "\n"} for text in item)


_NOT_FOUND = _rule(None, None, {"status": 404, "json": {"error": "not found"}}, "")
