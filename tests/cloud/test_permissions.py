"""The execution role's policy: what AWS asks for a call, what a document allows, and its enforcement."""

import json
from fnmatch import fnmatchcase

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from workbook.cloud import Cloud
from workbook.cloud.permissions import GRANTS_NOTHING, Need, Policy, PolicyError, find_needs


def a_policy(*statements):
    return Policy({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource, **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


OBJECT = "arn:aws:s3:::quay/readings/north.json"

CALLS = [
    ("s3", "PutObject", {"Bucket": "quay", "Key": "readings/north.json"}, [("s3:PutObject", OBJECT)]),
    ("s3", "HeadObject", {"Bucket": "quay", "Key": "readings/north.json"}, [("s3:GetObject", OBJECT)]),
    ("s3", "ListObjectsV2", {"Bucket": "quay"}, [("s3:ListBucket", "arn:aws:s3:::quay")]),
    ("s3", "GetBucketLocation", {"Bucket": "quay"}, [("s3:GetBucketLocation", "arn:aws:s3:::quay")]),
    ("s3", "ListBuckets", {}, [("s3:ListAllMyBuckets", "*")]),
    (
        "s3", "CopyObject", {"Bucket": "quay", "Key": "readings/north.json", "CopySource": "other/a b.json"},
        [("s3:PutObject", OBJECT), ("s3:GetObject", "arn:aws:s3:::other/a b.json")],
    ),
    (
        "s3", "DeleteObjects", {"Bucket": "quay", "Delete": {"Objects": [{"Key": "a"}, {"Key": "b"}]}},
        [("s3:DeleteObject", "arn:aws:s3:::quay/a"), ("s3:DeleteObject", "arn:aws:s3:::quay/b")],
    ),
    (
        "events", "PutRule", {"Name": "hourly"},
        [("events:PutRule", "arn:aws:events:us-east-1:123456789012:rule/hourly")],
    ),
    ("events", "ListRules", {}, [("events:ListRules", "*")]),
    (
        "lambda", "AddPermission", {"FunctionName": "collector"},
        [("lambda:AddPermission", "arn:aws:lambda:us-east-1:123456789012:function:collector")],
    ),
    ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::1:role/x"}, [("sts:AssumeRole", "arn:aws:iam::1:role/x")]),
    (
        "sqs", "SendMessage", {"QueueUrl": "http://127.0.0.1/123456789012/quay"},
        [("sqs:SendMessage", "arn:aws:sqs:us-east-1:123456789012:quay")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("service", "operation", "parameters", "needs"), CALLS)
def test_what_a_call_needs(service, operation, parameters, needs) -> None:
    assert find_needs(service, operation, parameters) == tuple(Need(*need) for need in needs)


PUT = Need("s3:PutObject", OBJECT)


@pytest.mark.parametrize(
    ("statements", "allowed"),
    [
        ([allow("s3:PutObject", OBJECT)], True),
        ([allow("s3:putobject", OBJECT)], True),
        ([allow("s3:Put*", "arn:aws:s3:::quay/readings/*")], True),
        ([allow("s3:PutObjec?", "arn:aws:s3:::qua?/*")], True),
        ([allow("*", "*")], True),
        ([allow(["s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::other/*", "arn:aws:s3:::quay/*"])], True),
        ([allow("s3:PutObject", "arn:aws:s3:::quay")], False),
        ([allow("s3:PutObject", "arn:aws:s3:::quay/readings")], False),
        ([allow("s3:GetObject", "*")], False),
        ([allow("s3:PutObject", "arn:aws:s3:::QUAY/*")], False),
        ([allow("s3:PutObject", "arn:aws:s3:::quay/readings/north.jso.")], False),
        ([allow("s3:*", "*"), {"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"}], False),
        ([allow("s3:*", "*"), {"Effect": "Deny", "NotAction": "s3:Put*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": "s3:Delete*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::quay/*"}], False),
        ([allow("s3:*", "*", Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}})], False),
        ([allow("s3:*", "*", Condition={})], True),
    ],
)
def test_what_a_policy_allows(statements, allowed) -> None:
    assert a_policy(*statements).allows(PUT) is allowed


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "JSON object"),
        ({"Statement": []}, "2012-10-17"),
        ({"Version": "2012-10-17"}, '"Statement"'),
        ({"Version": "2012-10-17", "Statement": []}, '"Statement"'),
        ({"Version": "2012-10-17", "Statement": ["x"]}, "Statement 1 is no object"),
        ({"Version": "2012-10-17", "Statement": {"Effect": "allow"}}, "spelt just so"),
        ({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*"}}, "Resource"),
        ({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*"}}, "Action"),
        ({"Version": "2012-10-17", "Statement": allow("PutObject", "*")}, "SERVICE:OPERATION"),
        ({"Version": "2012-10-17", "Statement": allow("s3:PutObject", "quay/readings/*")}, "no ARN"),
        ({"Version": "2012-10-17", "Statement": allow([], "*")}, "list of texts"),
        ({"Version": "2012-10-17", "Statement": allow("s3:*", "*", Principal="*")}, "trust policy"),
    ],
)
def test_what_aws_would_not_take_says_why(document, words) -> None:
    with pytest.raises(PolicyError, match=words.replace("*", r"\*").replace(":", ":")):
        Policy(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.sampled_from(["2012-10-17", "Allow", "s3:*", "*"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Version", "Statement", "Effect", "Action", "Resource"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_document_is_a_policy_or_says_why_not(document) -> None:
    try:
        found = Policy(document)
    except PolicyError:
        return
    assert found.allows(PUT) in (True, False)
    assert all(statement.actions and statement.resources for statement in found.statements)


@given(st.text("ab?*", max_size=8), st.text("ab", max_size=8))
def test_wildcards_are_those_of_the_shell(pattern: str, value: str) -> None:
    allowed = a_policy(allow("s3:PutObject", f"arn:aws:s3:::q{pattern}")).allows(
        Need("s3:PutObject", f"arn:aws:s3:::q{value}")
    )
    assert allowed is fnmatchcase(value, pattern)


def test_stars_without_end_are_no_trap() -> None:
    assert not a_policy(allow("s3:PutObject", "arn:aws:s3:::" + "*a" * 300)).allows(
        Need("s3:PutObject", "arn:aws:s3:::" + "a" * 200)
    )


def test_nothing_passes_what_grants_nothing() -> None:
    assert not GRANTS_NOTHING.allows(PUT)


@pytest.fixture
def enforcing():
    policy = a_policy(allow("s3:PutObject", "arn:aws:s3:::workbook-readings/readings/*"))
    with Cloud(services=["s3", "events"], buckets=["workbook-readings", "other-bucket"], policy=policy,
               function_name="harbour-collector") as cloud:  # fmt: skip
        cloud.gate.open()
        yield cloud


REFUSED = [
    ("s3", "put_object", {"Bucket": "workbook-readings", "Key": "elsewhere/a", "Body": b""}),
    ("s3", "put_object", {"Bucket": "other-bucket", "Key": "readings/a", "Body": b""}),
    ("s3", "get_object", {"Bucket": "workbook-readings", "Key": "readings/a"}),
    ("s3", "list_objects_v2", {"Bucket": "workbook-readings"}),
    ("s3", "delete_object", {"Bucket": "workbook-readings", "Key": "readings/a"}),
    ("events", "list_rules", {}),
]


@pytest.mark.parametrize(("service", "method", "arguments"), REFUSED)
def test_the_functions_door_refuses_what_the_policy_does_not_allow(
    enforcing, function_client, service, method, arguments
):
    client = function_client(enforcing.function_endpoint, service)
    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**arguments)
    assert caught.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")
    assert "assumed-role/harbour-collector-role/harbour-collector" in str(caught.value)
    assert enforcing.calls[-1].error in ("AccessDenied", "AccessDeniedException")


def test_what_is_allowed_passes_and_the_bench_is_not_bound(enforcing, function_client) -> None:
    function_client(enforcing.function_endpoint, "s3").put_object(
        Bucket="workbook-readings", Key="readings/a", Body=b"1"
    )
    stored = enforcing.client("s3").get_object(Bucket="workbook-readings", Key="readings/a")
    assert stored["Body"].read() == b"1"


def test_the_role_may_what_its_policy_allows_at_any_time_and_unrecorded(enforcing) -> None:
    enforcing.gate.close()
    s3 = enforcing.role_client("s3")
    s3.put_object(Bucket="workbook-readings", Key="readings/a", Body=b"1")
    with pytest.raises(ClientError, match=r"AccessDenied.*s3:DeleteObject"):
        s3.delete_object(Bucket="workbook-readings", Key="readings/a")
    assert enforcing.calls == []
    assert enforcing.client("s3").get_object(Bucket="workbook-readings", Key="readings/a")["Body"].read() == b"1"


def test_a_denial_is_told_from_a_missing_permission(enforcing) -> None:
    put = {"Bucket": "workbook-readings", "Key": "readings/a", "Body": b"1"}
    deny = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    for policy, words in [
        (a_policy(allow("s3:*", "*"), deny), "with an explicit deny in an identity-based policy"),
        (a_policy(allow("s3:GetObject", "*")), "because no identity-based policy allows the s3:PutObject action"),
    ]:
        enforcing.policy = policy
        with pytest.raises(ClientError, match=words):
            enforcing.role_client("s3").put_object(**put)


def test_the_policy_can_be_exchanged(enforcing, function_client) -> None:
    enforcing.policy = a_policy(allow("s3:ListAllMyBuckets", "*"))
    for client in (enforcing.role_client("s3"), function_client(enforcing.function_endpoint, "s3")):
        client.list_buckets()
        with pytest.raises(ClientError, match="AccessDenied"):
            client.put_object(Bucket="workbook-readings", Key="readings/a", Body=b"1")


@pytest.mark.parametrize(
    ("more", "bucket", "code"),
    [
        ([], "workbook-readings", "AccessDenied"),
        ([], "nobody-made-this", "NoSuchBucket"),
        ([allow("s3:ListBucket", "arn:aws:s3:::workbook-readings")], "workbook-readings", "NoSuchKey"),
    ],
)
def test_who_may_not_list_a_bucket_is_not_told_what_is_missing(enforcing, more, bucket, code) -> None:
    enforcing.policy = a_policy(allow("s3:GetObject", "arn:aws:s3:::*"), *more)
    with pytest.raises(ClientError) as caught:
        enforcing.role_client("s3").get_object(Bucket=bucket, Key="nothing-here")
    assert caught.value.response["Error"]["Code"] == code


def test_objects_lie_in_the_buckets_from_the_start_and_after_a_reset() -> None:
    with Cloud(buckets=["workbook-readings"], objects={"workbook-readings/config/tides.json": "[1]"}) as cloud:
        for _ in range(2):
            stored = cloud.client("s3").get_object(Bucket="workbook-readings", Key="config/tides.json")
            assert stored["Body"].read() == b"[1]"
            cloud.client("s3").delete_object(Bucket="workbook-readings", Key="config/tides.json")
            cloud.reset()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b'{"Version": }', "no JSON"), (b"\xff", "no JSON"), (b"[" * 100_000, "nested"), (b"[]", "object")],
)
def test_a_file_that_holds_no_policy(content, words) -> None:
    with pytest.raises(PolicyError, match=words):
        Policy.read(content)


def test_a_policy_that_is_too_long_for_a_role() -> None:
    statements = [allow("s3:PutObject", f"arn:aws:s3:::{number:03}/*") for number in range(200)]
    with pytest.raises(PolicyError, match=r"characters; a role's own policies have 10,240 at most"):
        Policy.read(json.dumps({"Version": "2012-10-17", "Statement": statements}).encode())
    spacious = json.dumps({"Version": "2012-10-17", "Statement": statements[:20]}, indent=200)
    assert len(spacious) > 10_240
    Policy.read(spacious.encode())


def test_a_suite_asks_the_role_and_gives_it_another_policy(make_lab) -> None:
    from workbook.grading.judge import grade

    suite = """import pytest
from botocore.exceptions import ClientError

@pytest.mark.task(1)
def test_attached(role):
    role.attach({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})
    assert role.client("s3").list_buckets()["Buckets"] == []
    assert role.allows("s3:DeleteBucket", "arn:aws:s3:::a")

@pytest.mark.task(1)
def test_its_own_again(role, aws):
    assert role.fault == "There is no policy.json beside the code."
    with pytest.raises(ClientError, match="AccessDenied"):
        role.client("s3").list_buckets()
    assert not role.allows("s3:DeleteBucket", "arn:aws:s3:::a")
    assert aws.calls == []
"""
    result = grade(make_lab(suite, function='policy = "policy.json"'))
    assert [check.message for check in result.checks] == [None, None]


def test_a_lab_with_a_policy_runs_under_it(make_lab) -> None:
    from workbook.grading.judge import grade

    code = "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(e, c):\n    s3.list_buckets()\n    return 1\n"
    suite = "import pytest\n@pytest.mark.task(1)\ndef test_a(function):\n    assert function.invoke({}).payload == 1\n"
    lab = make_lab(suite, starter=code, function='policy = "policy.json"')
    refused = grade(lab)
    assert refused.status == "failed", "no policy.json grants nothing"
    assert "ListBuckets was refused" in (refused.checks[0].diagnosis or "")
    policy = {"Version": "2012-10-17", "Statement": [allow("s3:ListAllMyBuckets", "*")]}
    (lab.folder / "policy.json").write_text(json.dumps(policy))
    assert grade(lab).status == "passed"
