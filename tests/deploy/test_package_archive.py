"""Hostile zips: refused in one line, or read; nothing else."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.course.facts import limits
from workbook.deploy.package import archive as archive_module
from workbook.deploy.package.archive import Archive, ArchiveRefused
from workbook.deploy.package.bundle import Bundle
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.inspection import inspect
from workbook.deploy.package.target import Target

WHOLE = Bundle({"lambda_function.py": b"def lambda_handler(e, c): ...\n" * 9, "tide/__init__.py": b"x = 1\n"}).to_zip()


def refusal(source: Path | bytes) -> str:
    with pytest.raises(ArchiveRefused) as refused:
        Archive(source)
    text = str(refused.value)
    assert "\n" not in text
    assert text.isprintable()
    return text


@pytest.mark.parametrize(
    "name", ["../evil.py", "/etc/evil", "a/../../b", "C:/evil", "..\\evil.py", "\\\\host\\evil", "."]
)
def test_a_name_that_leaves_the_folder(name: str, make_zip) -> None:
    assert "leaves the folder" in refusal(make_zip({name: "x"}))


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "a\u202eb", "x" * 1001])
def test_a_name_that_no_terminal_should_see(name: str, make_zip) -> None:
    assert "a name that no folder takes" in refusal(make_zip({name: "x"}))


def test_no_zip(tmp_path: Path) -> None:
    path = tmp_path / "text.zip"
    path.write_text("no zip")
    assert "text.zip cannot be read as a zip" in refusal(path)
    assert "is no file" in refusal(tmp_path)
    assert "is no file" in refusal(tmp_path / "nowhere.zip")


@pytest.mark.parametrize("share", [0, 1, 10, 50, 90, 99])
def test_cut_short(share: int) -> None:
    assert "damaged, cut short or no zip" in refusal(WHOLE[: len(WHOLE) * share // 100])


def test_a_content_that_is_not_what_its_checksum_says(make_zip) -> None:
    path = make_zip({"a.py": "x"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF
    assert "damaged" in refusal(bytes(data))


def test_encrypted() -> None:
    data = bytearray(WHOLE)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            data[at + offset] |= 1
    assert "encrypted" in refusal(bytes(data))


def test_a_bomb_is_refused_by_what_it_declares() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open("zeros", "w") as entry:
        for _ in range(limits().unzipped_bytes // (1 << 20) + 1):
            entry.write(bytes(1 << 20))
    assert len(stream.getvalue()) < 300_000
    assert "would unfold to 251 MB, and Lambda takes 250 MB" in refusal(stream.getvalue())


def test_a_bomb_that_declares_less_than_it_holds_unfolds_no_further() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(10_000_000))
    data = bytearray(stream.getvalue())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    assert "damaged" in refusal(bytes(data))


def test_too_many_entries(monkeypatch, make_zip) -> None:
    monkeypatch.setattr(archive_module, "MAX_FILES", 2)
    assert "holds 3 entries" in refusal(make_zip({"a": "", "b": "", "c": ""}))


def test_a_file_too_large_to_be_looked_at(monkeypatch, make_zip) -> None:
    monkeypatch.setattr(archive_module, "MAX_ZIP_BYTES", 10)
    assert "far more than Lambda" in refusal(make_zip({"a": ""}))


@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_zip_is_judged_or_refused(damage: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for position, byte in damage:
        data[position] = byte
    try:
        with Archive(bytes(data)) as opened:
            inspect(opened, Expectation(Target("python3.13"), code={"lambda_function.py": b""}))
    except ArchiveRefused:
        pass


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_a_handler_or_a_metadata_file_holds(handler: bytes, metadata: bytes) -> None:
    files = {
        "lambda_function.py": handler,
        "tide-1.dist-info/METADATA": b"Name: tide\nVersion: 1\nRequires-Dist: " + metadata,
        "tide-1.dist-info/WHEEL": b"Tag: " + metadata,
        "key.pem": handler,
        "tide/_core.so": metadata,
    }
    with Archive(Bundle(files).to_zip()) as opened:
        inspect(opened, Expectation(Target("python3.13"), code={"lambda_function.py": b""}))


@given(st.dictionaries(st.from_regex(r"[a-zø]{1,8}(/[a-z]{1,8})?\.py", fullmatch=True), st.binary(max_size=50)))
def test_a_bundle_is_read_back_as_it_was_packed(files: dict[str, bytes]) -> None:
    bundle = Bundle(files)
    with Archive(bundle.to_zip()) as opened:
        assert {member.name: opened.read(member) for member in opened.members} == files
        assert [member.name for member in opened.members] == sorted(files)
        assert all(member.mode == 0o100000 | bundle.mode(member.name) for member in opened.members)
    shuffled = Bundle(dict(reversed(files.items())))
    assert shuffled.to_zip() == bundle.to_zip()
    assert shuffled.digest() == bundle.digest()
