"""What a gradebook keeps and gives back, on both databases."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from workbook.gradebook import DEFAULT_URL, Attempt, Gradebook, GradebookError

HOSTILE = {
    "nul": "ada\x00lovelace",
    "lone surrogates": "\udcff\udc80 \ud83d \udce9",
    "halves of a pair, apart": "\ud83d" + "\ude00",
    "a pair": "😀",
    "bidi": "\u202egnp.exe\u2066\u200f",
    "terminal": "\x1b]0;owned\x07\x9b31m\r\n\x85\u2028",
    "looks escaped": "\\x00 \\u0041 \\ \\\\ \\N{BULLET} %s %(x)s :x ' \" ;--",
    "long": "ё" * 200 + "\udcff" * 200,
    "normal forms": "é e\u0301 ﬁ",
    "blank": " \t ",
    "empty": "",
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)


def as_json_has_it(value: Any) -> Any:
    """JSON cannot tell a character from the two halves that write it."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if isinstance(value, list):
        return [as_json_has_it(item) for item in value]
    if isinstance(value, dict):
        return {as_json_has_it(key): as_json_has_it(item) for key, item in value.items()}
    return value


def test_attempt_comes_back_whole(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    attempt = make_attempt()
    book.record(attempt)
    assert list(book.attempts()) == [attempt]
    assert book.find(attempt.lab, "ada", attempt.key) == attempt


def test_attempts_outlive_the_gradebook_that_recorded_them(url: str, make_attempt: Callable[..., Attempt]) -> None:
    attempt = make_attempt()
    for _ in range(2):
        with closing(Gradebook.open(url)) as book:
            book.record(attempt)
    with closing(Gradebook.open(url)) as book:
        assert list(book.attempts()) == [attempt, attempt]


def test_moment_comes_back_in_utc(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    moment = datetime(2026, 10, 25, 2, 30, 0, 1, timezone(timedelta(hours=-9, minutes=-30)))
    book.record(make_attempt(graded_at=moment))
    (attempt,) = book.attempts()
    assert attempt.graded_at == moment
    assert attempt.graded_at.tzinfo is UTC


def test_moment_without_time_zone_is_refused(make_attempt: Callable[..., Attempt]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make_attempt(graded_at=datetime(2026, 11, 23))


def test_attempts_are_told_oldest_first_by_lab_and_submission(
    book: Gradebook, make_attempt: Callable[..., Attempt]
) -> None:
    first, second, third = make_attempt("ada"), make_attempt("bob"), make_attempt("ada", lab="04_other")
    fourth = make_attempt("ada", graded_at=datetime(2020, 1, 1, tzinfo=UTC))  # a clock that was set back
    for attempt in (first, second, third, fourth):
        book.record(attempt)
    assert list(book.attempts()) == [first, second, third, fourth]
    assert list(book.attempts("03_s3_writes")) == [first, second, fourth]
    assert list(book.attempts("03_s3_writes", "ada")) == [first, fourth]
    assert list(book.attempts(submission_id="ada")) == [first, third, fourth]
    assert list(book.attempts("05_none")) == []


def test_find_gives_the_newest_of_that_key_lab_and_submission(
    book: Gradebook, make_attempt: Callable[..., Attempt]
) -> None:
    older, newer = make_attempt(key="k"), make_attempt(key="k")
    others = make_attempt("bob", key="k"), make_attempt(key="other"), make_attempt(key="k", lab="04_other")
    for attempt in (older, newer, *others):
        book.record(attempt)
    assert book.find("03_s3_writes", "ada", "k") == newer
    assert book.find("03_s3_writes", "ada", "K") is None
    assert book.find("03_s3_writes", "Ada", "k") is None


def test_last_is_the_newest_of_each_submission(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    attempts = [make_attempt("ada", 9), make_attempt("bob", 3), make_attempt("ada", None), make_attempt("ada", lab="4")]
    for attempt in attempts:
        book.record(attempt)
    assert list(book.last("03_s3_writes")) == [attempts[1], attempts[2]]
    assert list(book.last("4")) == [attempts[3]]


@pytest.mark.parametrize(
    ("scores", "best"),
    [
        ([3, 9, 5], 1),
        ([7, 7, 7], 2),
        ([None, 0], 1),
        ([0, None], 0),
        ([None, None], 1),
        ([9, 10], 1),
        ([10, None, 10, 9], 2),
    ],
)
def test_best_is_the_highest_score_and_the_newest_of_equals(
    book: Gradebook, make_attempt: Callable[..., Attempt], scores: list[int | None], best: int
) -> None:
    attempts = [make_attempt("ada", score) for score in scores]
    other, elsewhere = make_attempt("bob", 2), make_attempt("ada", 20, lab="04_other")
    for attempt in (*attempts, other, elsewhere):
        book.record(attempt)
    assert list(book.best("03_s3_writes")) == [attempts[best], other]


def test_views_and_columns_are_there_for_queries(
    url: str, book: Gradebook, make_attempt: Callable[..., Attempt]
) -> None:
    for attempt in (make_attempt("José", 9), make_attempt("José", None)):
        book.record(attempt)
    engine = create_engine(url)
    with engine.connect() as connection:
        for view, expected in (
            ("best", ("03_s3_writes", r"Jos\xe9", "failed", 9, 10, "namespaces", 0.11)),
            ("last", ("03_s3_writes", r"Jos\xe9", "not_judged", None, 10, "namespaces", 0.11)),
        ):
            query = f"SELECT lab, submission, status, score, max_score, sandbox, seconds FROM {view}"
            assert [tuple(row) for row in connection.execute(text(query))] == [expected]
    engine.dispose()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_comes_back_equal(book: Gradebook, make_attempt: Callable[..., Attempt], name: str) -> None:
    hostile = HOSTILE[name]
    attempt = make_attempt(hostile, lab=hostile, key=hostile)
    document = {**attempt.document, "message": as_json_has_it(hostile), "lab": as_json_has_it(hostile)}
    document["submission"] = {"id": as_json_has_it(hostile)}
    attempt = replace(attempt, document=document)
    book.record(make_attempt("someone else"))
    book.record(attempt)
    assert book.find(hostile, hostile, hostile) == attempt
    assert list(book.attempts(hostile, hostile)) == list(book.last(hostile)) == list(book.best(hostile)) == [attempt]


def test_hostile_ids_are_told_apart(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    ids = ["é", "e\u0301", r"\xe9", "\\\\xe9", "E", "e", "e ", "e\x00", "\ud83d\ude00", "😀", r"\U0001f600"]
    for submission_id in ids:
        book.record(make_attempt(submission_id))
    assert [attempt.submission_id for attempt in book.last("03_s3_writes")] == ids


def test_any_encoding_of_the_database_will_do(postgresql: Any, make_attempt: Callable[..., Attempt]) -> None:
    for encoding in ("LATIN1", "SQL_ASCII"):
        attempt = make_attempt("Ж" + HOSTILE["nul"])
        url = postgresql.make_database(f"ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        with closing(Gradebook.open(url)) as book:
            book.record(attempt)
            assert list(book.attempts()) == [attempt]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lab=st.text(st.characters(exclude_categories=()), max_size=300),
    submission_id=st.text(st.characters(exclude_categories=()), max_size=300),
    message=JSON,
)
def test_every_attempt_comes_back_equal(
    book: Gradebook, make_attempt: Callable[..., Attempt], lab: str, submission_id: str, message: Any
) -> None:
    attempt = make_attempt(submission_id, lab=lab)
    attempt = replace(attempt, document={**attempt.document, "lab": None, "submission": None, "message": message})
    book.record(attempt)
    found = book.find(lab, submission_id, attempt.key)
    assert found == replace(attempt, document=as_json_has_it(attempt.document))


@pytest.mark.parametrize("value", [float("nan"), {1, 2}], ids=["not a number", "a set"])
def test_what_json_cannot_hold_is_refused_and_the_rest_kept(
    book: Gradebook, make_attempt: Callable[..., Attempt], value: Any
) -> None:
    good, bad = make_attempt(), make_attempt()
    book.record(good)
    with pytest.raises(GradebookError, match="failed"):
        book.record(replace(bad, document={**bad.document, "message": value}))
    assert list(book.attempts()) == [good]


def test_gradebook_reads_while_it_records(book: Gradebook, make_attempt: Callable[..., Attempt]) -> None:
    attempts = [make_attempt() for _ in range(250)]  # more than are held in memory at a time
    for attempt in attempts:
        book.record(attempt)
    seen = []
    for attempt in book.attempts():
        seen.append(attempt)
        if len(seen) % 100 == 1:
            book.record(make_attempt("late"))
    assert seen == attempts


def test_server_sends_attempts_as_they_are_read(postgresql: Any, make_attempt: Callable[..., Attempt]) -> None:
    """SQLite reads so by itself; PostgreSQL's driver would hold the whole answer in memory."""
    with closing(Gradebook.open(postgresql.make_database())) as book:
        book.record(make_attempt())
        reading = book.attempts()
        next(reading)
        (query,) = postgresql.execute("SELECT query FROM pg_stat_activity WHERE datname LIKE 'book%'").scalars()
        assert "FETCH FORWARD" in query
        assert list(reading) == []


def test_default_is_a_file_in_the_current_folder_also_after_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_attempt: Callable[..., Attempt]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    attempts = [make_attempt(), make_attempt()]
    with closing(Gradebook.open()) as book:
        monkeypatch.chdir(tmp_path / "elsewhere")
        for attempt in attempts:
            book.record(attempt)
            book.close()  # its next connection finds the same file
    assert DEFAULT_URL == "sqlite:///gradebook.db"
    with closing(Gradebook.open(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        assert list(book.attempts()) == attempts
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_file_holds_everything_when_the_gradebook_is_closed(
    tmp_path: Path, make_attempt: Callable[..., Attempt]
) -> None:
    with closing(Gradebook.open(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        book.record(make_attempt())
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT count(*) FROM last").fetchone() == (1,)
