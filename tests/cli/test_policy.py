import json

import pytest

from workbook.cloud.permissions import Need, Policy

WRITER = """
import os
import boto3
s3 = boto3.client("s3")

def lambda_handler(event, context):
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key="readings/" + event["key"], Body=b"1")
    try:
        s3.list_objects_v2(Bucket="nobody-made-this")
    except Exception:
        pass
"""

SUITE = """
import pytest

@pytest.mark.task(1)
@pytest.mark.parametrize("key", ["north/1", "south/2"])
def test_writes(function, bucket, key):
    assert function.invoke({"key": key}).error is None
"""

WORLD = '[function.environment]\nBUCKET_NAME = "quay-readings"\n[cloud]\nbuckets = ["quay-readings"]'


@pytest.fixture
def writer(make_lab):
    return make_lab(SUITE, solution=WRITER, hidden=None, function=WORLD)


def test_the_observed_policy_is_what_the_suite_needs_on_the_labs_own_bucket(writer, run) -> None:
    done = run("policy", "1", "--observed", "--solution")
    assert done.returncode == 0, done.stderr
    assert "permissions: 2" in done.stderr
    policy = Policy(json.loads(done.stdout))
    assert policy.allows(Need("s3:PutObject", "arn:aws:s3:::quay-readings/readings/east/3"))
    assert not policy.allows(Need("s3:PutObject", "arn:aws:s3:::quay-readings/config"))
    assert not policy.allows(Need("s3:ListBucket", "arn:aws:s3:::nobody-made-this"))


def test_the_usual_policy_needs_no_run_and_names_the_narrower_one(writer, run) -> None:
    done = run("policy")
    assert done.returncode == 0
    assert "./lab policy 1 --observed" in done.stderr
    assert Policy(json.loads(done.stdout)).allows(Need("s3:PutObject", "arn:aws:s3:::quay-readings/any"))


def test_code_that_fails_is_told(writer, run) -> None:
    (writer.folder / "lambda_function.py").write_text("import nowhere\n")
    done = run("policy", "1", "--observed")
    assert done.returncode == 0
    assert "permissions: 0" in done.stderr
    assert "Not the whole of it: 2 of 2 checks do not pass, so it may need more." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [(["--solution"], 2, "add --observed"), (["--observed", "--code", "nowhere"], 2, "no such file")],
)
def test_wrong_usage_is_a_sentence(writer, run, arguments, code, words) -> None:
    done = run("policy", "1", *arguments)
    assert done.returncode == code
    assert words in done.stderr
