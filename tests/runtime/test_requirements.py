"""A lab's locked requirements, installed offline from wheels that these tests build."""

import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from workbook.runtime import requirements
from workbook.runtime.requirements import RequirementsMissing, install


def build_wheel(folder: Path, text: str = "TIDE = 'high'\n") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "tide-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tide.py", text)
        wheel.writestr("tide-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tide\nVersion: 1.0\n")
        wheel.writestr("tide-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tide-1.0.dist-info/RECORD", "tide.py,,\n")
    return path


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    build_wheel(tmp_path / "wheels")
    return tmp_path / "wheels"


@pytest.fixture
def lock(tmp_path: Path, wheels: Path) -> Path:
    digest = hashlib.sha256((wheels / "tide-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    path = tmp_path / "lab" / "requirements.lock"
    path.parent.mkdir()
    path.write_text(f"tide==1.0 \\\n    --hash=sha256:{digest}\n")
    return path


def test_a_function_imports_them_from_the_layer(deploy, lock: Path, wheels: Path, tmp_path: Path) -> None:
    layer = install(lock, wheels, tmp_path / "cache")
    function = deploy("import tide\ndef lambda_handler(event, context):\n    return tide.TIDE\n", layers=[layer])
    assert function.invoke().payload == "high"
    assert list(layer.glob("__pycache__/tide.*.pyc"))
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [layer.name]


def test_the_second_time_costs_nothing(lock: Path, wheels: Path, tmp_path: Path, monkeypatch) -> None:
    layer = install(lock, wheels, tmp_path / "cache")
    monkeypatch.setattr(requirements, "_run_uv", None)
    assert install(lock, wheels, tmp_path / "cache") == layer
    lock.write_text(lock.read_text() + "# changed\n")
    with pytest.raises(TypeError):
        install(lock, wheels, tmp_path / "cache")


def test_another_process_may_be_faster(lock: Path, wheels: Path, tmp_path: Path, monkeypatch) -> None:
    run, cache = requirements._run_uv, tmp_path / "cache"

    def run_behind_another(*arguments: Path) -> None:
        run(*arguments)
        monkeypatch.setattr(requirements, "_run_uv", run)
        install(lock, wheels, cache)

    monkeypatch.setattr(requirements, "_run_uv", run_behind_another)
    layer = install(lock, wheels, cache)
    assert (layer / "tide.py").exists()
    assert os.listdir(cache) == [layer.name]


def test_missing_wheels_say_what_to_do(lock: Path, wheels: Path, tmp_path: Path) -> None:
    (wheels / "tide-1.0-py3-none-any.whl").unlink()
    with pytest.raises(RequirementsMissing, match=r"requirements.lock of lab .* Run ./lab setup"):
        install(lock, wheels, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_wheel_that_was_changed_is_refused(lock: Path, wheels: Path, tmp_path: Path) -> None:
    build_wheel(wheels, "TIDE = 'evil'\n")
    with pytest.raises(RequirementsMissing, match=r"(?i)hash"):
        install(lock, wheels, tmp_path / "cache")


def test_a_lock_without_hashes_is_refused(lock: Path, wheels: Path, tmp_path: Path) -> None:
    lock.write_text("tide==1.0\n")
    with pytest.raises(RequirementsMissing):
        install(lock, wheels, tmp_path / "cache")
