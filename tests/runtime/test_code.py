"""Code as files: folders, single files and zips, good and hostile."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook.runtime import Code, CodeError, Stage, code


def zip_of(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def test_a_folder_without_what_is_no_part_of_the_function(tmp_path: Path) -> None:
    for name in (
        "lambda_function.py", "pkg/__init__.py", "pkg/test_data.py", "pkg/README.md", "README.md", "lab.toml",
        "test_s3.py", "events/one.json", "__pycache__/x.pyc", "pkg/__pycache__/y.pyc", ".git/config", "old.zip",
        ".venv/bin/python",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    found = Code.open(tmp_path)
    assert list(found) == ["lambda_function.py", "pkg/README.md", "pkg/__init__.py", "pkg/test_data.py"]
    assert found["pkg/__init__.py"] == b"pkg/__init__.py"
    assert len(found) == 4


def test_a_zip_that_a_student_hands_in_is_one_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text("x = 1")
    zip_of(tmp_path / "lambda_deploy.zip", ("lambda_function.py", b"x = 2"), ("pkg/mod.py", b"y"))
    zip_of(tmp_path / "old.zip", ("lambda_function.py", b"x = 0"))
    found = Code.open(tmp_path, files=("lambda_function.py", "lambda_deploy.zip"))
    assert list(found) == ["lambda_deploy.zip", "lambda_function.py"]
    assert dict(found.unpack("lambda_deploy.zip")) == {"lambda_function.py": b"x = 2", "pkg/mod.py": b"y"}


def test_a_zip_that_a_student_hands_in_may_be_hostile(tmp_path: Path) -> None:
    found = Code(tmp_path, {"lambda_deploy.zip": b"no zip"})
    with pytest.raises(CodeError, match=r"lambda_deploy\.zip cannot be read as a zip"):
        found.unpack("lambda_deploy.zip")


def test_a_file_stands_for_the_handlers_module(tmp_path: Path) -> None:
    (tmp_path / "ada.py").write_text("x = 1")
    assert dict(Code.open(tmp_path / "ada.py")) == {"lambda_function.py": b"x = 1"}
    assert list(Code.open(tmp_path / "ada.py", files=("app.py",))) == ["app.py"]


def test_a_zip(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("./lambda_function.py", b"x"), ("pkg/", b""), ("pkg/ø.txt", b"y"))
    assert dict(Code.open(path)) == {"lambda_function.py": b"x", "pkg/ø.txt": b"y"}


def test_files_are_laid_over_others(tmp_path: Path) -> None:
    for name, text in (("a/one.py", "1"), ("a/two.py", "2"), ("b/two.py", "3")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    both = Code.open(tmp_path / "a").overlaid(Code.open(tmp_path / "b"))
    assert dict(both) == {"one.py": b"1", "two.py": b"3"}


def test_a_stage_is_read_only_and_goes(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", ("pkg/mod.py", b"x"))
    stage = Stage(Code.open(path))
    assert (stage.root / "pkg" / "mod.py").read_bytes() == b"x"
    if os.name == "posix":
        assert stat.S_IMODE((stage.root / "pkg").stat().st_mode) == 0o555
        assert stat.S_IMODE((stage.root / "pkg" / "mod.py").stat().st_mode) == 0o444
    stage.close()
    assert not stage.root.exists()


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def raw(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    return entry


HOSTILE = {
    "parent": (("../evil.py", b""), "does not stay inside"),
    "absolute": (("/etc/evil", b""), "does not stay inside"),
    "drive": (("C:/evil", b""), "does not stay inside"),
    "dot": ((raw("."), b""), "does not stay inside"),
    "backslash": ((raw("pkg\\mod.py"), b""), "Compress-Archive"),
    "control": ((raw("a\nb"), b""), "no folder takes"),
    "long": (("x" * 300, b""), "no folder takes"),
    "link": ((link(), b"/etc/passwd"), "link or a special file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_is_refused(name: str, tmp_path: Path) -> None:
    entry, words = HOSTILE[name]
    with pytest.raises(CodeError, match=words):
        Code.open(zip_of(tmp_path / "a.zip", entry))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_other_zips_that_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CodeError, match="twice"):
        Code.open(zip_of(tmp_path / "twice.zip", ("a", b"1"), ("./a", b"2")))
    with pytest.raises(CodeError, match="cannot be unfolded"):
        Stage(Code.open(zip_of(tmp_path / "both.zip", ("a", b"1"), ("a/b", b"2"))))
    monkeypatch.setattr(code, "MAX_BYTES", 1000)
    with pytest.raises(CodeError, match="more than Lambda takes"):
        Code.open(zip_of(tmp_path / "bomb.zip", ("a", bytes(600)), ("b", bytes(600))))
    monkeypatch.setattr(code, "MAX_FILES", 3)
    with pytest.raises(CodeError, match="holds 4 files"):
        Code.open(zip_of(tmp_path / "many.zip", *((f"f{n}", b"") for n in range(4))))
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(CodeError, match="cannot be read as a zip"):
        Code.open(tmp_path / "text.zip")


def test_what_is_no_code(tmp_path: Path) -> None:
    with pytest.raises(CodeError, match="does not exist"):
        Code.open(tmp_path / "nowhere")
    (tmp_path / "notes.txt").touch()
    with pytest.raises(CodeError, match=r"neither a folder, a \.py file nor a \.zip"):
        Code.open(tmp_path / "notes.txt")


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
@pytest.mark.parametrize("target", ["/etc", "/etc/passwd", "/nowhere"])
def test_a_link_in_a_folder_is_refused(target: str, tmp_path: Path) -> None:
    (tmp_path / "vendored").symlink_to(target)
    with pytest.raises(CodeError, match="vendored is a link or a special file"):
        Code.open(tmp_path)
    (tmp_path / "vendored").unlink()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CodeError, match="pipe is a link or a special file"):
        Code.open(tmp_path)


def whole_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lambda_function.py", b"def lambda_handler(event, context): pass\n" * 9)
        archive.writestr("pkg/mod.py", b"x")
    return stream.getvalue()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, len(whole_zip()) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_zip_is_read_or_refused_and_nothing_else(tmp_path: Path, damage: list[tuple[int, int]]) -> None:
    data = bytearray(whole_zip())
    for position, byte in damage:
        data[position] = byte
    path = tmp_path / "damaged.zip"
    path.write_bytes(data)
    try:
        found = Code.open(path)
    except CodeError:
        return
    assert all(isinstance(found[name], bytes) for name in found)
