"""moto's backends: an app per service, one state for the whole process."""

import io
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from threading import Condition
from typing import Any
from urllib.parse import unquote

from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import AccountSpecificBackend, BackendDict
from moto.core.exceptions import ServiceException
from moto.core.request import (
    PRESERVED_HEADER_NAMES_ENVIRON_KEY,
    environ_key_for_header,
    should_preserve_original_header_name,
)
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from workbook.cloud.corrections import Corrections, ValidateSchedule
from workbook.cloud.door import Request, Response
from workbook.cloud.session import REGION, isolated_session
from workbook.cloud.wire import Asked, Refusal, glance, read, scope, write

SERVICES = frozenset(
    {"dynamodb", "events", "iam", "lambda", "logs", "s3"} | {"scheduler", "secretsmanager", "sns", "sqs", "ssm", "sts"}
)
"""What the local cloud has, by boto3's names: each signs with this same name and works with `moto[s3]` alone."""

PATIENCE = 30.0  # seconds that a reset waits for calls that are still running; SQS polls for up to 20

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Answer = Callable[[Request, str], Response]


class Backends:
    """Answers requests with moto. An exception inside moto becomes a 500 for the caller and a line: in `faults` for the
    bench's own calls, in `breakdowns` for the function's, since a function may ask for what breaks it."""

    def __init__(self, validate_schedule: ValidateSchedule | None) -> None:
        session = isolated_session()
        AccountSpecificBackend.get_session = classmethod(lambda _: session)  # moto's reads the user's profile
        self.faults: list[str] = []
        self.breakdowns: list[str] = []
        self._corrections = Corrections(validate_schedule, _has_statement)
        self._any_service = DomainDispatcherApplication(create_backend_app)
        self._idle = Condition()
        self._running = 0

    def answer(self, request: Request, address: str) -> Response:
        """Answers with full rights; what is signed for no service of `SERVICES` goes where moto thinks best."""
        whom = scope(request)
        if whom is None or whom.service not in SERVICES:
            asked = glance(whom.service if whom else "s3", request)
            return self._attempt(self._any_service, asked, request, environ(request, address), self.faults)
        said = environ(request, address)
        if self._corrections.concern(whom.service, request.method) or request.too_large:
            return self.serve(read(whom.service, request, said), request, said, self.faults)
        return self.serve(glance(whom.service, request), request, said, self.faults)

    def serve(self, asked: Asked, request: Request, said: dict[str, Any], broken: list[str]) -> Response:
        """Answers what is asked of one of `SERVICES`: no other part of moto can be reached from here. An exception
        inside moto is told in `broken`."""
        if request.too_large:
            code = "EntityTooLarge" if asked.service == "s3" else "RequestEntityTooLargeException"
            return write(Refusal(code, "The local cloud takes up to 16 MB at a time.", 413), asked.service, request)
        if request.header("x-amz-content-sha256").startswith("STREAMING"):  # botocore does so over TLS alone
            message = "A header you provided implies functionality that is not implemented."
            return write(Refusal("NotImplemented", message, 501), asked.service, request)
        return self._attempt(_app(asked.service), asked, request, said, broken)

    def guarded(self, answer: Answer, broken: list[str]) -> Answer:
        """The same, but an exception of the cloud's own becomes a 500 and is told in `broken`."""

        def attempt(request: Request, address: str) -> Response:
            try:
                return answer(request, address)
            except Exception:
                return _break(glance("s3", request), request, broken)

        return attempt

    def reset(self, buckets: Sequence[str], objects: Mapping[str, str]) -> None:
        """Forgets everything, after the calls that are still running, and makes `buckets` in us-east-1, with
        `objects` in them: texts by BUCKET/KEY."""
        with self._idle:
            if not self._idle.wait_for(lambda: self._running == 0, PATIENCE):
                raise TimeoutError(f"A call to the local cloud has been running for more than {PATIENCE:.0f} s.")
            BackendDict.reset()
            self.faults.clear()
            self.breakdowns.clear()
            for bucket in buckets:
                self.make_bucket(bucket)
            for place, text in objects.items():
                bucket, _, key = place.partition("/")
                _storage().put_object(bucket, key, text.encode())

    def make_bucket(self, name: str) -> None:
        """ValueError: S3 does not take the name."""
        try:
            _storage().create_bucket(name, REGION)
        except ServiceException as refused:
            raise ValueError(f"S3 does not take the bucket name {name!r}: {refused.message}") from None

    def size_of(self, bucket: str, key: str) -> int:
        """The bytes of an object in S3, as it is now; 0 when there is none."""
        try:
            found = _storage().get_object(bucket, key)
        except ServiceException:
            return 0
        return int(found.size) if found else 0

    def _attempt(self, app: App, asked: Asked, request: Request, said: dict[str, Any], broken: list[str]) -> Response:
        with self._turn():
            try:
                refusal = self._corrections.refuse(asked)
                return write(refusal, asked.service, request) if refusal else _run(app, said)
            except (NotImplementedError, ImportError) as missing:  # such as docker, which runs moto's functions
                problem = Refusal("NotImplemented", f"The local cloud (moto) does not have this: {missing}", 501)
            except Exception as error:
                if not isinstance(error, UnicodeError) and read(asked.service, request, said).is_valid:
                    return _break(asked, request, broken)
                problem = Refusal("SerializationException", "The request is not one that AWS understands.")
            return write(problem, asked.service, request)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._idle:
            self._running += 1
        try:
            yield
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()


