"""The execution role's policy, from a manifest and from calls."""

import pytest

from workbook.cloud.permissions import Need, Policy
from workbook.deploy.policy import grant_observed, grant_usual


def patterns(document, field):
    found = []
    for statement in document["Statement"]:
        found += statement[field] if isinstance(statement[field], list) else [statement[field]]
    return found


@pytest.mark.parametrize("services", [[], ["s3"], ["s3", "events", "lambda"], ["sqs", "sns", "ssm", "dynamodb"]])
def test_the_usual_policy_is_one_that_aws_takes_and_names_no_bare_star(services) -> None:
    document = grant_usual("harbour-collector", services, ["workbook-readings"])
    Policy(document)
    assert "*" not in patterns(document, "Resource")
    assert not any(action.endswith("*") for action in patterns(document, "Action"))
    assert {action.split(":")[0] for action in patterns(document, "Action")} == {"logs", *services}


def test_the_function_may_write_its_own_log_and_no_other() -> None:
    policy = Policy(grant_usual("harbour-collector", [], []))
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/{}:log-stream:a"
    assert policy.allows(Need("logs:PutLogEvents", group.format("harbour-collector")))
    assert not policy.allows(Need("logs:PutLogEvents", group.format("another")))


def test_the_observed_policy_allows_what_was_seen_and_no_more() -> None:
    seen = [
        Need("s3:PutObject", "arn:aws:s3:::workbook-readings/readings/north/1.json"),
        Need("s3:PutObject", "arn:aws:s3:::workbook-readings/readings/south/2.json"),
        Need("s3:GetObject", "arn:aws:s3:::workbook-readings/config/stations.json"),
        Need("s3:GetBucketLocation", "arn:aws:s3:::workbook-readings"),
        Need("events:PutRule", "arn:aws:events:us-east-1:123456789012:rule/hourly"),
    ]
    policy = Policy(grant_observed("harbour-collector", seen))
    bucket = "arn:aws:s3:::workbook-readings"
    assert policy.allows(Need("s3:PutObject", f"{bucket}/readings/east/3.json"))
    assert policy.allows(Need("s3:GetObject", f"{bucket}/config/stations.json"))
    assert policy.allows(seen[-1])
    for refused in (
        Need("s3:PutObject", f"{bucket}/config/stations.json"),
        Need("s3:GetObject", f"{bucket}/readings/north/1.json"),
        Need("s3:GetObject", f"{bucket}/config/other.json"),
        Need("s3:DeleteObject", f"{bucket}/readings/north/1.json"),
        Need("s3:PutObject", "arn:aws:s3:::another-bucket/readings/north/1.json"),
        Need("events:DeleteRule", seen[-1].resource),
    ):
        assert not policy.allows(refused)


def test_the_order_of_calls_changes_nothing() -> None:
    seen = [Need("s3:PutObject", f"arn:aws:s3:::quay/a/{number}") for number in range(4)]
    assert grant_observed("f", seen) == grant_observed("f", seen[::-1] * 2)


def test_keys_without_a_common_folder_become_the_whole_bucket() -> None:
    seen = [Need("s3:PutObject", f"arn:aws:s3:::quay/{key}") for key in ("a/1", "b/2")]
    assert grant_observed("f", seen)["Statement"][-1]["Resource"] == "arn:aws:s3:::quay/*"


def test_one_written_key_stands_for_its_folder_and_one_read_key_for_itself() -> None:
    key = "arn:aws:s3:::quay/readings/north/2026-01-14/233000Z.json"
    written, read = (grant_observed("f", [Need(action, key)]) for action in ("s3:PutObject", "s3:GetObject"))
    assert written["Statement"][-1]["Resource"] == "arn:aws:s3:::quay/readings/*"
    assert read["Statement"][-1]["Resource"] == key
