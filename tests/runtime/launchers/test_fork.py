"""What is forked from a template."""

import signal
import time
from pathlib import Path

import psutil
import pytest

from workbook.runtime import Platform, processes
from workbook.runtime.launchers.fork import ForkLauncher
from workbook.runtime.launchers.spawn import SpawnLauncher

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="only Linux forks functions")


@pytest.fixture
def launcher() -> ForkLauncher:
    return ForkLauncher()


@pytest.mark.parametrize("services", [(), ("s3",), ("events", "lambda", "s3")], ids=lambda names: "+".join(names))
def test_a_template_starts_whatever_services_it_is_told(deploy, services) -> None:
    function = deploy(
        """
        def lambda_handler(event, context):
            return open("/proc/self/cmdline").read().split("\\0")
        """,
        platform=Platform(launcher=ForkLauncher(services)),
    )
    assert any(part.endswith("template.py") for part in function.invoke({}).payload)


# What a function may do before it has its client, or to get it; the last line makes the name `client`.
WAYS = {
    "plain": "client = boto3.client('s3')",
    "by name": "client = boto3.client(service_name='s3')",
    "another region": "client = boto3.client('s3', region_name='eu-central-1')",
    "another endpoint": "client = boto3.client('s3', endpoint_url='http://127.0.0.1:7')",
    "a configuration": "client = boto3.client('s3', config=botocore.config.Config(retries={'total_max_attempts': 4}))",
    "the second": "boto3.client('s3'); client = boto3.client('s3')",
    "another service": "boto3.client('s3'); client = boto3.client('sqs')",
    "a session": "client = boto3.Session(region_name='eu-west-1').client('s3')",
    "a default session": "boto3.setup_default_session(region_name='eu-west-1'); client = boto3.client('s3')",
    "a resource": "client = boto3.resource('s3').meta.client",
    "a resource elsewhere": "client = boto3.resource('s3', region_name='eu-central-1').meta.client",
    "a resource after a client": "boto3.client('s3'); client = boto3.resource('s3').meta.client",
    "a client after a resource": "boto3.resource('s3'); client = boto3.client('s3')",
    "a resource by a variable": "os.environ['AWS_REGION'] = 'eu-west-1'; client = boto3.resource('s3').meta.client",
    "a variable": "os.environ['AWS_DEFAULT_REGION'] = 'eu-west-1'; client = boto3.client('s3')",
    "credentials": "os.environ['AWS_ACCESS_KEY_ID'] = 'AKIA'; boto3.client('s3'); client = boto3.client('s3')",
    "a proxy": "os.environ['HTTP_PROXY'] = 'http://127.0.0.1:5'; client = boto3.client('s3')",
    "late credentials": "boto3.client('s3'); os.environ['AWS_ACCESS_KEY_ID'] = 'AKIA'; client = boto3.client('sqs')",
}
TELLS_ITS_CLIENT = """
    import json, os
    import boto3, botocore.config

    {way}

    def lambda_handler(event, context):
        config = {{key: sorted(repr(value)) for key, value in vars(client.meta.config).items()}}
        keys = client._request_signer._credentials.get_frozen_credentials()
        proxies = client._endpoint.http_session._proxy_config._proxies
        again = boto3.client("s3") is boto3.client("s3")
        return [client.meta.endpoint_url, client.meta.region_name, config, list(keys), proxies, again]
"""


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_client_is_what_it_is_in_a_fresh_interpreter(deploy, way: str) -> None:
    fresh, forked = (
        deploy(TELLS_ITS_CLIENT.format(way=way), platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:8"))
        for launcher in (SpawnLauncher(), ForkLauncher(["s3"]))
    )
    told = fresh.invoke({})
    assert told.payload is not None
    assert not told.payload[-1]
    assert forked.invoke({}).payload == told.payload


def test_each_resource_is_another_and_does_what_it_does_elsewhere(deploy) -> None:
    source = """
        import boto3

        bucket = boto3.resource("s3").Bucket("quay")

        def lambda_handler(event, context):
            one, other = boto3.resource("s3"), boto3.resource("s3")
            return [repr(bucket), repr(bucket.Object("a")), one is other, one.meta.client is other.meta.client]
    """
    fresh, forked = (
        deploy(source, platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:8")).invoke({}).payload
        for launcher in (SpawnLauncher(), ForkLauncher(["s3"]))
    )
    assert forked == fresh == ["s3.Bucket(name='quay')", "s3.Object(bucket_name='quay', key='a')", False, False]


def test_clients_follow_the_functions_variables(deploy) -> None:
    launcher = ForkLauncher(["s3"])
    source = TELLS_ITS_CLIENT.format(way=WAYS["plain"])
    for endpoint in ("http://127.0.0.1:11", "http://127.0.0.1:12", "http://127.0.0.1:11"):
        function = deploy(source, platform=Platform(launcher=launcher, endpoint=endpoint))
        assert function.invoke({}).payload[0] == endpoint


def test_a_setting_that_botocore_refuses_is_refused_in_the_function(deploy) -> None:
    function = deploy(
        TELLS_ITS_CLIENT.format(way=WAYS["plain"]),
        environment={"AWS_RETRY_MODE": "sometimes"},
        platform=Platform(launcher=ForkLauncher(["s3"])),
    )
    assert function.invoke({}).error.type == "InvalidRetryModeError"


def test_the_making_of_a_client_is_logged_where_that_is_asked_for(deploy) -> None:
    way = "import logging; logging.getLogger().setLevel(logging.DEBUG); client = boto3.client('s3')"
    function = deploy(TELLS_ITS_CLIENT.format(way=way), platform=Platform(launcher=ForkLauncher(["s3"])))
    assert "Event creating-client-class.s3" in function.invoke({}).log_text


def test_a_function_that_ends_its_template_is_told_of_and_the_next_one_starts(deploy) -> None:
    launcher = ForkLauncher(["events"])
    ending = "import os, signal\ndef lambda_handler(event, context):\n    os.kill(os.getppid(), signal.SIGKILL)\n"
    function = deploy(ending, platform=Platform(launcher=launcher))
    assert function.invoke({}).error is None
    function.close()
    greeting = "def lambda_handler(event, context):\n    return 'hello'\n"
    assert deploy(greeting, platform=Platform(launcher=launcher)).invoke({}).payload == "hello"


def test_how_a_forked_function_ended_is_known(deploy) -> None:
    source = "import os\ndef lambda_handler(event, context):\n    os.abort()\n"
    error = deploy(source, platform=Platform(launcher=ForkLauncher())).invoke({}).error
    assert signal.strsignal(signal.SIGABRT).lower() in error.message


TELLS_ITS_PID = """
    import os

    def lambda_handler(event, context):
        return [os.getpid(), os.getppid()]
"""


def test_a_spare_becomes_the_next_function_and_others_are_made(deploy) -> None:
    launcher = ForkLauncher(["s3"], spares=2)
    first = deploy(TELLS_ITS_PID, platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:21"))
    _, template = first.invoke({}).payload
    seen: list[int] = []
    for _ in range(3):
        spares = wait_for_spares(template, 2 + 1 + len(seen))
        function = deploy(TELLS_ITS_PID, platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:21"))
        pid, parent = function.invoke({}).payload
        assert (pid in spares, pid in seen, parent) == (True, False, template)
        seen.append(pid)


def test_spares_do_not_keep_clients_that_no_longer_fit(deploy) -> None:
    launcher = ForkLauncher(["s3"], spares=1)
    pid = deploy(TELLS_ITS_PID, platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:22")).invoke({})
    wait_for_spares(pid.payload[1], 2)
    source = TELLS_ITS_CLIENT.format(way=WAYS["plain"])
    function = deploy(source, platform=Platform(launcher=launcher, endpoint="http://127.0.0.1:23"))
    assert function.invoke({}).payload[0] == "http://127.0.0.1:23"


def wait_for_spares(template: int, count: int) -> set[int]:
    """The children of the template, once there are so many."""
    ends = time.monotonic() + 30
    while len(found := {child.pid for child in psutil.Process(template).children()}) < count:
        assert time.monotonic() < ends, f"{len(found)} of {count} children"
        time.sleep(0.05)
    return found


@pytest.mark.parametrize(
    "service", ["s3", "events", "lambda", "iam", "sqs"]
)  # a template each, with an order of its own
def test_a_module_that_another_package_has_under_a_second_name_is_whole(deploy, tmp_path: Path, service) -> None:
    """As requests has urllib3, for boto3 the same module."""
    texts = {
        "plain/__init__.py": "",
        "plain/part.py": "",
        "user.py": "import plain.part\n",
        "alias/__init__.py": "import sys, plain.part\n"
        "sys.modules['alias.plain'] = plain\nsys.modules['alias.plain.part'] = plain.part\n",
    }
    for name, text in texts.items():
        (tmp_path / "layer" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "layer" / name).write_text(text)
    source = """
        import user, plain

        def lambda_handler(event, context):
            return hasattr(plain, "part")
    """
    for endpoint in ("http://127.0.0.1:31", "http://127.0.0.1:32"):  # the second has its template make new clients
        platform = Platform(launcher=ForkLauncher([service]), endpoint=endpoint)
        assert deploy(source, layers=[tmp_path / "layer"], platform=platform).invoke({}).payload is True
