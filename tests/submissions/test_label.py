"""The label in a hand-in: what it was written for is taken, all else is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.runtime.code import Code, CodeError
from workbook.submissions.label import NAME, Label, take_off

LAB = "03_s3_writes"
FILES = {"lambda_function.py": b"x = 1\n", "pkg/tide.json": b"{}"}
WRITTEN = json.loads(Label.write(LAB, FILES, "1.0").to_json())

names = st.text(min_size=1, max_size=8).filter(lambda name: name != NAME)


def code(files: dict[str, bytes], label: bytes | None) -> Code:
    return Code(Path("hand-in.zip"), {**files, **({NAME: label} if label is not None else {})})


def refusal(files: dict[str, bytes], label: bytes, lab: str = LAB) -> str:
    with pytest.raises(CodeError) as refused:
        take_off(code(files, label), lab)
    assert str(refused.value).isprintable()
    return str(refused.value)


@given(st.dictionaries(names, st.binary(max_size=20)))
def test_what_was_labelled_is_taken_without_its_label(files: dict[str, bytes]) -> None:
    label = Label.write(LAB, files, "1.0").to_json()
    assert dict(take_off(code(files, label), LAB)) == dict(sorted(files.items()))


def test_what_has_no_label_is_taken_as_it_is() -> None:
    assert dict(take_off(code(FILES, None), LAB)) == FILES


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"lambda_function.py": b"x = 2\n"}, "'lambda_function.py' was changed"),
        ({"more.py": b""}, "'more.py' was added"),
        ({"pkg/tide.json": None}, "'pkg/tide.json', which hand-in.json names, is missing"),
    ],
)
def test_another_file_is_refused(files: dict[str, bytes | None], words: str) -> None:
    changed = {name: data for name, data in {**FILES, **files}.items() if data is not None}
    assert words in refusal(changed, json.dumps(WRITTEN).encode())


def test_another_lab_is_refused() -> None:
    label = json.dumps(WRITTEN | {"lab": "x\x1b[2J"}).encode()
    assert "made for lab 'x\\x1b[2J', not for 03_s3_writes" in refusal(FILES, label)


def test_a_newer_form_is_refused() -> None:
    assert "newer workbook" in refusal(FILES, json.dumps(WRITTEN | {"schema": 2}).encode())


@pytest.mark.parametrize(
    "label",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b"[" * 60_000,
        b" " * 100_000,
        b"9" * 10_000,
        *(json.dumps({key: value for key, value in WRITTEN.items() if key != lost}).encode() for lost in WRITTEN),
        *(json.dumps(WRITTEN | {key: None}).encode() for key in WRITTEN),
        json.dumps(WRITTEN | {"files": {"lambda_function.py": 1}}).encode(),
    ],
    ids=lambda label: repr(label[:30]),
)
def test_what_is_no_label_is_refused(label: bytes) -> None:
    assert "hand-in.json is not as lab submit writes it" in refusal(FILES, label)
