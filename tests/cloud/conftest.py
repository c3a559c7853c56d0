"""A cloud to knock at, and clients that reach it as a function would."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from workbook.cloud import Cloud


@pytest.fixture(scope="module")
def function_client() -> Callable[[str, str], Any]:
    session = boto3.Session(
        aws_access_key_id="ASIAFUNCTION00000000",
        aws_secret_access_key="dummy",
        aws_session_token="dummy",
        region_name="us-east-1",
    )

    def make(endpoint: str, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=20)
        return session.client(service, endpoint_url=endpoint, config=config)

    return make


@pytest.fixture(scope="module")
def shared_cloud() -> Iterator[Cloud]:
    with Cloud(services=["s3"], buckets=["workbook-readings"]) as cloud:
        yield cloud


@pytest.fixture
def cloud(shared_cloud: Cloud) -> Cloud:
    """Lets S3 through, has the bucket `workbook-readings`, and the function is awake."""
    shared_cloud.reset()
    shared_cloud.gate.open()
    return shared_cloud


@pytest.fixture
def s3(cloud: Cloud, function_client: Callable[[str, str], Any]) -> Any:
    """The function's S3 client."""
    return function_client(cloud.function_endpoint, "s3")
