"""Where a gradebook is: the URL of its database, understood."""

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from workbook.gradebook.errors import NoGradebook

SQLITE, POSTGRESQL = "sqlite+pysqlite", "postgresql+psycopg"
_DRIVERS = {
    "sqlite": SQLITE,
    SQLITE: SQLITE,
    "postgresql": POSTGRESQL,
    "postgres": POSTGRESQL,
    POSTGRESQL: POSTGRESQL,
}
_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html
_FORMS = "Write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."


@dataclass(frozen=True)
class Address:
    """`place` is what messages call it: without password and options."""

    url: URL
    place: str

    @property
    def is_file(self) -> bool:
        return self.url.drivername == SQLITE

    @property
    def files(self) -> tuple[Path, ...]:
        """The database's file and those that SQLite keeps beside it; none of a server's."""
        endings = ("", "-wal", "-shm", "-journal") if self.is_file else ()
        return tuple(Path(f"{self.url.database}{ending}") for ending in endings)


def parse(text: str) -> Address:
    """Raises NoGradebook when nothing can be there."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # their words may show a password
        raise NoGradebook("that was named", "has no URL that can be read", _suggest(text)) from None
    if url.drivername not in _DRIVERS:
        raise NoGradebook(f"{url.drivername}://…", "is of a kind that is not supported", _FORMS)
    url = url.set(drivername=_DRIVERS[url.drivername])
    return _parse_file(url) if url.drivername == SQLITE else _parse_server(url)


def existing(place: str | Path) -> Address:
    """The address of a gradebook that is there already: a file's name or a URL. Raises NoGradebook."""
    is_url = isinstance(place, str) and "://" in place
    address = parse(str(place)) if is_url else _parse_file(URL.create(SQLITE, database=str(place)))
    if address.is_file:
        _require_database(address)
    return address


def _require_database(address: Address) -> None:
    try:
        with address.files[0].open("rb") as file:
            found = file.read(len(_MAGIC))
    except FileNotFoundError:
        raise NoGradebook(address.place, "does not exist", "Name the file that lab grade wrote.") from None
    except OSError:
        return  # whoever opens it says why
    if found != _MAGIC:
        raise NoGradebook(address.place, "is no gradebook: it is no SQLite database", "Name another file.")


def _suggest(text: str) -> str:
    is_plain_name = not set(text) & set("@:?#") and text.isprintable()
    return f"For a file, write sqlite:///{text}" if is_plain_name and text else _FORMS


def _parse_file(url: URL) -> Address:
    name = url.database
    if not name or name.startswith((":memory:", "file:")) or url.host:
        raise NoGradebook(f"sqlite://{url.host or ''}", "names no file", "Write sqlite:///gradebook.db, say.")
    path = Path(name)
    if os.path.isdir(path):
        raise NoGradebook(name, "is a folder", f"Name a file in it: sqlite:///{name.rstrip('/')}/gradebook.db")
    if os.path.exists(path) and not os.path.isfile(path):
        raise NoGradebook(name, "is no regular file", "Name another.")
    if not os.path.isdir(path.parent):
        raise NoGradebook(name, "is in a folder that does not exist", "Make the folder, or name another file.")
    return Address(url, name)


def _parse_server(url: URL) -> Address:
    if "@" in (url.host or ""):
        raise NoGradebook("on PostgreSQL", "has an @ too many in its URL", "In a password, write it as %40.")
    # Not str(url): that would show an option `password`.
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return Address(url, place.render_as_string())
