"""Connections to a gradebook's database, and the transactions that write to it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from workbook.gradebook.address import Address
from workbook.gradebook.errors import GradebookError

_PATIENCE = 30  # seconds: for another process's transaction on SQLite
_TRIES, _PAUSE = 50, 0.02  # seconds: to switch to WAL
_POSTGRESQL = {"connect_timeout": 10, "client_encoding": "utf8"}  # seconds; whatever the database's own encoding is


def make_engine(address: Address) -> Engine:
    """Nothing is opened yet. Raises GradebookError when PostgreSQL's driver is missing."""
    defaults = {"timeout": _PATIENCE} if address.is_file else _POSTGRESQL
    options = {name: value for name, value in defaults.items() if name not in address.url.query}
    try:
        engine = create_engine(
            address.url, connect_args=options, pool_pre_ping=not address.is_file, hide_parameters=True
        )
    except ImportError as error:
        happened = f"needs psycopg, which is not installed here ({error})"
        raise GradebookError(address.place, happened, "Install it: ./lab setup --all") from error
    if address.is_file:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction, on the disk when this ends without an error.

    With an error nothing of it is kept, unless the connection broke in the commit itself.
    """
    with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


def switch_to_wal(engine: Engine) -> None:
    """Lets readers and a writer work at once; the file stays so.

    Where another process has the file open just now, SQLite refuses at once, whatever the timeout. A file that stays
    in use, and a file system that can't, keep the old way, which is as safe.
    """
    for _ in range(_TRIES):
        try:
            with engine.connect().execution_options(begin="") as connection:
                connection.exec_driver_sql("PRAGMA journal_mode = WAL")
                return
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorname", "") != "SQLITE_BUSY":
                raise
            time.sleep(_PAUSE)


def clean_up(engine: Engine) -> None:
    """Empties SQLite's log of changes, in which deleted rows may still stand; waits for those who read."""
    if engine.dialect.name == "sqlite":
        with engine.connect().execution_options(begin="") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy, not sqlite3, begins transactions
    connection.execute("PRAGMA synchronous = FULL")  # a commit returns when it is on the disk
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get("begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
