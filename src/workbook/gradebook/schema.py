"""The gradebook's tables as queries see them; `migrations/` makes them.

Text is kept in ASCII, escaped as in Python's literals without quotes: `José` as `Jos\\xe9`, a backslash as two. Every
database takes it, also what PostgreSQL refuses (NUL, lone surrogates), and a terminal that shows it stays as it is.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, Float, Index, Integer, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator

from workbook.gradebook.attempt import Attempt


class _Escaped(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("unicode_escape").decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode("ascii").decode("unicode_escape")


class _Document(TypeDecorator[Mapping[str, Any]]):
    """JSON in ASCII. Not the database's own JSON type: PostgreSQL's takes no NUL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(value or "")
        return document


class _Moment(TypeDecorator[datetime]):
    """In UTC; SQLite keeps no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo:
            return value and value.astimezone(UTC)
        return value.replace(tzinfo=UTC)


def _columns() -> list[Column[Any]]:
    return [
        Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True),  # in order of recording
        Column("lab", _Escaped, nullable=False),
        Column("submission", _Escaped, nullable=False),
        Column("key", _Escaped, nullable=False),
        Column("status", _Escaped, nullable=False),
        Column("score", Integer),
        Column("max_score", Integer, nullable=False),
        Column("sandbox", _Escaped, nullable=False),
        Column("seconds", Float, nullable=False),
        Column("graded_at", _Moment, nullable=False),
        Column("document", _Document, nullable=False),
    ]


tables, views = MetaData(), MetaData()
attempts = Table("attempts", tables, *_columns(), Index("attempts_key", "key"), sqlite_autoincrement=True)
last = Table("last", views, *_columns())
best = Table("best", views, *_columns())


def to_row(attempt: Attempt) -> dict[str, Any]:
    """The row of a new attempt; its number is the database's to give. Raises KeyError for no result document."""
    document = attempt.document
    shown = {name: document[name] for name in ("status", "score", "max_score", "sandbox", "seconds")}
    return {
        "lab": attempt.lab,
        "submission": attempt.submission_id,
        "key": attempt.key,
        "graded_at": attempt.graded_at,
        "document": document,
        **shown,
    }


def to_attempt(row: Any) -> Attempt:
    return Attempt(row.lab, row.submission, row.key, row.document, row.graded_at)
