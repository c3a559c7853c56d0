"""The command as a real process."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `lab ARGUMENTS` in the course under the test's temporary folder."""

    def call(*arguments: str, cwd: Path | None = None, stdin: str = "", **variables: str):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "WORKBOOK_"))}
        return subprocess.run(
            [sys.executable, "-m", "workbook", *arguments],
            cwd=cwd or tmp_path / "course",
            env={**environment, **variables},
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return call
