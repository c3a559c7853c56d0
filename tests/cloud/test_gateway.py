"""What a function may ask, and how the rest is refused: over real connections, as the function would."""

import http.client

import pytest
import requests
from botocore.exceptions import ClientError

from workbook.cloud import gateway

BUCKET = "workbook-readings"
ROLE = "arn:aws:sts::123456789012:assumed-role/"


def sign(service="s3", region="us-east-1"):
    scope = f"AKIA/20260101/{region}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00"}


def knock(cloud, method, target, headers=None, body=None):
    """Sends the target as it stands: no client in between that would tidy it up."""
    connection = http.client.HTTPConnection(cloud.function_endpoint.removeprefix("http://"), timeout=20)
    try:
        connection.putrequest(method, target, skip_host="Host" in (headers or {}))
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body or b"")))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("service", "method", "arguments", "code", "action"),
    [
        ("events", "list_rules", {}, "AccessDeniedException", "events:ListRules"),
        ("scheduler", "list_schedules", {}, "AccessDeniedException", "scheduler:ListSchedules"),
        ("lambda", "invoke", {"FunctionName": "f"}, "AccessDeniedException", "lambda:InvokeFunction"),
        ("iam", "list_roles", {}, "AccessDenied", "iam:ListRoles"),
        ("sts", "get_caller_identity", {}, "AccessDenied", "sts:GetCallerIdentity"),
        ("sqs", "list_queues", {}, "AccessDeniedException", "sqs:ListQueues"),
        ("dynamodb", "list_tables", {}, "AccessDeniedException", "dynamodb:ListTables"),
        ("ec2", "describe_instances", {}, "AccessDenied", "ec2:DescribeInstances"),
        ("cloudformation", "list_stacks", {}, "AccessDenied", "cloudformation:ListStacks"),
        ("stepfunctions", "list_state_machines", {}, "AccessDeniedException", "states:ListStateMachines"),
        ("route53", "list_hosted_zones", {}, "AccessDenied", "route53:"),
        ("apigateway", "get_rest_apis", {}, "AccessDeniedException", "apigateway:"),
    ],
)
def test_other_services_are_denied_in_their_own_protocol(
    cloud, function_client, service, method, arguments, code, action
):
    client = function_client(cloud.function_endpoint, service)
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == code
    assert error["Message"].startswith(f"User: {ROLE}")
    assert f"is not authorized to perform: {action}" in error["Message"]
    [call] = cloud.calls
    assert (call.status, call.error) == (caught.value.response["ResponseMetadata"]["HTTPStatusCode"], code)
    assert cloud.faults == []


def test_an_anonymous_request_is_denied_as_s3_does(cloud):
    status, body = knock(cloud, "GET", f"/{BUCKET}?list-type=2")
    assert (status, body) == (403, b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
    assert [(call.operation, call.error) for call in cloud.calls] == [("ListObjectsV2", "AccessDenied")]


def test_presigned_addresses_of_a_named_service_work(cloud, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"1")
    address = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "k"})
    assert requests.get(address, timeout=20).content == b"1"
    assert cloud.calls[-1].operation == "GetObject"
    other = address.replace("%2Fs3%2F", "%2Fevents%2F").replace("AWSAccessKeyId", "Nobody")
    assert requests.get(other, timeout=20).status_code == 403


