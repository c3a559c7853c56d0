"""A function from a piece of source, and the proof that nothing of it is left when it is closed."""

import os
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from workbook.runtime import Configuration, Function, Platform, processes
from workbook.runtime.launch import Launcher
from workbook.runtime.launchers.fork import ForkLauncher
from workbook.runtime.launchers.spawn import SpawnLauncher

Deploy = Callable[..., Function]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bench's temporary folder, for this test alone."""
    folder = tmp_path / "bench"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(
    params=[SpawnLauncher, ForkLauncher] if processes.LINUX else [SpawnLauncher], ids=lambda kind: kind.__name__
)
def launcher(request: pytest.FixtureRequest) -> Launcher:
    return request.param()


@pytest.fixture
def deploy(tmp_path: Path, temporary: Path, launcher: Launcher) -> Iterator[Deploy]:
    """`deploy(source, timeout=..., memory=..., handler=..., environment=..., platform=..., layers=...)`; `source` is
    the text of lambda_function.py, or texts by file name."""
    functions: list[Function] = []

    def deploy(
        source: str | Mapping[str, str],
        *,
        platform: Platform | None = None,
        layers: Sequence[Path] = (),
        **settings: Any,
    ) -> Function:
        code = tmp_path / f"code{len(functions)}"
        for name, text in ({"lambda_function.py": source} if isinstance(source, str) else source).items():
            path = code / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), "utf-8")
        functions.append(
            Function(code, Configuration(**settings), layers=layers, platform=platform or Platform(launcher=launcher))
        )
        return functions[-1]

    yield deploy
    for function in functions:
        function.close()
    assert list(temporary.iterdir()) == []
    assert processes_of(temporary) == []


def processes_of(folder: Path) -> list[int]:
    """The processes that have `folder` among their variables or open files, zombies left out."""
    if not Path("/proc/self").exists():
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            text = (entry / "environ").read_bytes() + b"".join(
                os.fsencode(os.readlink(link)) for link in (entry / "fd").iterdir()
            )
        except OSError:
            continue
        if os.fsencode(folder) in text:
            found.append(int(entry.name))
    return found
