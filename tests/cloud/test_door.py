"""Hostile peers, by raw sockets: each gets a clear answer or none, and nobody else notices."""

import socket
import threading
import time
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.cloud import Cloud, door
from workbook.cloud.door import Door, Response

SIGNED = b"Authorization: AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/s3/aws4_request, Signature=0\r\n"
BUCKET = "workbook-readings"


@pytest.fixture(scope="module")
def shared_cloud():
    services = ["s3", "events", "lambda", "sqs", "sts", "dynamodb", "scheduler"]
    with Cloud(services=services, buckets=[BUCKET]) as cloud:
        yield cloud


@pytest.fixture
def knock(cloud):
    """Sends bytes as they are, and gives all that comes back until the door hangs up (or goes quiet)."""

    def send(*pieces, quiet=0.5):
        with socket.create_connection(address(cloud), timeout=20) as peer:
            for piece in pieces:
                peer.sendall(piece)
            peer.settimeout(quiet)
            said = b""
            try:
                while piece := peer.recv(1 << 16):
                    said += piece
            except TimeoutError:
                pass
            return said

    return send


def address(cloud):
    host, port = cloud.function_endpoint.removeprefix("http://").split(":")
    return host, int(port)


def put(key, *headers, body=b""):
    lines = b"".join(header + b"\r\n" for header in headers)
    return f"PUT /{BUCKET}/{key} HTTP/1.1\r\nHost: x\r\n".encode() + SIGNED + lines + b"\r\n" + body


def stored(cloud):
    listing = cloud.client("s3").list_objects_v2(Bucket=BUCKET)
    return [item["Key"] for item in listing.get("Contents", [])]


def content(cloud, key):
    return cloud.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()


def test_connections_are_kept_alive(knock, cloud):
    said = knock(put("a", b"Content-Length: 1", body=b"1") + put("b", b"Content-Length: 1", body=b"2"))
    assert said.count(b"HTTP/1.1 200") == 2
    assert stored(cloud) == ["a", "b"]


def test_chunked_bodies_are_read(knock, cloud):
    chunks = b"5;note=x\r\nhello\r\n6\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
    said = knock(put("a", b"Transfer-Encoding: chunked", body=chunks) + put("b", b"Content-Length: 0"))
    assert said.count(b"HTTP/1.1 200") == 2
    assert content(cloud, "a") == b"hello world"
    assert cloud.calls[0].parameters["BodySize"] == 11


def test_100_continue_is_said_once(knock):
    said = knock(put("a", b"Content-Length: 1", b"Expect: 100-continue"), b"1")
    assert said.count(b"100 Continue") == 1
    assert said.count(b"HTTP/1.1 200") == 1


def test_a_body_beyond_bounds_is_never_asked_for(knock, cloud):
    said = knock(put("a", b"Content-Length: 999999999999", b"Expect: 100-continue"))
    assert b"100 Continue" not in said
    assert said.startswith(b"HTTP/1.1 413")
    assert b"EntityTooLarge" in said
    assert stored(cloud) == []


def test_endless_chunks_end(knock, cloud):
    chunk = b"400000\r\n" + b"x" * 0x400000 + b"\r\n"
    said = knock(put("a", b"Transfer-Encoding: chunked", b"Connection: close"), *[chunk] * 6, b"0\r\n\r\n", quiet=10)
    assert said.startswith(b"HTTP/1.1 413")
    assert stored(cloud) == []


@pytest.mark.parametrize(
    "headers",
    [
        [b"Content-Length: 1", b"Content-Length: 2"],
        [b"Content-Length: 1", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
        [b"Transfer-Encoding: gzip, chunked"],
        [b"Transfer-Encoding: identity"],
        [b"Content-Length: -1"],
        [b"Content-Length: +1"],
        [b"Content-Length: 1_0"],
        [b"Content-Length: 0x1"],
        [b"Content-Length: \xb2"],
        [b"Content-Length: "],
        [b"Content-Length: 1, 1"],
        [b"Content-Length: " + b"9" * 5000],
    ],
)
def test_a_doubtful_length_is_refused_and_ends_the_connection(knock, cloud, headers):
    smuggled = put("smuggled", b"Content-Length: 0")
    said = knock(put("a", *headers, body=smuggled + smuggled))
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
    assert stored(cloud) == []
    assert cloud.calls == []


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"-1\r\nx\r\n", b"1\r\nxyz\r\n", b"\r\n", b"5 5\r\nhello", b"f" * 2000])
def test_a_broken_chunk_ends_the_connection(knock, cloud, chunks):
    said = knock(put("a", b"Transfer-Encoding: chunked", body=chunks))
    assert said.startswith(b"HTTP/1.1 400")
    assert stored(cloud) == []


