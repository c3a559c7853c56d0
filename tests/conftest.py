"""What tests of several parts share: a small course in a temporary folder."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from workbook.course.labs import Course, Lab

settings.register_profile("any machine", deadline=None)  # no test asks how long something takes
settings.load_profile("any machine")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The museum of attacks takes its time, and is asked for by its name: `./lab test tests/attacks`."""
    if collection_path.name == "attacks" and not any("attacks" in argument for argument in config.args):
        return True
    return None


LAB_TOML = """
title = "Greeting"
summary = "Greet a station."
minutes = 5
{top}

[function]
handler = "lambda_function.lambda_handler"
timeout = {timeout}
services = ["{service}"]
{function}

[[task]]
title = "Answer"
hints = ["Look at the event.", "A handler returns what AWS encodes.", "return {{'statusCode': 200}}"]

[[task]]
title = "Greet"
hints = ["a", "b", "c"]
"""

STARTER = '''
def lambda_handler(event, context):
    """Write here."""
    return None
'''

SOLUTION = """
def lambda_handler(event, context):
    return {"statusCode": 200, "greeting": "hello " + event["station"]}
"""

SUITE = '''
import pytest


@pytest.mark.task(1, points=4)
def test_answers(function):
    """answers with status code 200"""
    assert function.invoke({"station": "north-quay"}).payload["statusCode"] == 200


@pytest.mark.task(2, points=6, needs="test_answers")
def test_greets(function, aws):
    """greets the station by name"""
    assert function.invoke({"station": "north-quay"}).payload["greeting"] == "hello north-quay"
    assert aws.calls == []
'''

HIDDEN_SUITE = '''
import pytest


@pytest.mark.task(2, points=5)
def test_greets_another(function):
    """greets any station"""
    assert function.invoke({"station": "secret-quay"}).payload["greeting"] == "hello secret-quay"
'''


@pytest.fixture
def make_lab(tmp_path: Path) -> Callable[..., Lab]:
    """Makes a lab in a course of its own; every part can be given. The timeout is none that a busy machine meets."""

    def make(
        suite: str = SUITE,
        *,
        starter: str = STARTER,
        solution: str | None = SOLUTION,
        hidden: str | None = HIDDEN_SUITE,
        top: str = "",
        function: str = "",
        service: str = "s3",
        name: str = "01_greeting",
        timeout: int = 60,
    ) -> Lab:
        folder = tmp_path / "course" / "labs" / name
        folder.mkdir(parents=True)
        (folder / "lab.toml").write_text(LAB_TOML.format(top=top, function=function, service=service, timeout=timeout))
        (folder / "lambda_function.py").write_text(starter)
        (folder / f"test_{name[3:]}.py").write_text(suite)
        if solution is not None:
            shelf = tmp_path / "course" / "solutions" / name
            shelf.mkdir(parents=True)
            (shelf / "lambda_function.py").write_text(solution)
            if hidden is not None:
                (shelf / f"test_{name[3:]}_hidden.py").write_text(hidden)
        return Course(tmp_path / "course").find(name)

    return make
