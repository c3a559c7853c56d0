"""The cloud as the bench holds it: opening, resetting, closing, and keeping the user's world out."""

import socket
import subprocess
import sys
import threading

import pytest
from botocore.exceptions import ClientError

from workbook.cloud import Cloud

BUCKET = "workbook-readings"


@pytest.fixture
def opened():
    with Cloud(services=["events"], buckets=[BUCKET]) as cloud:
        cloud.gate.open()
        yield cloud


def test_importing_the_package_loads_neither_moto_nor_boto3():
    program = "import sys, workbook.cloud as c; c.Gate, c.Call; print({'moto', 'boto3', 'flask'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"


def test_the_gate_is_closed_at_first(function_client):
    with Cloud(services=["s3"]) as cloud:
        assert not cloud.gate.is_open
        with pytest.raises(ClientError, match="frozen") as caught:
            function_client(cloud.function_endpoint, "s3").list_buckets()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert cloud.calls == []
        cloud.gate.open()
        assert function_client(cloud.function_endpoint, "s3").list_buckets()["Buckets"] == []


@pytest.mark.parametrize("service", ["sts", "events", "scheduler", "lambda"])
def test_a_frozen_function_meets_a_clear_error_in_every_protocol(opened, function_client, service):
    opened.gate.close()
    client = function_client(opened.function_endpoint, service)
    ask = {
        "sts": "get_caller_identity",
        "events": "list_rules",
        "scheduler": "list_schedules",
        "lambda": "list_functions",
    }
    with pytest.raises(ClientError, match=r"ServiceUnavailable.*frozen") as caught:
        getattr(client, ask[service])()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503


def test_s3_is_denied_where_the_lab_does_not_name_it(opened, function_client):
    s3 = function_client(opened.function_endpoint, "s3")
    with pytest.raises(
        ClientError, match=r"AccessDenied.*s3:ListBucket on resource: arn:aws:s3:::workbook-readings because"
    ):
        s3.list_objects_v2(Bucket=BUCKET)
    with pytest.raises(ClientError) as caught:
        s3.head_object(Bucket=BUCKET, Key="k")
    assert caught.value.response["Error"]["Code"] == "403"
    assert [call.error for call in opened.calls] == ["AccessDenied", "403"]


def test_reset_forgets_everything_and_makes_the_buckets_again(opened, function_client):
    s3, events = opened.client("s3"), function_client(opened.function_endpoint, "events")
    created = s3.list_buckets()["Buckets"]
    assert [bucket["Name"] for bucket in created] == [BUCKET]
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * (6 << 20))
    s3.create_bucket(Bucket="another")
    s3.create_multipart_upload(Bucket=BUCKET, Key="half")
    events.put_rule(Name="hourly", ScheduleExpression="rate(1 hour)")
    opened.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    opened.client("secretsmanager").create_secret(Name="s", SecretString="x")
    opened.client("logs").create_log_group(logGroupName="g")
    opened.reset()
    assert opened.calls == []
    assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]] == [BUCKET]
    assert s3.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)
    assert events.list_rules()["Rules"] == []
    assert opened.client("iam").list_roles()["Roles"] == []
    assert opened.client("secretsmanager").list_secrets()["SecretList"] == []
    assert opened.client("logs").describe_log_groups()["logGroups"] == []
    assert [call.operation for call in opened.calls] == ["ListRules"]


def test_a_bucket_of_the_world_is_like_one_made_by_a_call(opened):
    s3 = opened.client("s3")
    s3.create_bucket(Bucket="by-call")
    for ask in (s3.get_bucket_location, s3.get_bucket_acl, s3.head_bucket, s3.get_bucket_versioning):
        ours, theirs = ask(Bucket=BUCKET), ask(Bucket="by-call")
        for answer in (ours, theirs):
            del answer["ResponseMetadata"]
        assert ours == theirs


def test_it_is_the_account_and_the_region_of_the_course(opened):
    assert opened.client("sts").get_caller_identity()["Account"] == "123456789012"
    topic = opened.client("sns").create_topic(Name="t")["TopicArn"]
    assert topic == "arn:aws:sns:us-east-1:123456789012:t"


def test_a_client_is_made_once(opened):
    assert opened.client("s3") is opened.client("s3")


def test_the_users_environment_and_files_mean_nothing(tmp_path, monkeypatch):
    broken = tmp_path / "config"
    broken.write_text("no [ config = at all")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(broken))
    monkeypatch.setenv("AWS_PROFILE", "ghost")
    monkeypatch.setenv("AWS_REGION", "mars-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "mars-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    program = (
        "import os, workbook.cloud as c\n"
        "before = dict(os.environ)\n"
        "with c.Cloud(services=['events'], buckets=['b-b']) as cloud:\n"
        "    assert cloud.client('s3').list_buckets()['Buckets'][0]['Name'] == 'b-b'\n"
        "    assert cloud.client('events').put_rule(Name='r', ScheduleExpression='rate(1 hour)')\n"
        "    print(cloud.client('s3').meta.region_name, cloud.client('events').list_rules()['Rules'][0]['Arn'])\n"
        "assert dict(os.environ) == before\n"
    )
    said = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert said == "us-east-1 arn:aws:events:us-east-1:123456789012:rule/r\n"


def test_a_second_cloud_in_the_process_would_share_its_state(opened):
    with pytest.raises(RuntimeError, match="close it first"):
        Cloud()
    opened.close()
    Cloud().close()


def test_an_unknown_service_name_is_a_mistake_of_the_lab():
    with pytest.raises(ValueError, match=r"no service 'dynamo'\. It has dynamodb, events"):
        Cloud(services=["s3", "dynamo"])
    Cloud().close()


def test_a_bucket_name_that_s3_refuses_is_a_mistake_of_the_lab():
    with pytest.raises(ValueError, match="bucket name 'ab'"):
        Cloud(buckets=["ab"])
    Cloud().close()


def test_serves_the_function_on_a_given_socket(function_client):
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with Cloud(services=["s3"], function_listener=listener) as cloud:
        assert cloud.function_endpoint == f"http://127.0.0.1:{port}"
        cloud.gate.open()
        assert function_client(cloud.function_endpoint, "s3").list_buckets()["Buckets"] == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_close_ends_every_thread_and_socket(function_client):
    before = set(threading.enumerate())
    cloud = Cloud(services=["s3"])
    cloud.gate.open()
    host, port = cloud.function_endpoint.removeprefix("http://").split(":")
    silent = [socket.create_connection((host, int(port))) for _ in range(5)]
    silent[0].sendall(b"PUT /b/k HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    function_client(cloud.function_endpoint, "s3").list_buckets()
    cloud.client("s3").list_buckets()
    cloud.close()
    cloud.close()
    assert set(threading.enumerate()) == before
    for connection in silent:
        with connection:
            assert connection.recv(1000) == b""


def test_both_doors_are_on_loopback_only(opened):
    for endpoint in (opened.bench_endpoint, opened.function_endpoint):
        assert endpoint.startswith("http://127.0.0.1:")
