from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.doctor import Surroundings


@pytest.fixture
def make_place(tmp_path: Path) -> Callable[..., Surroundings]:
    """Surroundings in which nothing is amiss and nothing is there; any part can be given."""

    def make(**parts) -> Surroundings:
        plain = {
            "repository": tmp_path / "repository",
            "course": None,
            "home": tmp_path / "home",
            "encoding": "utf-8",
            "variables": {},
        }
        return Surroundings(**{**plain, **parts})

    return make
