"""The gradebook: what was recorded stays, whatever happens to the process that recorded it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine, Select, Table, delete, insert, select

from workbook.gradebook import schema
from workbook.gradebook.address import existing, parse
from workbook.gradebook.attempt import Attempt
from workbook.gradebook.engine import clean_up, make_engine, switch_to_wal, writing
from workbook.gradebook.errors import GradebookError, explained
from workbook.gradebook.version import bring_up_to_date, require_gradebook

DEFAULT_URL = "sqlite:///gradebook.db"
_PAGE = 100  # rows that are in memory at a time


class Gradebook:
    """Every method raises GradebookError for what the database refuses; iterators when they are asked for a row.

    `place` is what messages call it: without a password.
    Several processes may use one gradebook at once. A process that was forked must open its own.
    """

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self.place = place

    @classmethod
    def open(cls, url: str = DEFAULT_URL) -> Self:
        """Opens the gradebook, which is made where there is none and migrated where an older workbook made it.

        `url`: `sqlite:///FILE` (relative to the current folder) or `postgresql://USER:PASSWORD@HOST/DATABASE`.
        """
        address = parse(url)
        engine = make_engine(address)
        try:
            with explained(address.place):
                with writing(engine) as connection:
                    bring_up_to_date(connection, address.place)
                if address.is_file:
                    switch_to_wal(engine)
        except GradebookError:
            engine.dispose()
            raise
        return cls(engine, address.place)

    @classmethod
    def open_existing(cls, place: str | Path) -> Self:
        """Opens the gradebook in the file, or at the URL; nothing is made or migrated.

        Raises NoGradebook where there is none, or no up-to-date one.
        """
        address = existing(place)
        engine = make_engine(address)
        try:
            with explained(address.place), engine.connect() as connection:
                require_gradebook(connection, address.place)
        except GradebookError:
            engine.dispose()
            raise
        return cls(engine, address.place)

    def record(self, attempt: Attempt) -> None:
        """Keeps an attempt. When this returns it is on the disk, as far as the disk or the server can be believed."""
        row = schema.to_row(attempt)
        with explained(self.place), writing(self._engine) as connection:
            connection.execute(insert(schema.attempts), row)

    def find(self, lab: str, submission_id: str, key: str) -> Attempt | None:
        """The newest attempt of a submission that was recorded under the key."""
        table = schema.attempts.c
        wanted = (table.key == key, table.lab == lab, table.submission == submission_id)
        query = select(schema.attempts).where(*wanted).order_by(table.number.desc()).limit(1)
        with explained(self.place), self._engine.connect() as connection:
            row = connection.execute(query).first()
            return schema.to_attempt(row) if row else None

    def labs(self) -> list[str]:
        """The labs that have an attempt, in order."""
        table = schema.attempts.c
        with explained(self.place), self._engine.connect() as connection:
            return sorted(connection.execute(select(table.lab).distinct()).scalars())

    def forget(self, submission_id: str) -> int:
        """Deletes every attempt of a submission, in every lab, and says how many they were.

        An SQLite file is overwritten where they stood. A server keeps what it deleted in its logs and until it cleans
        up, and nothing here reaches copies.
        """
        statement = delete(schema.attempts).where(schema.attempts.c.submission == submission_id)
        with explained(self.place):
            with writing(self._engine) as connection:
                count = connection.execute(statement).rowcount
            clean_up(self._engine)
        return count

    def attempts(self, lab: str | None = None, submission_id: str | None = None) -> Iterator[Attempt]:
        """All attempts, of one lab, of one submission, as they were when the first is asked for; oldest first.

        The order here, and what `last` and `best` call newest, is the order of recording, whatever the clocks said.
        """
        return self._read(_select(schema.attempts, lab, submission_id))

    def last(self, lab: str) -> Iterator[Attempt]:
        """The newest attempt of each submission: the view `last`."""
        return self._read(_select(schema.last, lab))

    def best(self, lab: str) -> Iterator[Attempt]:
        """The attempt with the highest score of each submission, the newest of equals: the view `best`.

        A score that is null, because the bench broke, is below every number.
        """
        return self._read(_select(schema.best, lab))

    def close(self) -> None:
        self._engine.dispose()

    def _read(self, query: Select[Any]) -> Iterator[Attempt]:
        with explained(self.place), self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=_PAGE).execute(query):
                yield schema.to_attempt(row)


def _select(table: Table, lab: str | None, submission_id: str | None = None) -> Select[Any]:
    query = select(table).order_by(table.c.number)
    if lab is not None:
        query = query.where(table.c.lab == lab)
    return query if submission_id is None else query.where(table.c.submission == submission_id)
