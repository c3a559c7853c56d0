"""A gradebook that is only read is never made; and what it holds of somebody can be deleted."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from workbook.gradebook import Attempt, Gradebook, NoGradebook


def refusal(place: str | Path) -> str:
    with pytest.raises(NoGradebook) as caught:
        Gradebook.open_existing(place)
    return str(caught.value)


def test_what_was_recorded_is_read(book: Gradebook, url: str, make_attempt: Callable[..., Attempt]) -> None:
    attempt = make_attempt()
    book.record(attempt)
    with closing(Gradebook.open_existing(url)) as found:
        assert list(found.attempts()) == [attempt]
        assert found.labs() == ["03_s3_writes"]


def test_a_files_name_is_enough(tmp_path: Path, make_attempt: Callable[..., Attempt], monkeypatch: Any) -> None:
    with closing(Gradebook.open(f"sqlite:///{tmp_path}/marks.db")) as book:
        book.record(make_attempt())
    odd = tmp_path / "autumn 100%20 #1?.db"
    (tmp_path / "marks.db").rename(odd)
    monkeypatch.chdir(tmp_path)
    for place in (odd, str(odd), odd.name):
        with closing(Gradebook.open_existing(place)) as found:
            assert len(list(found.attempts())) == 1


def test_a_gradebook_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    for place in (tmp_path / "none.db", f"sqlite:///{tmp_path}/none.db"):
        assert f"{tmp_path}/none.db does not exist. Name the file that lab grade wrote." in refusal(place)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"name,score\nada,7\n", os.urandom(5000)])
def test_a_file_that_is_no_gradebook_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    assert "is no gradebook: it is no SQLite database" in refusal(path)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["notes.db"]


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "places.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    assert "holds something else ('bookmarks')" in refusal(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE bookmarks")
    assert "is no gradebook: the database is empty" in refusal(path)
    assert before[:16] == path.read_bytes()[:16]


def test_an_empty_database_of_a_server_stays_empty(postgresql: Any) -> None:
    url = postgresql.make_database()
    assert "the database is empty" in refusal(url)
    assert "the database is empty" in refusal(url)


def test_a_folder_is_no_gradebook(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_only_the_named_submission_is_forgotten_in_every_lab(
    book: Gradebook, make_attempt: Callable[..., Attempt]
) -> None:
    kept = [make_attempt("ad"), make_attempt("Ada"), make_attempt("ada%")]
    for attempt in [make_attempt("ada"), *kept, make_attempt("ada", lab="04_logging"), make_attempt("ada")]:
        book.record(attempt)
    assert book.forget("ada") == 3
    assert list(book.attempts()) == kept
    assert list(book.last("04_logging")) == []
    assert book.forget("ada") == 0


def test_a_hostile_id_is_forgotten_too(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    for name in ("\x00\udcff", "'; DROP TABLE attempts; --"):
        book.record(make_attempt(name))
        assert book.forget(name) == 1
    assert list(book.attempts()) == []


def test_nothing_of_whom_is_forgotten_is_left_in_the_files(
    tmp_path: Path, make_attempt: Callable[..., Attempt]
) -> None:
    place = tmp_path / "gradebook.db"
    with closing(Gradebook.open(f"sqlite:///{place}")) as book:
        for number in range(30):
            book.record(make_attempt("FORGETME" if number % 3 else "stays"))
    with closing(Gradebook.open_existing(place)) as book:
        held = [path for path in tmp_path.iterdir() if b"FORGETME" in path.read_bytes()]
        assert held
        assert book.forget("FORGETME") == 20
        assert [path for path in tmp_path.iterdir() if b"FORGETME" in path.read_bytes()] == []
        assert len(list(book.attempts())) == 10
