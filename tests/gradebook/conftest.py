"""Gradebooks on SQLite and on a real PostgreSQL, which runs for these tests alone: a socket in a folder, no port."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from workbook.gradebook import Attempt, Gradebook

MORNING = datetime(2026, 11, 23, 9, 0, 0, 123456, UTC)


class PostgreSQL:
    """A running server; superuser `postgres` needs no password, user `locked` does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._databases = 0
        self._engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database: str, user: str = "postgres") -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> Any:
        with self._engine.connect() as connection:
            return connection.execute(text(statement))

    def make_database(self, options: str = "") -> str:
        self._databases += 1
        name = f"book_{self._databases}"
        self.execute(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def is_ready(self) -> bool:
        try:
            self.execute("SELECT 1")
        except Exception:
            return False
        return True

    def close(self) -> None:
        self._engine.dispose()


def find_server() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("postgres")
    if not found and not on_path:
        pytest.skip("no PostgreSQL is installed (Debian's package `postgresql`)")
    return found[-1].parent if found else Path(on_path or "").resolve().parent


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    programs = find_server()
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    with_this_process = ["setpriv", "--pdeathsig=INT"] if sys.platform == "linux" else []
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # not below pytest's: a socket's path has 107 bytes at most
    if as_postgres:
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    initdb = [programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust", "--locale=C"]
    subprocess.run([*as_postgres, *initdb, "--encoding=UTF8", "--no-sync"], check=True, capture_output=True, cwd=folder)
    rules = data / "pg_hba.conf"
    rules.write_text("local all locked scram-sha-256\n" + rules.read_text())
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "max_connections=40")
    options = [part for setting in settings for part in ("-c", setting)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*as_postgres, *with_this_process, programs / "postgres", "-D", data, *options],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    server = PostgreSQL(folder)
    try:
        while not server.is_ready():
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield server
    finally:
        server.close()
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(30)
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a gradebook that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gradebook.db"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.make_database()


@pytest.fixture
def book(url: str) -> Iterator[Gradebook]:
    with closing(Gradebook.open(url)) as opened:
        yield opened


@pytest.fixture
def make_attempt() -> Callable[..., Attempt]:
    """Makes attempts, each a minute after the one before."""
    made = 0

    def make(submission_id: str = "ada", score: int | None = 7, *, lab: str = "03_s3_writes", **given: Any) -> Attempt:
        nonlocal made
        made += 1
        document = {
            "schema": 1,
            "lab": lab,
            "submission": {"id": submission_id, "sha256": f"{made:064x}"},
            "status": "not_judged" if score is None else "failed",
            "score": score,
            "max_score": 10,
            "sandbox": "namespaces",
            "seconds": 0.11,
            "message": None,
            "checks": [{"id": "test_stores", "message": f"attempt {made}", "log": None}],
        }
        whole = {"key": f"{made:064x}", "document": document, "graded_at": MORNING + timedelta(minutes=made)}
        return Attempt(lab, submission_id, **(whole | given))

    return make