@cache
def _app(service: str) -> App:
    """moto's app for one service; it keeps no state."""
    app: App = create_backend_app(service)
    return app


def _storage() -> Any:
    """S3's own backend."""
    return get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"]


def environ(request: Request, address: str) -> dict[str, Any]:
    """The request as WSGI has it. The host is the door's own, whatever the peer says: no bucket in its name."""
    host, _, port = address.rpartition(":")
    target = f"{request.path}?{request.query}" if request.query else request.path
    said: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.path, encoding="latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": target,
        "REQUEST_URI": target,
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    spellings: dict[str, str] = {}
    hyphenated = {name.lower() for name, _ in request.headers if "_" not in name}
    for name, value in request.headers:
        if "_" in name:
            # WSGI cannot tell it from the same name with hyphens; moto can, for the metadata of S3 objects.
            if not should_preserve_original_header_name(name) or name.replace("_", "-").lower() in hyphenated:
                continue
            spellings[environ_key_for_header(name)] = name
        key = environ_key_for_header(name)
        said[key] = f"{said[key]},{value}" if key in said else value
    for key in ("HTTP_TRANSFER_ENCODING", "HTTP_X_MOTO_ACCOUNT_ID"):
        said.pop(key, None)
    said["HTTP_HOST"] = address
    said["CONTENT_LENGTH"] = str(len(request.body))
    said["wsgi.input"] = io.BytesIO(request.body)
    said[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = spellings
    return said


def _break(asked: Asked, request: Request, broken: list[str]) -> Response:
    broken.append(f"{asked.service} {asked.operation}\n{traceback.format_exc()}")
    return write(Refusal("InternalError", "The local cloud itself failed.", 500), asked.service, request)


def _run(app: App, said: dict[str, Any]) -> Response:
    head: list[Any] = []
    pieces = app(said, lambda *status_and_headers: head.extend(status_and_headers[:2]))
    try:
        body = b"".join(pieces)
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
    return Response(int(head[0].split()[0]), tuple(head[1]), body)


def _has_statement(function: str, qualifier: str | None, statement: str) -> bool:
    from moto.awslambda.utils import get_backend as lambda_backend

    try:
        known = lambda_backend(DEFAULT_ACCOUNT_ID, REGION).get_function(function, qualifier)
    except Exception:
        return False  # moto says what is wrong with the function's name
    return any(said["Sid"] == statement for said in known.policy.statements)
