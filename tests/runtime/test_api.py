"""A function that speaks to its own Runtime API: defined results, and never longer than the timeout."""

import http.client
import socket
import threading
import time

import pytest

from workbook.runtime.api import Event, Kind, RuntimeApi
from workbook.runtime.wire import MAX_HEADER_BYTES, MAX_RESPONSE_BYTES

SPEAKS = """
import http.client, json, os, socket, threading, time
HOST, PORT = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
ROOT = "/2018-06-01/runtime/"
def call(method, path, body=None, headers={}):
    connection = http.client.HTTPConnection(HOST, int(PORT), timeout=5)
    connection.request(method, ROOT + path, body, headers)
    response = connection.getresponse()
    return response.status, response.read().decode()
def lambda_handler(event, context):
    if event == "again":
        return "works"
"""

ANY = object()  # whether the real answer finds a free connection is open; that the invocation ends is not
SPOOFS = {
    "answers twice": (
        "first = call('POST', f'invocation/{context.aws_request_id}/response', b'\"forged\"')\n"
        "    print(first[0], call('POST', f'invocation/{context.aws_request_id}/response', b'\"twice\"')[0])\n"
        "    return 'late'",
        "forged",
    ),
    "posts an error, then returns": (
        "call('POST', f'invocation/{context.aws_request_id}/error', b'[]')\n    return 'late'",
        None,
    ),
    "wrong id": ("return call('POST', 'invocation/not-mine/response', b'1')[0]", 400),
    "no id": ("return call('POST', 'invocation//response', b'1')[0]", 400),
    "init error, too late": ("return call('POST', 'init/error', b'{}')[0]", 403),
    "unknown path": ("return [call('GET', 'restore/next')[0], call('PUT', 'invocation/next')[0]]", [404, 404]),
    "garbage": (
        "s = socket.create_connection((HOST, int(PORT)))\n    s.sendall(b'\\x00\\xff\\r\\n\\r\\n')\n"
        "    return s.recv(100).decode()",
        "",
    ),
    "half a request": (
        "for _ in range(5): socket.create_connection((HOST, int(PORT))).sendall(b'POST / HTTP/1.1\\r\\nContent-')\n"
        "    return 'answered'",
        "answered",
    ),
    "slow connection": (
        "global kept\n    kept = socket.create_connection((HOST, int(PORT)))\n    kept.sendall(b'G')\n"
        "    return 'answered'",
        "answered",
    ),
    "many connections": (
        "global kept\n    kept = [socket.create_connection((HOST, int(PORT))) for _ in range(200)]\n"
        "    return 'answered'",
        ANY,
    ),
    "negative length": (
        "return call('POST', f'invocation/{context.aws_request_id}/response', None, {'Content-Length': '-1'})",
        None,
    ),
    "huge length": (
        "s = socket.create_connection((HOST, int(PORT)))\n"
        "    s.sendall(b'POST / HTTP/1.1\\r\\nContent-Length: 999999999999\\r\\n\\r\\n')\n    return 'answered'",
        "answered",
    ),
}


@pytest.mark.parametrize("name", SPOOFS)
def test_what_a_function_posts_itself(name: str, deploy) -> None:
    body, payload = SPOOFS[name]
    function = deploy(SPEAKS + f"    {body}\n", timeout=1)
    invocation = function.invoke()
    if payload is ANY:
        assert invocation.payload == "answered" or invocation.timed_out
    elif payload is None:
        assert invocation.error is not None
    else:
        assert invocation.error is None, invocation.log_text
        assert invocation.payload == payload
    assert function.invoke("again").payload == "works"


def test_stealing_the_next_event_ends_with_the_timeout(deploy) -> None:
    function = deploy(SPEAKS + "    call('GET', 'invocation/next')\n", timeout=0.4)
    assert function.invoke().timed_out
    assert function.invoke("again").payload == "works"


def test_a_thief_thread_ends_with_the_timeout(deploy) -> None:
    thief = (
        "    threading.Thread(target=call, args=('GET', 'invocation/next')).start(); time.sleep(0.1)\n    return 1\n"
    )
    function = deploy(SPEAKS + thief, timeout=0.8)
    assert function.invoke().payload == 1
    stolen = function.invoke("again")
    assert stolen.timed_out or stolen.payload == "works"
    if stolen.timed_out:
        assert function.invoke("again").payload == "works"


@pytest.fixture
def api():
    api = RuntimeApi()
    yield api
    api.close()


def ask(api: RuntimeApi, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(api.address, timeout=5)
    connection.request(method, "/2018-06-01/runtime/" + path, body, headers)
    return connection.getresponse()


def deliver(api: RuntimeApi) -> http.client.HTTPResponse:
    api.deliver(Event("id-1", b'{"a": 1}', lambda: 1234, "arn:x", "Root=1"))
    return ask(api, "GET", "invocation/next")


def test_next_hands_over_the_event_with_lambdas_headers(api: RuntimeApi) -> None:
    response = deliver(api)
    assert response.read() == b'{"a": 1}'
    assert response.headers["Lambda-Runtime-Aws-Request-Id"] == "id-1"
    assert response.headers["Lambda-Runtime-Deadline-Ms"] == "1234"
    assert response.headers["Lambda-Runtime-Invoked-Function-Arn"] == "arn:x"
    assert response.headers["Lambda-Runtime-Trace-Id"] == "Root=1"
    assert api.messages.get(timeout=1).kind is Kind.READY


def test_one_answer_counts_and_a_withdrawn_event_takes_none(api: RuntimeApi) -> None:
    deliver(api)
    assert ask(api, "POST", "invocation/id-1/response", b"1").status == 202
    assert ask(api, "POST", "invocation/id-1/error", b"2").status == 400
    deliver(api)
    api.withdraw()
    assert ask(api, "POST", "invocation/id-1/response", b"3").status == 400
    assert [api.messages.get(timeout=1).kind for _ in range(2)] == [Kind.READY, Kind.RESPONSE]
    assert api.messages.empty()


def test_an_event_is_not_given_to_one_who_has_gone(api: RuntimeApi) -> None:
    host, port = api.address.split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n")
        assert api.messages.get(timeout=1).kind is Kind.READY
    time.sleep(0.05)
    api.deliver(Event("id-1", b"1", lambda: 1234, "arn:x", "Root=1"))
    time.sleep(0.05)
    assert api.delivered_at is None
    assert ask(api, "GET", "invocation/next").read() == b"1"
    assert api.delivered_at is not None


def test_a_body_over_the_cap_is_refused_and_not_kept(api: RuntimeApi) -> None:
    deliver(api)
    assert ask(api, "POST", "invocation/id-1/response", b"x" * (MAX_RESPONSE_BYTES + 1)).status == 413
    api.messages.get(timeout=1)
    message = api.messages.get(timeout=1)
    assert message.kind is Kind.TOO_LARGE
    assert message.body == b""


@pytest.mark.parametrize(
    "headers",
    [
        {"Transfer-Encoding": "chunked"},
        {"Content-Length": "+1"},
        {"Content-Length": "1e3"},
        {"X": "x" * MAX_HEADER_BYTES},
    ],
)
def test_what_is_no_proper_request_loses_its_connection(api: RuntimeApi, headers: dict[str, str]) -> None:
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        ask(api, "POST", "init/error", **headers)


def test_close_ends_every_thread_at_once(api: RuntimeApi) -> None:
    host, port = api.address.split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(8)]
    time.sleep(0.1)
    api.close()
    assert [thread for thread in threading.enumerate() if thread.name == "runtime-api"] == []
    for connection in idle:
        connection.close()
