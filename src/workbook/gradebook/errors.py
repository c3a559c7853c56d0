"""What a gradebook cannot do, in words for the instructor."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError


class GradebookError(Exception):
    """Says which gradebook, what happened, and what to try. Never shows a password."""

    def __init__(self, place: str, happened: str, cure: str) -> None:
        super().__init__(f"The gradebook {place} {happened}. {cure}")


class NoGradebook(GradebookError):
    """There is none where one was named, or there cannot be."""


_ELSEWHERE = "Name another file, or one that does not exist yet: it is made."
_WRITE = "See who owns it and its folder and whether its disk may be written, or name a gradebook elsewhere."
_FULL = "Free some space, then go on: what was recorded before is kept."
_ADDRESS = "See that the server runs, and that host and port in the URL are its own."
_LOGIN = "See that user and password in the URL are right (an @ in a password is written %40)."
_RIGHTS = "Let the server's owner grant this user CREATE on the schema, or give it a database of its own."

# What SQLite's error is called, or PostgreSQL's SQLSTATE and words: what it means, what to try.
_MEANINGS = (
    ("SQLITE_NOTADB", "is no gradebook: it is no SQLite database", _ELSEWHERE),
    ("SQLITE_CORRUPT", "is damaged", "Keep the file, put a copy from before in its place, and grade again."),
    ("SQLITE_(CANTOPEN|PERM|AUTH)", "cannot be opened", _WRITE),
    ("SQLITE_READONLY", "may not be written", _WRITE),
    ("SQLITE_FULL", "has no room left: the disk is full", _FULL),
    ("SQLITE_IOERR", "could not be read or written", "See that its disk works and has space, then go on."),
    ("SQLITE_(BUSY|LOCKED)", "is in use by another program", "Wait for that program, or end it, then go on."),
    ("53100|No space left", "has no room left: the server's disk is full", _FULL),
    ("25006", "may not be written: the server only lets it be read", "Name the URL of the primary server."),
    ("42501", "may not be used by this user", _RIGHTS),
    ("28...|authentication failed|no password supplied|pg_hba", "does not let this user in", _LOGIN),
    ("3D000|database .* does not exist", "does not exist", "Make it on the server (createdb), or name another."),
    ("invalid connection option", "has an unknown option in its URL", "Leave it out, or see how it is spelt."),
    ("failed to resolve|could not translate host", "has a host that is not known", _ADDRESS),
    (
        "08...|57P..|Connection refused|[Cc]onnection (failed|timeout)|connection to server|server closed|is lost",
        "does not answer",
        _ADDRESS,
    ),
)
_UNKNOWN = ("failed", "What was recorded before is kept. If its words do not help, name another gradebook.")


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turns what the database, its driver, or a stored value that cannot be read raises into a GradebookError."""
    try:
        yield
    except (SQLAlchemyError, ValueError) as error:
        cause = error.orig if isinstance(error, StatementError) and error.orig else error
        code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
        told = getattr(cause, "diag", None)  # PostgreSQL's own message, without the statement
        words = " ".join(str((told and told.message_primary) or cause).split())
        known = isinstance(error, DBAPIError)
        meanings = (meaning for meaning in _MEANINGS if known and re.search(meaning[0], f"{code} {words}"))
        _, happened, cure = next(meanings, ("", *_UNKNOWN))
        raise GradebookError(place, f"{happened} ({words})", cure) from error
