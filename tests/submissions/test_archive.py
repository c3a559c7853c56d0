"""Zips that are handed in: opened by the rules for a folder, or refused; nothing else."""

import contextlib
import io
import stat
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.runtime import CodeError
from workbook.submissions import archive as archive_module
from workbook.submissions.archive import open_archive
from workbook.submissions.reading import MAX_BYTES, MAX_FILES, MAX_PYTHON_BYTES

FILES = ("lambda_function.py",)
CODE = b"def lambda_handler(event, context): ...\n"
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"


def raw(name: str) -> zipfile.ZipInfo:
    """An entry of exactly this name, which zipfile would put right."""
    entry = zipfile.ZipInfo("x")
    entry.filename = entry.orig_filename = name
    return entry


def special(name: str, mode: int) -> zipfile.ZipInfo:
    entry = raw(name)
    entry.external_attr = mode << 16
    return entry


def pack(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for entry, data in entries:
            archive.writestr(raw(entry) if isinstance(entry, str) else entry, data, method)
    return stream.getvalue()


HANDLER = ("lambda_function.py", CODE)
WHOLE = pack(HANDLER, ("pkg/tide.py", b"x = 1\n" * 50))


def refusal(data: bytes) -> str:
    with pytest.raises(CodeError) as refused:
        open_archive(data, FILES)
    text = str(refused.value)
    assert text.isprintable()
    return text


def test_a_zip() -> None:
    code = open_archive(pack(HANDLER, ("pkg/", b""), ("pkg/ø.txt", b"x"), ("./", b""), ("./data.json", b"{}")), FILES)
    assert dict(code) == {"data.json": b"{}", "lambda_function.py": CODE, "pkg/ø.txt": b"x"}


def test_one_top_folder_is_taken_off() -> None:
    litter = (("__MACOSX/ada/._lambda_function.py", b"x"), (".DS_Store", b"x"))
    code = open_archive(pack(("ada/", b""), ("ada/lambda_function.py", CODE), ("ada/pkg/a.py", b"x"), *litter), FILES)
    assert dict(code) == {"lambda_function.py": CODE, "pkg/a.py": b"x"}
    assert "it holds 'b/lambda_function.py'" in refusal(pack(("a/b/lambda_function.py", CODE)))


def test_litter_and_the_labs_own_files_are_left_out_whatever_they_are() -> None:
    data = pack(
        HANDLER, ("README.md", b""), ("lab.toml", b""), ("test_s3.py", b""), ("events/aux.json", b""), ("old.zip", b""),
        ("pkg/README.md", b"x"), (special(".venv/bin/python", stat.S_IFLNK | 0o777), b"/usr/bin/python3"),
        (".venv/lib/x.so", b""), ("pkg/__pycache__/x.pyc", b""), ("desktop.ini", b""),
    )  # fmt: skip
    assert dict(open_archive(data, FILES)) == {"lambda_function.py": CODE, "pkg/README.md": b"x"}


def test_what_the_lab_asks_for_must_be_there() -> None:
    assert refusal(pack(("handler.py", CODE))) == (
        "lambda_function.py is missing; it holds 'handler.py'. Hand in what the lab asks for, under its own name."
    )
    assert "it holds nothing" in refusal(pack())
    code = open_archive(pack(("lambda_deploy.zip", b"z")), (*FILES, "lambda_deploy.zip"))
    assert dict(code) == {"lambda_deploy.zip": b"z"}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../evil.py", "inside one folder"),
        ("../evil/", "inside one folder"),
        ("pkg/../../evil.py", "inside one folder"),
        ("/etc/evil", "inside one folder"),
        ("//evil", "inside one folder"),
        ("C:/evil.py", "inside one folder"),
        ("", "inside one folder"),
        ("pkg\\evil.py", "backslash"),
        ("\\\\host\\evil", "backslash"),
        ("a\0.py", "cannot be seen"),
        ("a\nb", "cannot be seen"),
        ("a\x1b[2J", "cannot be seen"),
        ("a\u202eb", "cannot be seen"),
        ("aux.txt", "Windows does not take"),
        ("a.py:stream", "Windows does not take"),
        ("pkg./a.py", "Windows does not take"),
        ("x" * 241, "longer than 240 bytes"),
        ("tide.pyc", "compiled code"),
        ("pkg/tide.so", "compiled code"),
        ("tide.pyd", "compiled code"),
        ("tide.pth", "compiled code"),
        ("Lambda_Function.py", "one name on some systems"),
        ("lambda_function.py", "two files"),
        ("./lambda_function.py", "two files"),
        ("lambda_function.py/x", "a file and a folder at once"),
    ],
)
def test_names_are_refused_not_repaired(name: str, why: str) -> None:
    assert why in refusal(pack(HANDLER, (name, b"x")))


