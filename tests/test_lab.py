"""The façade that notebooks and scripts import."""

import subprocess
import sys
from pathlib import Path

import pytest

from workbook.lab import open_lab


@pytest.fixture
def lab(make_lab, monkeypatch: pytest.MonkeyPatch):
    folder = make_lab().folder
    monkeypatch.chdir(folder)
    opened = open_lab(1)
    yield opened
    opened.close()


def test_a_text_is_a_function(lab) -> None:
    function = lab.function(
        "import os\ndef lambda_handler(event, context):\n    return [event, os.environ['NAME']]\n", NAME="x"
    )
    assert function.invoke({"a": 1}).payload == [{"a": 1}, "x"]


def test_without_code_it_is_the_labs_own(lab) -> None:
    assert lab.function().invoke({}).payload is None


def test_the_cloud_is_shared_and_can_be_reset(lab) -> None:
    code = "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(e, c):\n    s3.create_bucket(Bucket='quay-1')\n"
    assert lab.function(code).invoke().error is None
    assert [call.operation for call in lab.calls] == ["CreateBucket"]
    assert lab.client("s3").list_buckets()["Buckets"][0]["Name"] == "quay-1"
    lab.reset()
    assert lab.calls == []
    assert lab.client("s3").list_buckets()["Buckets"] == []


def test_a_program_that_forgets_to_close_leaves_nothing(make_lab, tmp_path: Path) -> None:
    lab = make_lab()
    program = (
        "from workbook.lab import open_lab\n"
        "f = open_lab(1).function('import os\\ndef lambda_handler(e, c):\\n    return os.getpid()')\n"
        "print(f.invoke().payload)"
    )
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=lab.folder, capture_output=True, text=True, check=True,
        env={"PATH": "", "TMPDIR": str(scratch)},
    )  # fmt: skip
    assert int(done.stdout) > 0
    assert list(scratch.iterdir()) == []
    assert not Path(f"/proc/{done.stdout.strip()}").exists()


def test_a_cell_that_opens_the_lab_can_be_run_again(lab) -> None:
    again = open_lab("greeting")
    answer = again.function("def lambda_handler(event, context):\n    return event\n").invoke(5).payload
    again.close()
    assert answer == 5


def test_the_role_can_be_given_a_policy(lab) -> None:
    code = "import boto3\ns3 = boto3.client('s3')\ndef lambda_handler(e, c):\n    s3.create_bucket(Bucket='quay-1')\n"
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::quay-1"}
    lab.attach({"Version": "2012-10-17", "Statement": [statement]})
    assert "s3:CreateBucket" in lab.function(code).invoke().error.message
    lab.reset()
    assert lab.function(code).invoke().error is None
