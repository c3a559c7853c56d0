"""What is forked from a template."""

import pytest

from workbook.runtime import Platform, processes
from workbook.runtime.launchers.fork import ForkLauncher

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