def test_a_zip_of_one_hostile_top_folder_is_not_unwrapped() -> None:
    for top in ("..", "", "C:", "aux"):
        assert "The name" in refusal(pack((f"{top}/lambda_function.py", CODE)))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK, stat.S_IFDIR])
def test_special_entries(kind: int) -> None:
    assert "'x' in the zip is a link or a special file" in refusal(pack(HANDLER, (special("x", kind | 0o777), b"/etc")))


def test_encrypted() -> None:
    data = bytearray(pack(HANDLER))
    data[data.index(CENTRAL) + 8] |= 1
    assert "is encrypted" in refusal(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_lambda_cannot_unfold(method: int) -> None:
    assert "compressed in a way that Lambda does not take" in refusal(pack(HANDLER, method=method))


def test_the_number_of_files() -> None:
    files = [(f"pkg/{n}", b"") for n in range(MAX_FILES - 1)]
    assert len(open_archive(pack(HANDLER, *files), FILES)) == MAX_FILES
    assert "more than 500 files" in refusal(pack(HANDLER, *files, ("more", b"")))


def test_the_number_of_entries_is_bounded_before_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_RECORDS", 9)
    folders = [(f"pkg{n}/", b"") for n in range(8)]
    assert len(open_archive(pack(HANDLER, *folders), FILES)) == 1
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert "far too many entries" in refusal(CENTRAL * 10)


def test_sizes() -> None:
    half = bytes(MAX_BYTES // 2)
    assert len(open_archive(pack(("lambda_function.py", b""), ("a", half), ("b", half)), FILES)) == 3
    assert "unfolds to more than 20 MB" in refusal(pack(("lambda_function.py", b"x"), ("a", half), ("b", half)))
    assert "'lambda_function.py' is larger than 2 MB" in refusal(
        pack(("lambda_function.py", bytes(MAX_PYTHON_BYTES + 1)))
    )
    assert "larger than 20 MB" in refusal(bytes(MAX_BYTES + 1))


def claim(data: bytes, size: int, *, checked: bytes) -> bytes:
    """`data`, a zip of one entry, which claims `size`, and the checksum of `checked`, in both of its headers."""
    changed, checksum = bytearray(data), zlib.crc32(checked)
    for signature, offset in ((LOCAL, 14), (CENTRAL, 16)):
        place = changed.index(signature) + offset
        changed[place : place + 4] = struct.pack("<I", checksum)
        changed[place + 8 : place + 12] = struct.pack("<I", size)
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_bomb_that_claims_to_be_small_is_unfolded_no_further(method: int) -> None:
    bomb = pack(("lambda_function.py", CODE + bytes(1_000_000)), method=method)
    assert dict(open_archive(claim(bomb, len(CODE), checked=CODE), FILES)) == {"lambda_function.py": CODE}
    assert "cannot be read" in refusal(claim(bomb, len(CODE), checked=CODE + bytes(1_000_000)))
    assert "larger than 2 MB" in refusal(claim(bomb, 0xFFFFFFF0, checked=CODE))


def test_it_is_smaller_than_it_claims() -> None:
    assert "Build" in refusal(claim(pack(HANDLER), len(CODE) + 1, checked=CODE))


def test_many_entries_that_share_one_content() -> None:
    """Overlapping entries: every one counts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lambda_function.py", CODE)
        archive.writestr("0", bytes(1_000_000))
        for n in range(1, 25):
            twin = raw(str(n))
            for field in ("CRC", "compress_size", "file_size", "header_offset", "compress_type", "flag_bits"):
                setattr(twin, field, getattr(archive.getinfo("0"), field))
            archive.filelist.append(twin)
    assert "unfolds to more than 20 MB" in refusal(stream.getvalue())


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06", CENTRAL * 5, WHOLE[: len(WHOLE) // 2], WHOLE[50:]])
def test_no_zip(data: bytes) -> None:
    assert "The zip cannot be read" in refusal(data)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_zip_is_read_or_refused_and_nothing_else(damage: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for place, byte in damage:
        data[place] = byte
    with contextlib.suppress(CodeError):
        assert "lambda_function.py" in open_archive(bytes(data), FILES)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.binary(max_size=20), max_size=5)
)
def test_whatever_is_taken_in_stays_inside_the_folder(entries: dict[str, bytes]) -> None:
    try:
        code = dict(open_archive(pack(HANDLER, *entries.items()), FILES))
    except CodeError:
        return
    for name in code:
        assert not {"", ".", ".."} & {*name.split("/")}
        assert not {"\\", ":", "\0", "\x1b", "\u202e"} & {*name}