@pytest.mark.parametrize(
    "line",
    [
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET nowhere HTTP/1.1\r\n\r\n",
        b"GET ftp://x/ HTTP/1.1\r\n\r\n",
        b"CONNECT 169.254.169.254:80 HTTP/1.1\r\n\r\n",
        b"BREW / HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_no_request_for_the_cloud_is_refused(knock, cloud, line):
    said = knock(line)
    assert said.split(b" ")[1][:1] in (b"4", b"5") or said.startswith(b"<!DOCTYPE")
    assert cloud.calls == []
    assert cloud.faults == []


def test_a_peer_that_leaves_in_the_middle_made_no_call(cloud):
    with socket.create_connection(address(cloud)) as peer:
        peer.sendall(put("a", b"Content-Length: 100", body=b"half"))
    assert stored(cloud) == []
    assert cloud.calls == []
    assert cloud.faults == []


def test_slow_and_silent_peers_hold_nobody_up(cloud, s3):
    silent = [socket.create_connection(address(cloud)) for _ in range(20)]
    for number, peer in enumerate(silent):
        peer.sendall(put("slow", b"Content-Length: 100", body=b"half")[: 10 * number])
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"1")
    assert stored(cloud) == ["k"]
    for peer in silent:
        peer.close()


def test_a_silent_peer_is_left_after_a_while(monkeypatch):
    monkeypatch.setattr(door._Conversation, "timeout", 0.05)
    with closing(Door(lambda *_: Response(200, (), b""))) as server:
        host, port = server.address.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as peer:
            peer.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf")
            assert peer.recv(1000) == b""


def test_connections_are_bounded(cloud, s3):
    peers = [socket.create_connection(address(cloud), timeout=20) for _ in range(door.MAX_CONNECTIONS + 20)]
    turned_away = peers[-1].recv(10)
    threads = sum(thread.is_alive() for thread in threading.enumerate())
    assert turned_away == b""
    assert threads < door.MAX_CONNECTIONS + 20
    for peer in peers:
        peer.close()
    for _ in range(200):
        if threading.active_count() < 20:
            break
        time.sleep(0.01)
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"1")
    assert stored(cloud) == ["k"]


def test_names_with_underscores_stand_in_for_none_with_hyphens(knock, cloud):
    said = knock(
        put("a", b"Content-Length: 0", b"Content_Type: text/evil", b"Content-Type: text/plain", b"x_amz_acl: a")
    )
    assert said.startswith(b"HTTP/1.1 200")
    assert cloud.client("s3").head_object(Bucket=BUCKET, Key="a")["ContentType"] == "text/plain"


paths = st.sampled_from(["/", f"/{BUCKET}", f"/{BUCKET}/k", "/2015-03-31/functions", "//", "/%00", "/%ff/%", "/a?b"])
names = st.sampled_from(["Content-Type", "X-Amz-Target", "x-amz-meta-a", "x-amz-content-sha256"])
values = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-amz-json-1.1",
        "application/json",
        "multipart/form-data; boundary=x",
        "AWSEvents.PutRule",
        "AWSEvents.Nothing",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "%",
    ]
)
bodies = st.one_of(
    st.binary(max_size=50),
    st.sampled_from([b"{", b"[]", b"null", b'{"Name": 1}', b"[" * 100_000, b"Action=&Version=%", b"<a>", b"<a/>"]),
)
services = st.sampled_from(["s3", "events", "lambda", "sqs", "sts", "dynamodb", "scheduler", "nonsense"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"]),
    paths,
    services,
    st.dictionaries(names, values, max_size=3),
    bodies,
)
def test_nonsense_is_answered_and_is_the_callers_fault(knock, cloud, method, path, service, headers, body):
    cloud.reset()
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{method} {path} HTTP/1.1\r\nConnection: close\r\n{lines}Content-Length: {len(body)}\r\n"
    signed = SIGNED.replace(b"/s3/", f"/{service}/".encode())
    said = knock(head.encode() + signed + b"\r\n" + body, quiet=20)
    status = int(said.split(b" ")[1])
    assert 200 <= status < 600
    [call] = cloud.calls
    assert call.status == status
    assert (call.error is None) == (status < 300)
    assert cloud.faults == []
