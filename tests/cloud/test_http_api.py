import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from workbook.cloud import HttpApi

DOCUMENT = {
    "GET /readings/north-quay": {"json": {"pm25": 12.4}},
    "GET /readings/*": {"status": 404, "json": {"error": "unknown station"}, "headers": {"X-Note": "a"}},
    "GET /readings/broken-*": {"status": 500, "text": "oh"},
}


@pytest.fixture
def api():
    with HttpApi(DOCUMENT) as api:
        yield api


def get(api, path="/readings/north-quay", **options):
    return requests.get(api.url + path, timeout=20, **options)


def test_answers_as_the_document_says(api):
    assert get(api).json() == {"pm25": 12.4}
    unknown = get(api, "/readings/fish-market")
    assert (unknown.status_code, unknown.headers["X-Note"]) == (404, "a")
    assert (get(api, "/readings/broken-x").status_code, get(api, "/readings/broken-x").text) == (500, "oh")


@pytest.mark.parametrize("path", ["/", "/reading", "/readings", "/x/readings/north-quay"])
def test_answers_404_json_to_everything_else(api, path):
    answer = get(api, path)
    assert (answer.status_code, answer.json()) == (404, {"error": "not found"})
    assert requests.post(f"{api.url}/readings/north-quay", timeout=20).status_code == 404


def test_what_is_scripted_later_wins(api):
    api.respond(json={"pm25": 1})
    api.respond(status=503, text="later", headers={"Retry-After": "1"}, path="/readings/north-quay")
    answer = get(api)
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (503, "later", "1")
    assert get(api, "/readings/other").json() == {"pm25": 1}
    api.respond(json=None, method="POST")
    assert requests.post(api.url, timeout=20).json() is None
    assert get(api).status_code == 503


def test_records_what_arrived(api):
    requests.post(f"{api.url}/a%20b?x=1&y=2&x=3", data=b"\x00raw", headers={"X-Api-Key": "k"}, timeout=20)
    [arrived] = api.requests
    assert (arrived.method, arrived.path, arrived.body) == ("POST", "/a b", b"\x00raw")
    assert arrived.query == {"x": "1", "y": "2"}
    assert arrived.headers["x-api-key"] == arrived.headers["X-API-KEY"] == "k"


def test_garbage_promises_json_and_is_none(api):
    api.garble()
    answer = get(api)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("end", ["reset", "close"])
def test_a_hanging_request_ends_with_the_check(api, end):
    api.hang()
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(get, api) for _ in range(3)]
        while len(api.requests) < 3:
            assert not any(request.done() for request in waiting)
        getattr(api, end)()
        for request in waiting:
            with pytest.raises(requests.exceptions.ConnectionError):
                request.result(timeout=10)


def test_a_document_can_name_what_hangs():
    with HttpApi({"GET /readings/silent": {"hang": True}, "GET /readings/*": {"json": 1}}) as api:
        assert get(api).json() == 1
        with pytest.raises(requests.ReadTimeout):
            requests.get(api.url + "/readings/silent", timeout=0.2)


@pytest.mark.parametrize("answer", [{"hang": False}, {"hang": True, "status": 500}])
def test_what_hangs_has_nothing_else_to_say(answer):
    with pytest.raises(ValueError, match="no part of an answer"):
        HttpApi({"GET /readings/silent": answer})


def test_a_client_with_a_timeout_meets_a_real_hang(api):
    api.hang("/readings/north-quay")
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{api.url}/readings/north-quay", timeout=0.05)
    assert get(api, "/readings/other").status_code == 404


def test_knows_how_long_each_caller_waited(api):
    api.hang()
    for seconds in (0.1, 0.6):
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(api.url, timeout=seconds)
    short, long = api.waits
    assert 0.05 < short < long - 0.2
    api.reset()
    assert api.waits == []


def test_a_caller_that_still_waits_has_waited_so_far(api):
    api.hang()
    with socket.create_connection(("127.0.0.1", int(api.url.rpartition(":")[2]))) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while not api.requests:
            pass
        first, second = api.waits, api.waits
    assert 1 < first[0] < second[0]


def test_refuses_for_real_until_the_reset(api):
    real = api.url
    assert api.refuse() == api.url != real
    with pytest.raises(requests.exceptions.ConnectionError, match="refused"):
        get(api)
    api.reset()
    assert api.url == real
    assert get(api).status_code == 200


@pytest.mark.parametrize("end", ["plug_in", "reset"])
def test_unplugged_it_hangs_up_at_its_own_address_until_it_is_plugged_in(api, end):
    url = api.url
    api.unplug()
    with pytest.raises(requests.exceptions.ConnectionError):
        get(api)
    assert (api.url, api.requests) == (url, [])
    getattr(api, end)()
    assert get(api).status_code == 200


def test_reset_forgets_script_and_requests(api):
    api.respond(status=500)
    get(api)
    api.reset()
    assert api.requests == []
    assert get(api).status_code == 200


def test_serves_on_a_given_socket():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with HttpApi(listener=listener) as api:
        assert api.url == f"http://127.0.0.1:{port}"
        assert get(api).status_code == 404
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_close_ends_half_open_connections_and_threads():
    before = set(threading.enumerate())
    api = HttpApi()
    host, port = api.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nContent-Length: 5\r\n")
        assert get(api).status_code == 404
        api.close()
        api.close()
        assert silent.recv(1000) == b""
    assert set(threading.enumerate()) == before


def test_a_body_beyond_bounds_is_refused(api):
    assert requests.post(api.url, data=b"x" * 2_000_000, timeout=20).status_code == 413
    assert get(api).status_code == 200


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "object"),
        ({"/readings": {"json": 1}}, r"'/readings'.*GET /readings"),
        ({"GET readings": {"json": 1}}, r"'GET readings'"),
        ({"get /readings": {"json": 1}}, r"'get /readings'"),
        ({"GET /": 5}, r"'GET /'.*object"),
        ({"GET /": {}}, r"'GET /'.*json or text"),
        ({"GET /": {"json": 1, "text": "a"}}, r"'GET /'.*json or text"),
        ({"GET /": {"json": 1, "statsu": 1}}, r"'GET /'.*'statsu'"),
        ({"GET /": {"json": 1, "status": "200"}}, r"'GET /'.*'200'.*number"),
        ({"GET /": {"json": 1, "status": True}}, r"'GET /'.*True"),
        ({"GET /": {"json": 1, "status": 99}}, r"'GET /'.*99"),
        ({"GET /": {"text": 1}}, r"'GET /'.*text"),
        ({"GET /": {"json": 1, "headers": {"A": 1}}}, r"'GET /'.*headers"),
        ({"GET /": {"json": 1, "headers": {"A": "b\r\nC: d"}}}, r"'GET /'.*headers"),
    ],
)
def test_a_malformed_document_names_the_key_and_the_cure(document, words):
    with pytest.raises(ValueError, match=words):
        HttpApi(document)
