from collections.abc import Callable
from pathlib import Path

import pytest

MANIFEST = """\
title = "A lab"
summary = "What it is for."
[function]
handler = "lambda_function.lambda_handler"
[[task]]
title = "The first step"
hints = ["a nudge"]
[[task]]
title = "The second step"
"""


@pytest.fixture
def make_lab(tmp_path: Path) -> Callable[..., Path]:
    """Writes a lab's folder below `tmp_path / "labs"` and returns it; a text of None leaves that file out."""

    def make(name: str, manifest: str | None = MANIFEST, suite: str | None = "test_it.py") -> Path:
        folder = tmp_path / "labs" / name
        folder.mkdir(parents=True)
        if manifest is not None:
            (folder / "lab.toml").write_text(manifest, encoding="utf-8")
        if suite is not None:
            (folder / suite).touch()
        (folder / "lambda_function.py").write_text("# the starter\n", encoding="utf-8")
        return folder

    return make
