"""Alembic runs this to reach the database: the connection, with its transaction, is handed in."""

from alembic import context

given = context.config.attributes
context.configure(connection=given["connection"], version_table=given["version_table"])
context.run_migrations()
