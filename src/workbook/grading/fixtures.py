"""The fixtures that every suite stands on. They may be asked for in any order."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from workbook.bench import Bench
from workbook.grading.session import bench_of, watch
from workbook.runtime import BudgetSpent, Function

if TYPE_CHECKING:
    from workbook.cloud import Call, HttpApi


class Aws:
    """The local AWS from the bench's side: full rights, and a record of what the function did."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def client(self, service: str) -> Any:
        """A boto3 client with full rights on the same cloud that the function sees."""
        return self._bench.cloud.client(service)

    @property
    def calls(self) -> "list[Call]":
        """Every call that the function made, in order, refused ones too: `.service`, `.operation`
        ("PutObject"), `.parameters` (boto3's keyword arguments), `.status`, `.error`."""
        return self._bench.calls


class Role:
    """The function's execution role: what the policy of the code under judgement grants."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    @property
    def fault(self) -> str | None:
        """Why AWS would not take the policy; None when it would."""
        return self._bench.policy_fault

    def client(self, service: str) -> Any:
        """A boto3 client with this role's rights and no others. What it does is not among `aws.calls`."""
        return self._bench.cloud.role_client(service)

    def allows(self, action: str, resource: str) -> bool:
        """Whether the policy, as it reads, allows an action ("s3:PutObject") on a resource (an ARN)."""
        from workbook.cloud.permissions import Need

        policy = self._bench.cloud.policy
        return policy is None or policy.allows(Need(action, resource))

    def attach(self, document: object) -> None:
        """For the rest of the check, gives the role this policy alone."""
        self._bench.attach(document)


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The lab's world, fresh for this check."""
    found = bench_of(request.node)
    _renew(found)
    yield found
    _renew(found)


def _renew(bench: Bench) -> None:
    try:
        bench.reset()
    except TimeoutError:  # the function asked for something that takes very long
        raise BudgetSpent from None


@pytest.fixture
def environment() -> dict[str, str]:
    """Variables that the other fixtures lay over the manifest's for this check's function."""
    return {}


@pytest.fixture
def aws(bench: Bench) -> Aws:
    """The cloud: `.client(name)` looks into it, `.calls` is what the function did to it."""
    return Aws(bench)


@pytest.fixture
def role(bench: Bench) -> Role:
    """The function's execution role: `.client(name)` calls as it, `.allows(action, resource)` reads its policy."""
    return Role(bench)


@pytest.fixture
def bucket(bench: Bench, environment: dict[str, str]) -> str:
    """The name of an empty bucket, set as BUCKET_NAME; another one for each check."""
    name = bench.make_bucket()
    environment["BUCKET_NAME"] = name
    return name


@pytest.fixture
def http_api(bench: Bench, environment: dict[str, str]) -> "HttpApi":
    """A real HTTP server on loopback that the check scripts, its address set as API_URL: `.respond`, `.hang`,
    `.garble`, `.refuse`, and `.requests` for what arrived."""
    return bench.http_api


@pytest.fixture
def function(request: pytest.FixtureRequest, bench: Bench, environment: dict[str, str]) -> Function:
    """The function under judgement, cold, with the lab's configuration and this check's world."""
    for name in ("bucket", "http_api"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    variables: dict[str, str | None] = dict(environment)
    if "http_api" in request.fixturenames:
        variables["API_URL"] = bench.http_api.url
    return bench.function(variables, observe=watch(request.node))
