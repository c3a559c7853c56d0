"""Saves as editors make them, seen in the files."""

import os
import queue
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbook.course.labs import Lab
from workbook.watch.files import Change, Snapshot, Watcher, compare
from workbook.watch.syntax import find_fault

PATIENCE = 20.0
OWN = Change(own=True, suite=False, elsewhere=None)


def write(path: Path) -> None:
    path.write_text("a = 1\n")


def rename(path: Path) -> None:
    beside = path.with_name("4913")
    beside.write_text("a = 2\n")
    beside.replace(path)


def delete_and_write(path: Path) -> None:
    path.unlink()
    path.write_text("a = 3\n")


def truncate_and_write(path: Path) -> None:
    with path.open("w") as file:
        file.flush()
        file.write("a = 4\n")


SAVES = [write, rename, delete_and_write, truncate_and_write]


@pytest.fixture(params=[False, True], ids=["told", "polled"])
def changes(make_lab, request) -> Iterator[tuple[Lab, "queue.Queue[Change]"]]:
    lab = make_lab()
    found: queue.Queue[Change] = queue.Queue()
    watcher = Watcher(lab, [lab], found.put, lambda why: None, poll=request.param)
    yield lab, found
    watcher.close()


@pytest.mark.parametrize("save", SAVES)
def test_a_save_is_told_however_the_editor_makes_it(changes, save: Callable[[Path], None]) -> None:
    lab, found = changes
    save(lab.folder / "lambda_function.py")
    assert found.get(timeout=PATIENCE) == OWN


def test_what_an_editor_leaves_beside_the_file_is_no_save(make_lab) -> None:
    lab = make_lab()
    before = Snapshot.take(lab, [lab])
    for name in (".lambda_function.py.swp", "lambda_function.py~", "#lambda_function.py#", "x.tmp"):
        (lab.folder / name).write_text("scratch")
    (lab.folder / "__pycache__").mkdir()
    (lab.folder / "__pycache__" / "lambda_function.pyc").write_bytes(b"")
    (lab.folder / "README.md").write_text("read me")
    assert not compare(before, Snapshot.take(lab, [lab]))


@pytest.mark.parametrize("name", ["lab.toml", "api.json", "test_own.py", "events/one.json"])
def test_what_judges_is_told_apart_from_what_is_judged(make_lab, name: str) -> None:
    lab = make_lab()
    before = Snapshot.take(lab, [lab])
    path = lab.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}")
    assert compare(before, Snapshot.take(lab, [lab])) == Change(own=False, suite=True, elsewhere=None)


def test_another_lab_counts_when_nothing_changed_here(make_lab) -> None:
    lab = make_lab()
    other = replace(lab, number=2, id="02_other", folder=lab.folder.with_name("02_other"))
    other.folder.mkdir()
    for name in ("lab.toml", "test_greeting.py", "lambda_function.py"):
        source = lab.folder / name
        (other.folder / name).write_bytes(source.read_bytes() if source.exists() else b"")
    before = Snapshot.take(lab, [lab, other])
    (other.folder / "lambda_function.py").write_text("a = 5\n")
    assert compare(before, Snapshot.take(lab, [lab, other])).elsewhere == "02_other"
    (lab.folder / "lambda_function.py").write_text("a = 6\n")
    assert compare(before, Snapshot.take(lab, [lab, other])) == OWN


def test_where_the_system_tells_nothing_the_watcher_says_so_and_looks_itself(make_lab, monkeypatch) -> None:
    class Deaf:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None: ...
        def watch(self, *_: object) -> str:
            return "timeout"

    monkeypatch.setattr("watchfiles._rust_notify.RustNotify", Deaf)
    lab = make_lab()
    found: queue.Queue[Change] = queue.Queue()
    reasons: queue.Queue[str] = queue.Queue()
    watcher = Watcher(lab, [lab], found.put, reasons.put)
    try:
        for number in range(2):
            (lab.folder / "lambda_function.py").write_text(f"a = {'9' * (number + 2)}\n")
            assert found.get(timeout=PATIENCE) == OWN
        assert reasons.get(timeout=PATIENCE) == "the system does not tell of changes here"
    finally:
        watcher.close()


def test_a_folder_that_the_system_cannot_watch_is_polled(make_lab, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("watchfiles._rust_notify.RustNotify", refuse)
    lab = make_lab()
    reasons: queue.Queue[str] = queue.Queue()
    watcher = Watcher(lab, [lab], lambda change: None, reasons.put)
    try:
        assert "No space left on device" in reasons.get(timeout=PATIENCE)
    finally:
        watcher.close()


def test_a_syntax_error_has_its_file_line_and_column(make_lab) -> None:
    lab = make_lab(starter="import os\n\ndef lambda_handler(event, context)\n    return {}\n")
    fault = find_fault(lab)
    assert fault is not None
    assert (fault.file, fault.line, fault.problem) == ("lambda_function.py", 3, "expected ':'")
    assert fault.text == "def lambda_handler(event, context)"
    (lab.folder / "lambda_function.py").write_text("a = 1\n")
    assert find_fault(lab) is None


@pytest.mark.parametrize("source", [b"a = '\x00'", b"\xff\xfe", b"(" * 100_000, b"# coding: nothing\n"])
def test_what_is_no_source_at_all_is_a_fault_too(make_lab, source: bytes) -> None:
    lab = make_lab()
    (lab.folder / "lambda_function.py").write_bytes(source)
    fault = find_fault(lab)
    assert fault is not None
    assert fault.problem


def test_a_file_that_is_not_there_is_no_fault(make_lab) -> None:
    lab = make_lab()
    os.unlink(lab.folder / "lambda_function.py")
    assert find_fault(lab) is None
