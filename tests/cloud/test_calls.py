"""The record of what the function asked: boto3's own words, made from what came over the wire."""

import string
from datetime import datetime
from io import BytesIO

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.cloud.backends import environ
from workbook.cloud.door import Request
from workbook.cloud.wire import KEPT, as_boto3, read, scope

BUCKET = "workbook-readings"
ADDRESS = "127.0.0.1:4566"


def operations(cloud):
    return [(call.operation, call.status, call.error) for call in cloud.calls]


def test_records_boto3s_arguments_and_nothing_that_botocore_added(cloud, s3):
    s3.put_object(Bucket=BUCKET, Key="a b/ü+%2F.json", Body=b"{}", ContentType="application/json")
    [call] = cloud.calls
    assert (call.service, call.operation, call.status, call.error) == ("s3", "PutObject", 200, None)
    assert call.parameters == {
        "Bucket": BUCKET,
        "Key": "a b/ü+%2F.json",
        "Body": b"{}",
        "BodySize": 2,
        "ContentType": "application/json",
    }


def test_metadata_keys_are_lower_case_and_keep_their_underscores(cloud, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"", Metadata={"Station": "q", "my_key": "1", "my-other": "2"})
    assert cloud.calls[0].parameters["Metadata"] == {"station": "q", "my_key": "1", "my-other": "2"}


def test_a_long_body_is_kept_in_part_and_measured_in_full(cloud, s3):
    s3.put_object(Bucket=BUCKET, Key="k", Body=b"x" * 200_000)
    parameters = cloud.calls[0].parameters
    assert (len(parameters["Body"]), parameters["BodySize"]) == (64 * 1024, 200_000)
    stored = cloud.client("s3").head_object(Bucket=BUCKET, Key="k")
    assert stored["ContentLength"] == 200_000


def test_records_every_s3_operation_by_its_name(cloud, s3):
    s3.upload_fileobj(BytesIO(b"1"), BUCKET, "uploaded")
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "uploaded"})
    s3.list_buckets()
    s3.list_objects_v2(Bucket=BUCKET, Prefix="up")
    s3.get_bucket_location(Bucket=BUCKET)
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "copy"}]})
    s3.delete_object(Bucket=BUCKET, Key="uploaded")
    assert [call.operation for call in cloud.calls] == [
        "PutObject",
        "CopyObject",
        "ListBuckets",
        "ListObjectsV2",
        "GetBucketLocation",
        "DeleteObjects",
        "DeleteObject",
    ]
    assert cloud.calls[1].parameters["CopySource"] == f"{BUCKET}/uploaded"
    assert cloud.calls[3].parameters == {"Bucket": BUCKET, "Prefix": "up"}
    assert cloud.calls[5].parameters["Delete"]["Objects"] == [{"Key": "copy"}]


def test_records_the_parts_of_a_large_upload(cloud, s3):
    config = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    s3.upload_fileobj(BytesIO(b"x" * (11 << 20)), BUCKET, "large", Config=config)
    names = [call.operation for call in cloud.calls]
    assert sorted(names) == ["CompleteMultipartUpload", "CreateMultipartUpload", *["UploadPart"] * 3]
    assert sorted(c.parameters["PartNumber"] for c in cloud.calls if c.operation == "UploadPart") == [1, 2, 3]
    assert cloud.client("s3").head_object(Bucket=BUCKET, Key="large")["ContentLength"] == 11 << 20


def test_errors_carry_the_code_that_boto3_raises(cloud, s3):
    for failing in (
        lambda: s3.get_object(Bucket=BUCKET, Key="none"),
        lambda: s3.head_object(Bucket=BUCKET, Key="none"),
        lambda: s3.put_object(Bucket="no-such-bucket", Key="k", Body=b""),
    ):
        with pytest.raises(ClientError) as caught:
            failing()
        assert caught.value.response["Error"]["Code"] == cloud.calls[-1].error
    assert operations(cloud) == [
        ("GetObject", 404, "NoSuchKey"),
        ("HeadObject", 404, "404"),
        ("PutObject", 404, "NoSuchBucket"),
    ]


def test_calls_are_a_copy(cloud, s3):
    s3.list_buckets()
    cloud.calls.clear()
    assert len(cloud.calls) == 1


def test_the_benchs_own_calls_are_not_recorded(cloud):
    cloud.client("s3").list_buckets()
    assert cloud.calls == []


class Wire:
    """Botocore's half of a conversation: what a client would send, caught before it leaves."""

    def __init__(self):
        self.session = boto3.Session(aws_access_key_id="AKIA0", aws_secret_access_key="x", region_name="us-east-1")
        self.clients = {}

    def request(self, service, method, **arguments):
        if service not in self.clients:
            client = self.session.client(service, endpoint_url=f"http://{ADDRESS}")
            client.meta.events.register("before-send", self.catch)
            self.clients[service] = client
        with pytest.raises(Caught) as caught:
            getattr(self.clients[service], method)(**arguments)
        return caught.value.request

    @staticmethod
    def catch(request, **_):
        target = request.url.removeprefix(f"http://{ADDRESS}")
        path, _, query = target.partition("?")
        body = request.body.read() if hasattr(request.body, "read") else request.body or b""
        body = body.encode() if isinstance(body, str) else body
        headers = tuple(
            (name, value.decode() if isinstance(value, bytes) else value) for name, value in request.headers.items()
        )
        raise Caught(Request(request.method, path or "/", query, headers, body, len(body)))


