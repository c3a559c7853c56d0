"""The attempts, and the views `last` and `best` on them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

COLUMNS = "number, lab, submission, key, status, score, max_score, sandbox, seconds, graded_at, document"


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("lab", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("max_score", sa.Integer(), nullable=False),
        sa.Column("sandbox", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("attempts_key", "attempts", ["key"])
    newest = "SELECT max(number) FROM attempts GROUP BY lab, submission"
    op.execute(f"CREATE VIEW last AS SELECT {COLUMNS} FROM attempts WHERE number IN ({newest})")
    order = "CASE WHEN score IS NULL THEN 1 ELSE 0 END, score DESC, number DESC"
    # Not row_number() = 1: PostgreSQL, which guesses that few rows are first, would loop over all of them for each.
    top = f"SELECT first_value(number) OVER (PARTITION BY lab, submission ORDER BY {order}) FROM attempts"
    op.execute(f"CREATE VIEW best AS SELECT {COLUMNS} FROM attempts WHERE number IN ({top})")
