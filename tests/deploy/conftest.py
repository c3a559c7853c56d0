"""Small wheels, made here, and zips made by hand: packaging needs no network to be tested."""

import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

HANDLER = "def lambda_handler(event, context):\n    return {'statusCode': 200}\n"
ELF_X86_64 = b"\x7fELF\x02\x01\x01" + bytes(11) + b"\x3e\x00"
MakeWheel = Callable[..., Path]
MakeZip = Callable[..., Path]


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder


@pytest.fixture
def make_wheel(wheels: Path) -> MakeWheel:
    """Makes a wheel of one package; `files` are laid over its `__init__.py`."""

    def make(
        name: str,
        version: str = "1.0",
        tag: str = "py3-none-any",
        *,
        files: Mapping[str, bytes | str] | None = None,
        requires: tuple[str, ...] = (),
        scripts: str = "",
    ) -> Path:
        notes = f"{name}-{version}.dist-info"
        needs = "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
        contents = {
            f"{name}/__init__.py": f"VERSION = {version!r}\n",
            f"{notes}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
            f"{notes}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
            **({f"{notes}/entry_points.txt": f"[console_scripts]\n{scripts}\n"} if scripts else {}),
            **(files or {}),
        }
        contents[f"{notes}/RECORD"] = "".join(f"{entry},,\n" for entry in contents) + f"{notes}/RECORD,,\n"
        path = wheels / f"{name}-{version}-{tag}.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for entry, content in contents.items():
                wheel.writestr(entry, content)
        return path

    return make


@pytest.fixture
def make_zip(tmp_path: Path) -> MakeZip:
    """Makes a zip as Linux's zip would: modes 644, unless an entry is a (content, mode) pair."""

    def make(files: Mapping[str, str | bytes | tuple[str | bytes, int]], name: str = "hand.zip") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for raw, given in files.items():
                content, mode = given if isinstance(given, tuple) else (given, 0o644)
                entry = zipfile.ZipInfo("x")
                entry.filename = raw
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (mode if stat.S_IFMT(mode) else stat.S_IFREG | mode) << 16
                archive.writestr(entry, content)
        return path

    return make


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "lambda_function.py").write_text(HANDLER)
    return folder