class Caught(Exception):
    def __init__(self, request):
        self.request = request


wire = Wire()


def recorded(request):
    asked = read(scope(request).service, request, environ(request, ADDRESS))
    return asked.operation, as_boto3(asked)


xml_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
keys = xml_text.filter(lambda key: key not in (".", ".."))
ascii_text = st.text(string.ascii_letters + string.digits + " -_/%+=&?", max_size=20).map(str.strip)
names = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)


@settings(max_examples=60, deadline=None)
@given(keys, st.binary(max_size=100), st.dictionaries(names, ascii_text, max_size=3))
def test_put_object_is_read_as_it_was_written(key, body, metadata):
    request = wire.request("s3", "put_object", Bucket="b-b", Key=key, Body=body, Metadata=metadata)
    operation, parameters = recorded(request)
    # WSGI cannot tell two names apart that differ by a hyphen or an underscore alone
    if len({name.replace("_", "-") for name in metadata}) < len(metadata):
        parameters.pop("Metadata"), metadata.clear()
    expected = {"Bucket": "b-b", "Key": key, "Body": body, "BodySize": len(body)}
    assert operation == "PutObject"
    assert parameters == expected | ({"Metadata": metadata} if metadata else {})


@settings(max_examples=30, deadline=None)
@given(xml_text, st.lists(keys, min_size=1, max_size=4))
def test_queries_and_documents_are_read_as_they_were_written(prefix, several):
    listing = wire.request("s3", "list_objects_v2", Bucket="b-b", Prefix=prefix, MaxKeys=7)
    assert recorded(listing) == ("ListObjectsV2", {"Bucket": "b-b", "Prefix": prefix, "MaxKeys": 7})
    document = {"Objects": [{"Key": key} for key in several], "Quiet": True}
    deletion = wire.request("s3", "delete_objects", Bucket="b-b", Delete=document)
    assert recorded(deletion) == ("DeleteObjects", {"Bucket": "b-b", "Delete": document})


ROLE = "arn:aws:iam::123456789012:role/r"


@pytest.mark.parametrize(
    ("service", "method", "operation", "arguments"),
    [
        ("events", "put_rule", "PutRule", {"Name": "r", "ScheduleExpression": "rate(5 minutes)"}),
        ("events", "put_targets", "PutTargets", {"Rule": "r", "Targets": [{"Id": "1", "Arn": ROLE}]}),
        (
            "scheduler",
            "create_schedule",
            "CreateSchedule",
            {
                "Name": "s",
                "ScheduleExpression": "rate(1 hour)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": ROLE, "RoleArn": ROLE, "Input": '{"a": "ü"}'},
                "StartDate": datetime(2026, 1, 2, 3, 4, 5),
            },
        ),
        ("secretsmanager", "create_secret", "CreateSecret", {"Name": "s", "SecretString": "x"}),
        ("sts", "assume_role", "AssumeRole", {"RoleArn": ROLE, "RoleSessionName": "session"}),
        ("iam", "put_role_policy", "PutRolePolicy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"}),
        ("sns", "publish", "Publish", {"TopicArn": "arn:aws:sns:us-east-1:123456789012:t", "Message": "ü"}),
        ("sqs", "send_message", "SendMessage", {"QueueUrl": f"http://{ADDRESS}/1/q", "MessageBody": "ü"}),
        ("ssm", "get_parameter", "GetParameter", {"Name": "/a/b", "WithDecryption": True}),
        ("logs", "describe_log_groups", "DescribeLogGroups", {"logGroupNamePrefix": "/aws/lambda/x"}),
        ("dynamodb", "put_item", "PutItem", {"TableName": "t", "Item": {"k": {"S": "ü"}, "n": {"N": "1"}}}),
        (
            "lambda",
            "add_permission",
            "AddPermission",
            {
                "FunctionName": "f",
                "StatementId": "s",
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": "arn:aws:events:us-east-1:123456789012:rule/r",
            },
        ),
    ],
)
def test_every_service_is_read_as_it_was_written(service, method, operation, arguments):
    assert recorded(wire.request(service, method, **arguments)) == (operation, arguments)


def test_bytes_within_a_document_are_cut_and_measured_too():
    code = {"ZipFile": b"z" * (KEPT + 1)}
    request = wire.request("lambda", "update_function_code", FunctionName="f", **code)
    _, parameters = recorded(request)
    assert (len(parameters["ZipFile"]), parameters["ZipFileSize"]) == (KEPT, KEPT + 1)
