"""What is no gradebook, or cannot be used: said in words, without a password, and left as it was."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from workbook.gradebook import Attempt, Gradebook, GradebookError

NOBODY = 65534


def refusal(url: str) -> str:
    with pytest.raises(GradebookError) as caught:
        Gradebook.open(url)
    message = str(caught.value)
    assert "\n" not in message
    assert "hunter2" not in message
    return message


@contextmanager
def plain_user() -> Iterator[None]:
    """Root may write anywhere: for a while, be nobody."""
    if sys.platform == "win32":
        pytest.skip("Windows has no read-only folders")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "write sqlite:///FILE or postgresql://"),
        ("grades.db", "For a file, write sqlite:///grades.db"),
        ("gr\x1bades.db", "Write sqlite:///FILE or postgresql://"),
        ("postgresql//ada:hunter2@db", "no URL that can be read"),
        ("postgresql://ada:hunter2/grades", "no URL that can be read"),
        ("postgresql://ada:hun@ter@db.invalid/grades", "write it as %40"),
        ("mysql://ada:hunter2@db/grades", "mysql://… is of a kind that is not supported"),
        ("postgresql+psycopg2://ada:hunter2@db/grades", "not supported"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file::memory:?uri=true", "names no file"),
        ("sqlite://gradebook.db", "Write sqlite:///gradebook.db"),
    ],
)
def test_address_that_leads_nowhere(url: str, says: str) -> None:
    message = refusal(url)
    assert says.lower() in message.lower()
    assert "hun" not in message
    assert "\x1b" not in message


@pytest.mark.parametrize("content", [b"\x00" * 5000, os.urandom(5000), b"name,score\nada,7\n", b"SQLite format 3\x00"])
def test_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(content)
    message = refusal(f"sqlite:///{path}")
    assert f"The gradebook {path} is no gradebook: it is no SQLite database" in message
    assert "Name another file" in message
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["notes.db"]


def test_database_of_something_else_on_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "places.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript('CREATE TABLE "bookmarks\x1b" (url TEXT); CREATE VIEW attempts AS SELECT 1')
    before = path.read_bytes()
    message = refusal(f"sqlite:///{path}")
    assert r"it is a database that holds something else ('attempts', 'bookmarks\x1b')" in message
    assert "Give the gradebook a database of its own" in message
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["places.db"]


def test_database_of_something_else_on_postgresql(postgresql: Any) -> None:
    url = postgresql.make_database()
    import psycopg

    plain = url.replace("+psycopg", "")
    with psycopg.connect(plain) as connection:
        connection.execute("CREATE TABLE pupils (name text)")
    message = refusal(url)
    assert "holds something else ('pupils')" in message
    with psycopg.connect(plain) as connection:
        found = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        assert found.fetchall() == [("pupils",)]


def test_empty_file_becomes_a_gradebook(tmp_path: Path, make_attempt: Callable[..., Attempt]) -> None:
    (tmp_path / "new.db").touch()
    with closing(Gradebook.open(f"sqlite:///{tmp_path}/new.db")) as book:
        book.record(make_attempt())
        assert len(list(book.attempts())) == 1


def test_damaged_gradebook(tmp_path: Path, make_attempt: Callable[..., Attempt]) -> None:
    path = tmp_path / "gradebook.db"
    with closing(Gradebook.open(f"sqlite:///{path}")) as book:
        for _ in range(50):
            book.record(make_attempt())
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with pytest.raises(GradebookError, match=r"is damaged .*put a copy from before"):
        Gradebook.open(f"sqlite:///{path}").record(make_attempt())


def test_stored_value_that_cannot_be_read(tmp_path: Path, make_attempt: Callable[..., Attempt]) -> None:
    path = tmp_path / "gradebook.db"
    with closing(Gradebook.open(f"sqlite:///{path}")) as book:
        book.record(make_attempt())
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE attempts SET document = '{'")
        with pytest.raises(GradebookError, match="failed"):
            list(book.attempts())


def test_folder_in_a_files_place(tmp_path: Path) -> None:
    assert f"is a folder. Name a file in it: sqlite:///{tmp_path}/gradebook.db" in refusal(f"sqlite:///{tmp_path}")
    assert "is in a folder that does not exist" in refusal(f"sqlite:///{tmp_path}/none/gradebook.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no fifos")
def test_fifo_in_a_files_place(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "is no regular file" in refusal(f"sqlite:///{tmp_path}/fifo")


def test_folder_that_may_not_be_written(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    with plain_user():
        message = refusal(f"sqlite:///{open_folder}/gradebook.db")
    assert "cannot be opened" in message
    assert "See who owns it and its folder" in message


@pytest.mark.parametrize("mode", [0o444, 0o000])
def test_gradebook_that_may_not_be_written(open_folder: Path, mode: int) -> None:
    path = open_folder / "gradebook.db"
    Gradebook.open(f"sqlite:///{path}").close()
    path.chmod(mode)
    open_folder.chmod(0o555)
    with plain_user():
        message = refusal(f"sqlite:///{path}")
    assert ("may not be written" if mode else "cannot be opened") in message
    assert "See who owns it and its folder" in message


def test_gradebook_that_another_program_keeps_locked(tmp_path: Path, make_attempt: Callable[..., Attempt]) -> None:
    path = tmp_path / "gradebook.db"
    with closing(Gradebook.open(f"sqlite:///{path}?timeout=0")) as book, closing(sqlite3.connect(path)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match=r"is in use by another program .*Wait for that program"):
            book.record(make_attempt())
        assert list(book.attempts()) == []  # reading waits for nobody
        other.execute("ROLLBACK")
        book.record(make_attempt())
        assert len(list(book.attempts())) == 1


def test_server_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as reserved:  # bound, not listening
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        message = refusal(f"postgresql://ada:hunter2@127.0.0.1:{port}/grades?application_name=hunter2")
    assert message.startswith(f"The gradebook postgresql://ada@127.0.0.1:{port}/grades does not answer (")
    assert "See that the server runs" in message
    message = refusal(f"postgresql://ada:hunter2@/grades?host={tmp_path}")
    assert message.startswith("The gradebook postgresql://ada@/grades does not answer (")


def test_host_that_is_not_known() -> None:
    message = refusal("postgres://ada:hunter2@gradebook.invalid/grades?password=hunter2")
    assert message.startswith("The gradebook postgresql://ada@gradebook.invalid/grades has a host that is not known (")


def test_option_that_is_not_known() -> None:
    message = refusal("postgresql://ada:hunter2@127.0.0.1/grades?pasword=hunter2")
    assert 'has an unknown option in its URL (invalid connection option "pasword")' in message


def test_server_that_does_not_let_the_user_in(postgresql: Any) -> None:
    postgresql.execute("DROP ROLE IF EXISTS locked")
    postgresql.execute("CREATE ROLE locked LOGIN PASSWORD 'sesame'")
    url = postgresql.url("postgres", "locked:hunter2").replace("+psycopg", "")
    message = refusal(url)
    assert message.startswith("The gradebook postgresql://locked@/postgres does not let this user in (")
    assert "user and password in the URL" in message
    assert "does not let this user in" in refusal(url.replace(":hunter2", ""))
    # The password is right here, and what is refused is the next thing:
    assert "may not be used by this user" in refusal(url.replace("hunter2", "sesame"))


def test_database_that_does_not_exist(postgresql: Any) -> None:
    message = refusal(postgresql.url("no_such_book"))
    assert "does not exist (" in message
    assert "createdb" in message


def test_server_that_may_only_be_read(postgresql: Any) -> None:
    url = postgresql.make_database()
    assert "only lets it be read" in refusal(url + "&options=-c%20default_transaction_read_only%3Don")


def test_user_who_may_only_record_can_record(postgresql: Any, make_attempt: Callable[..., Attempt]) -> None:
    import psycopg

    url = postgresql.make_database()
    Gradebook.open(url).close()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("DROP ROLE IF EXISTS grader")
        connection.execute("CREATE ROLE grader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO grader")
        connection.execute("GRANT INSERT ON attempts TO grader")
        connection.execute("GRANT USAGE ON attempts_number_seq TO grader")
    with closing(Gradebook.open(url.replace("postgres@", "grader@"))) as book:
        book.record(make_attempt())
        assert len(list(book.best("03_s3_writes"))) == 1


def end_connections(postgresql: Any) -> None:
    ended = postgresql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'book%'")
    assert ended.rowcount > 0


def test_connection_that_is_lost(postgresql: Any, make_attempt: Callable[..., Attempt]) -> None:
    attempts = [make_attempt() for _ in range(300)]  # more than are fetched at a time
    with closing(Gradebook.open(postgresql.make_database())) as book:
        for attempt in attempts[:-1]:
            book.record(attempt)
        reading = book.attempts()
        assert next(reading) == attempts[0]
        end_connections(postgresql)
        with pytest.raises(GradebookError, match=r"does not answer .*See that the server runs"):
            list(reading)
        assert len(list(book.attempts())) == 299
        end_connections(postgresql)  # nothing is under way: the next one notices and takes a new one
        book.record(attempts[-1])
        assert list(book.attempts()) == attempts


def test_no_traceback_of_a_lost_connection_is_printed(postgresql: Any, make_attempt: Callable[..., Attempt]) -> None:
    url = postgresql.make_database()
    with closing(Gradebook.open(url)) as book:
        for _ in range(300):
            book.record(make_attempt())
    lines = (
        "import sys",
        "from workbook.gradebook import Gradebook, GradebookError",
        "book = Gradebook.open(sys.argv[1])",
        "reading = book.attempts()",
        "next(reading)",
        "print('reads', flush=True)",
        "sys.stdin.read()",
        "try: list(reading)",
        "except GradebookError: print('refused')",
        "book.close()",
    )
    with subprocess.Popen(
        [sys.executable, "-c", "\n".join(lines), url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout
        assert child.stdout.readline() == "reads\n"
        end_connections(postgresql)
        assert child.communicate() == ("refused\n", "")


def test_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    message = refusal("postgresql://ada:hunter2@db.invalid/grades")
    assert "needs psycopg, which is not installed here" in message
    assert "./lab setup --all" in message