ADMIN_PATHS = [
    "/moto-api",
    "/moto-api/reset",
    "//moto-api/reset",
    "/%6doto-api/reset",
    "/moto%2Dapi/reset",
    "/./moto-api/reset",
    "/x/../moto-api/reset",
    "/moto-api%2Freset",
    "/MOTO-API/reset",
    "/moto-api/data.json",
    "/moto-api/recorder/start-recording",
    "http://moto_api/moto-api/reset",
    "http://motoapi.amazonaws.com/moto-api/reset",
    "/latest/meta-data/iam/security-credentials/",
    "/latest/api/token",
    "/favicon.ico",
]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        sign(),
        sign() | {"Host": "motoapi.amazonaws.com"},
        sign() | {"Host": "moto_api"},
        sign() | {"Host": "169.254.169.254"},
        sign("moto_api"),
        sign("motoapi"),
        sign("instance_metadata"),
        sign("../s3"),
        sign("S3"),
    ],
    ids=lambda headers: "".join(headers.values())[33:64] + headers.get("Host", "") or "anonymous",
)
def test_motos_own_api_is_not_behind_the_door(cloud, headers):
    cloud.client("s3").put_object(Bucket=BUCKET, Key="kept", Body=b"1")
    for method in ("GET", "POST", "HEAD", "DELETE", "OPTIONS"):  # PUT would make a bucket of that name
        for target in ADMIN_PATHS:
            status, body = knock(cloud, method, target, headers)
            permitted = {400, 403, 404, 405, 501} | ({200} if method == "OPTIONS" else set())
            assert status in permitted, (method, target, body)
            assert b"<html" not in body.lower(), (method, target)
            assert b'"status": "ok"' not in body, (method, target)
    assert cloud.client("s3").head_object(Bucket=BUCKET, Key="kept")
    assert cloud.faults == []


def test_the_host_header_chooses_no_bucket(cloud):
    cloud.client("s3").put_object(Bucket=BUCKET, Key="k", Body=b"1")
    status, _ = knock(cloud, "GET", "/k", sign() | {"Host": f"{BUCKET}.s3.amazonaws.com"})
    assert status == 404
    assert knock(cloud, "GET", f"/{BUCKET}/k", sign() | {"Host": "evil.example"}) == (200, b"1")


def test_the_account_cannot_be_chosen(cloud):
    headers = sign() | {"x-moto-account-id": "999999999999"}
    assert knock(cloud, "PUT", "/made-by-the-function", headers)[0] == 200
    names = [bucket["Name"] for bucket in cloud.client("s3").list_buckets()["Buckets"]]
    assert names == [BUCKET, "made-by-the-function"]


def test_a_body_beyond_bounds_is_refused_in_the_services_words(cloud, s3):
    with pytest.raises(ClientError, match="EntityTooLarge") as caught:
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * (17 << 20))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    [call] = cloud.calls
    assert (call.operation, call.error) == ("PutObject", "EntityTooLarge")
    assert call.parameters == {"Bucket": BUCKET, "Key": "k"}
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * (16 << 20))
    assert cloud.client("s3").head_object(Bucket=BUCKET, Key="k")["ContentLength"] == 16 << 20


def test_the_number_of_calls_and_bytes_is_bounded(cloud, s3, monkeypatch):
    monkeypatch.setattr(gateway, "MAX_CALLS", 2)
    s3.list_buckets(), s3.list_buckets()
    with pytest.raises(ClientError, match="too many calls"):
        s3.list_buckets()
    assert len(cloud.calls) == 2
    cloud.reset()
    monkeypatch.setattr(gateway, "MAX_BYTES", 10)
    with pytest.raises(ClientError, match="too many calls"):
        s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * 11)


def test_copies_count_as_what_they_copy(cloud, s3, monkeypatch):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * 1000)
    monkeypatch.setattr(gateway, "MAX_BYTES", 3500)
    for number in range(2):
        s3.copy_object(Bucket=BUCKET, Key=f"copy{number}", CopySource={"Bucket": BUCKET, "Key": "k"})
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.copy_object(Bucket=BUCKET, Key="none", CopySource=f"{BUCKET}/missing")
    s3.copy_object(Bucket=BUCKET, Key="copy2", CopySource=f"{BUCKET}/copy0")
    with pytest.raises(ClientError, match="too many calls"):
        s3.copy_object(Bucket=BUCKET, Key="copy3", CopySource=f"{BUCKET}/copy0")
