"""Packages that come with the workbook's folder, in `wheels/`: set-up then needs no index."""

import importlib.util
import shutil
from pathlib import Path

import pytest

NO_INDEX = "http://127.0.0.1:9/simple"  # the discard port: nothing listens there


@pytest.fixture
def project(project):
    """A clone with a folder `wheels/`, where no index can be reached and no other folder is known."""
    for name in ("UV_NO_INDEX", "UV_FIND_LINKS", "PIP_NO_INDEX", "PIP_FIND_LINKS"):
        del project.environment[name]
    project.environment |= {"UV_DEFAULT_INDEX": NO_INDEX, "UV_HTTP_RETRIES": "0", "PIP_INDEX_URL": NO_INDEX}
    project.environment |= {"PIP_RETRIES": "0"}
    project.wheels.folder = shutil.move(project.wheels.folder, project.root / "wheels")
    return project


def change(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"\0")


def test_they_are_enough(project):
    outcome = project.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert "tiny_student" in outcome.installed


def test_what_is_not_among_them_is_asked_for_elsewhere(project):
    (project.wheels.folder / "tiny_student-1.0-py3-none-any.whl").unlink()
    outcome = project.lab("list")
    assert outcome.code == 3
    assert "The package index cannot be reached" in outcome.stderr


def test_a_wheel_that_is_not_the_pinned_one_is_refused(project):
    change(project.wheels.folder / "tiny_student-1.0-py3-none-any.whl")
    outcome = project.lab("list")
    assert outcome.code == 3
    assert list((project.root / ".venv").rglob("tiny_student*")) == []


@pytest.mark.slow
def test_the_labs_wheels_come_from_there_too(project):
    spec = importlib.util.find_spec("ensurepip")
    bundled = list(Path(spec.origin).parent.glob("_bundled/pip-*.whl")) if spec else []
    if not bundled:
        pytest.skip("this Python bundles no pip")
    project.require("student", ("tiny_student",), project.wheels.adopt(bundled[0]))
    lab = project.root / "labs" / "05_http"
    lab.mkdir()
    (lab / "lab.toml").write_text("title = 'HTTP'\n", encoding="utf-8")
    project.wheels.add("tiny_http")
    (lab / "requirements.lock").write_text(project.wheels.line("tiny_http"), encoding="utf-8")
    outcome = project.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert (project.root / ".workbook" / "wheels" / "tiny_http-1.0-py3-none-any.whl").exists()
