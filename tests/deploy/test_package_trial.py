"""Running a package under the bare runtime, where its contents can run here."""

import platform
import sys
from pathlib import Path

import pytest

from workbook.deploy.package import trial
from workbook.deploy.package.archive import Archive
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.inspection import inspect
from workbook.deploy.package.target import Target
from workbook.deploy.package.trial import Circumstances, Outcome

HERE = Target(f"python3.{sys.version_info.minor}", "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64")
OTHER = Target("python3.12" if sys.version_info.minor != 12 else "python3.13")
HANDLER = "{top}\ndef lambda_handler(event, context):\n    {body}\n    return event\n"
METADATA = "Metadata-Version: 2.1\nName: tide\nVersion: 1.0\n"


@pytest.fixture
def attempt(make_zip):
    def attempt(top: str = "", body: str = "", *, target: Target = HERE, files=None, **variables: str):
        expected = Expectation(target)
        handler = HANDLER.format(top=top, body=body or "pass")
        with Archive(make_zip({"lambda_function.py": handler, **(files or {})})) as archive:
            return trial.run(archive.read_all, inspect(archive, expected), expected, Circumstances(variables))

    return attempt


def test_it_starts_from_what_is_in_the_zip(attempt) -> None:
    found = attempt("import tide", "assert tide.HIGH", files={"tide/__init__.py": "HIGH = True"})
    assert found.outcome is Outcome.STARTED


def test_it_sees_its_variables_and_the_runtimes_own_packages(attempt) -> None:
    assert attempt("import boto3, os\nos.environ['BUCKET_NAME']", BUCKET_NAME="x").outcome is Outcome.STARTED


@pytest.mark.parametrize(("top", "body"), [("import requests", ""), ("", "import requests")])
def test_what_is_not_in_the_zip_is_missed_at_the_top_and_in_the_handler(top: str, body: str, attempt) -> None:
    found = attempt(top, body)
    assert found.outcome is Outcome.FAILED
    assert "No module named 'requests'" in found.reason


def test_an_answer_that_fails_for_want_of_a_cloud_is_not_judged(attempt) -> None:
    assert attempt("import boto3", "boto3.client('s3').list_buckets()").outcome is Outcome.STARTED
    found = attempt("import boto3\nboto3.client('s3').list_buckets()")
    assert found.outcome is Outcome.NOT_RUN
    assert "init phase" in found.reason


def test_a_compiled_file_is_run_where_host_and_target_are_equal(attempt, monkeypatch) -> None:
    files = {"tide.abi3.so": ""}
    monkeypatch.setattr(Target, "is_here", lambda _: True)
    assert attempt(files=files).outcome is Outcome.STARTED
    monkeypatch.setattr(Target, "is_here", lambda _: False)
    found = attempt(files=files)
    assert found.outcome is Outcome.NOT_RUN
    assert "tide.abi3.so is compiled for" in found.reason


def test_whether_the_target_is_here(monkeypatch) -> None:
    assert not OTHER.is_here()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(platform, "machine", lambda: HERE.machine)
    assert HERE.is_here()
    for module, name, value in (
        (sys, "platform", "darwin"),
        (platform, "machine", lambda: "riscv64"),
        (platform, "libc_ver", lambda: ("", "")),
    ):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, value)
            assert not HERE.is_here()


def test_a_dependency_that_asks_for_another_python_is_not_run(attempt) -> None:
    files = {"tide-1.0.dist-info/METADATA": METADATA + "Requires-Python: >=3.99\n"}
    assert "tide asks for Python >=3.99" in attempt(files=files).reason


def test_a_dependency_that_needs_more_here_than_on_lambda_is_not_run(attempt) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    files = {"tide-1.0.dist-info/METADATA": METADATA + f"Requires-Dist: moon; python_version == '{version}'\n"}
    found = attempt("import moon", files=files, target=OTHER)
    assert found.outcome is Outcome.NOT_RUN
    assert "tide needs moon here" in found.reason


def test_another_python_is_not_believed_about_syntax_and_names(attempt, monkeypatch) -> None:
    newer = Target("python3.14")
    if newer.python == sys.version_info[:2]:
        pytest.skip("no newer Python is known")
    assert attempt("from typing import NewThing", target=newer).outcome is Outcome.NOT_RUN
    assert attempt("import nothing_like_it", target=newer).outcome is Outcome.FAILED
    assert attempt("from typing import NewThing").outcome is Outcome.FAILED


def test_what_reading_found_comes_first(make_zip) -> None:
    expected = Expectation(HERE)
    with Archive(make_zip({"x/lambda_function.py": ""})) as archive:
        found = trial.run(archive.read_all, inspect(archive, expected), expected, Circumstances())
    assert found.outcome is Outcome.NOT_RUN


def test_a_handler_that_hangs_has_started(attempt, monkeypatch) -> None:
    monkeypatch.setattr(trial, "LONGEST_SECONDS", 0.2)
    assert attempt("import time", "time.sleep(60)").outcome is Outcome.STARTED


def test_nothing_is_left_behind(attempt, tmp_path: Path, monkeypatch) -> None:
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    attempt()
    assert list((tmp_path / "temporary").iterdir()) == []
