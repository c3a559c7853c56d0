"""The bench's own clients, which reach the cloud without a network."""

import io
import socket
import threading
from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from workbook.cloud import Cloud


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture
def s3(cloud):
    cloud.make_bucket("own")
    return cloud.client("s3")


@pytest.mark.parametrize("body", [b"\x00ber", "über", io.BytesIO(b"from a file"), b""], ids=type)
def test_what_is_put_is_what_is_got(s3, body) -> None:
    expected = body.getvalue() if isinstance(body, io.BytesIO) else body.encode() if isinstance(body, str) else body
    s3.put_object(Bucket="own", Key="a b/ü?&", Body=body, ContentType="text/plain")
    got = s3.get_object(Bucket="own", Key="a b/ü?&")
    assert (got["Body"].read(), got["ContentLength"], got["ContentType"]) == (expected, len(expected), "text/plain")


def test_a_large_object_comes_in_pieces(s3) -> None:
    s3.upload_fileobj(io.BytesIO(bytes(range(256)) * 50_000), "own", "large")
    pieces = list(s3.get_object(Bucket="own", Key="large")["Body"].iter_chunks(1 << 20))
    assert len(pieces) > 1
    assert b"".join(pieces) == bytes(range(256)) * 50_000
    assert s3.head_object(Bucket="own", Key="large")["ContentLength"] == 256 * 50_000


def test_refusals_are_errors_of_the_service(s3) -> None:
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket="own", Key="none")
    assert caught.value.response["Error"]["Code"] == "NoSuchKey"
    with pytest.raises(ClientError) as caught:
        s3.head_object(Bucket="own", Key="none")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    s3.delete_object(Bucket="own", Key="none")


def test_other_protocols_pass_too(cloud) -> None:
    queue = cloud.client("sqs").create_queue(QueueName="q")["QueueUrl"]
    cloud.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    assert cloud.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "hello"
    assert cloud.client("sts").get_caller_identity()["Account"] == "123456789012"
    assert cloud.client("iam").list_roles()["Roles"] == []


def test_many_threads_call_at_once(s3) -> None:
    def put(number: int) -> None:
        s3.put_object(Bucket="own", Key=f"{number}", Body=b"x")

    threads = [threading.Thread(target=put, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert s3.list_objects_v2(Bucket="own")["KeyCount"] == 8


def test_a_client_serves_the_next_cloud_and_none_between() -> None:
    with Cloud(buckets=["first"]) as cloud:
        s3 = cloud.client("s3")
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["first"]
    with pytest.raises(EndpointConnectionError):
        s3.list_buckets()
    with Cloud(buckets=["second"]) as cloud:
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == ["second"]
        assert cloud.client("s3") is s3
        assert cloud.calls == []


def test_the_functions_door_keeps_its_port_while_it_is_free() -> None:
    with Cloud() as cloud:
        first = cloud.function_endpoint
    with Cloud() as cloud:
        assert cloud.function_endpoint == first
    port = int(first.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)), Cloud() as cloud:
        assert cloud.function_endpoint != first
