"""The version of a gradebook's schema, and the way from an older one to this workbook's."""

from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text

from workbook.gradebook.errors import GradebookError, NoGradebook

NEWEST = "0001"  # the last of migrations/versions
MIGRATIONS = Path(__file__).parent / "migrations"
TABLE = "gradebook_version"
_LOCK = 0x6C616267  # any number, the same in every workbook: one process at a time changes a schema on PostgreSQL
_SHOWN = 3


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Makes or migrates the schema within the connection's transaction, which must be a writing one.

    Raises GradebookError, with nothing changed, for a gradebook from a newer workbook and for a database that holds
    something else.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    if _find_version(connection, place) != NEWEST:
        _migrate(connection)


def require_gradebook(connection: Connection, place: str) -> None:
    """Changes nothing. Raises NoGradebook where the schema is not this workbook's, and what `bring_up_to_date` does."""
    version = _find_version(connection, place)
    if version is None:
        raise NoGradebook(place, "is no gradebook: the database is empty", "Name the one that lab grade wrote.")
    if version != NEWEST:
        happened = f"was made by an older workbook: its version is {version!a}"
        raise NoGradebook(place, happened, "Any lab grade with it brings it up to date.")


def _find_version(connection: Connection, place: str) -> str | None:
    """None: an empty database, to be made a gradebook."""
    inspector = inspect(connection)
    names = [*inspector.get_table_names(), *inspector.get_view_names()]
    if TABLE in names:
        version = str(connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar() or "none")
        if not version.isdigit() or version > NEWEST:
            happened = f"was made by a newer workbook: its version is {version!a}, this one knows {NEWEST}"
            cure = "Update the workbook, or name another gradebook. Nothing was changed."
            raise GradebookError(place, happened, cure)
        return version
    if names:
        shown = ", ".join(map(ascii, sorted(names)[:_SHOWN])) + (" and more" if len(names) > _SHOWN else "")
        happened = f"is no gradebook: it is a database that holds something else ({shown})"
        raise NoGradebook(place, happened, "Give the gradebook a database of its own. Nothing was changed.")
    return None


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "version_table": TABLE})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, NEWEST)
