"""What a function is seen to need: from its suite, run here."""

import pytest

from workbook.cloud import Cloud
from workbook.cloud.permissions import Need
from workbook.deploy.aws.place import Place
from workbook.deploy.observation import Observation, Unobserved, observe

PLACE = Place("999988887777", "eu-north-1")
FUNCTION = """
[function.environment]
BUCKET_NAME = "workbook-readings"
[cloud]
buckets = ["workbook-readings"]
"""
OBSERVED = """
import pytest


@pytest.mark.task(1, points=4)
def test_answers(function, bucket):
    \"\"\"answers\"\"\"
    function.invoke({})
"""
STORES = """
import os
import boto3


def lambda_handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key="readings/a.json", Body=b"{}")
    try:
        s3.get_object(Bucket=os.environ["BUCKET_NAME"], Key="absent.json")
    except s3.exceptions.NoSuchKey:
        pass
"""


def test_the_suite_shows_what_the_function_needs_in_the_account(make_lab) -> None:
    lab = make_lab(OBSERVED, starter=STORES, function=FUNCTION, name="09_capstone")
    found = observe(lab, lab.folder, PLACE, {"workbook-readings": "my-readings"})
    assert found == Observation((Need("s3:PutObject", "arn:aws:s3:::my-readings/readings/a.json"),), missed=0, checks=1)


def test_what_was_called_under_another_policy_is_no_need_of_the_role(make_lab) -> None:
    policy = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    suite = OBSERVED.replace("bucket):", "bucket, role):") + f"    role.attach({policy})\n    function.invoke({{}})\n"
    starter = STORES.replace("readings/a.json", "readings/{context.aws_request_id}.json").replace('Key="r', 'Key=f"r')
    lab = make_lab(suite, starter=starter, function=FUNCTION, name="09_capstone")
    (need,) = observe(lab, lab.folder, PLACE, {"workbook-readings": "my-readings"}).needs
    assert need.resource.startswith("arn:aws:s3:::my-readings/readings/")


def test_what_another_handler_calls_is_no_need_of_the_role(make_lab) -> None:
    suite = OBSERVED + '    function.configure(handler="lambda_function.keep_house").invoke({})\n'
    starter = STORES + '\n\ndef keep_house(event, context):\n    boto3.client("s3").list_buckets()\n'
    lab = make_lab(suite, starter=starter, function=FUNCTION, name="09_capstone")
    assert [need.action for need in observe(lab, lab.folder, PLACE, {}).needs] == ["s3:PutObject"]


def test_code_that_cannot_be_taken_in_is_not_observed(make_lab, tmp_path) -> None:
    lab = make_lab(OBSERVED, function=FUNCTION, name="09_capstone")
    with pytest.raises(Unobserved, match="cannot be taken in"):
        observe(lab, tmp_path / "absent", PLACE, {})


def test_a_policy_that_aws_would_not_take_is_named_in_place_of_what_it_refused(make_lab) -> None:
    top = 'files = ["lambda_function.py", "policy.json"]'
    lab = make_lab(OBSERVED, starter=STORES, top=top, function='policy = "policy.json"' + FUNCTION, name="09_capstone")
    (lab.folder / "policy.json").write_text("{,}")
    with pytest.raises(Unobserved, match=r"AWS would not take its policy.*policy\.json: It is no JSON"):
        observe(lab, lab.folder, PLACE, {})


def test_a_bench_that_breaks_has_seen_nothing(make_lab) -> None:
    lab = make_lab(OBSERVED, starter=STORES, function=FUNCTION, name="09_capstone")
    with Cloud(), pytest.raises(Unobserved, match="cannot be run"):  # a process has one cloud at a time
        observe(lab, lab.folder, PLACE, {})
