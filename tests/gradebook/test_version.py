"""The schema's versions: made, migrated with what is in it, and refused from a newer workbook."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from workbook.gradebook import Attempt, Gradebook, GradebookError, schema, version

ROOT = Path(__file__).resolve().parents[2]
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("attempts", sa.Column("note", sa.Text(), nullable=False, server_default="none yet"))
    op.execute({statement!r})
"""


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        answer = connection.execute(text(statement))
        rows = [tuple(row) for row in answer] if answer.returns_rows else []
    engine.dispose()
    return rows


@pytest.fixture
def update(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes this the next workbook, whose migration ends with a statement."""

    def update(statement: str) -> None:
        folder = tmp_path / "next % workbook" / "migrations"
        shutil.copytree(version.MIGRATIONS, folder)
        (folder / "versions" / "v0002_note.py").write_text(NEXT.format(statement=statement))
        monkeypatch.setattr(version, "MIGRATIONS", folder)
        monkeypatch.setattr(version, "NEWEST", "0002")

    return update


def test_newest_version_is_the_last_of_the_migrations() -> None:
    assert ScriptDirectory(str(version.MIGRATIONS)).get_heads() == [version.NEWEST]


def test_migrations_make_what_queries_see(url: str) -> None:
    Gradebook.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version.TABLE})
        assert compare_metadata(context, schema.tables) == []
        for view in (schema.last, schema.best):
            columns = [column["name"] for column in inspect(connection).get_columns(view.name)]
            assert columns == view.columns.keys()
    engine.dispose()


def test_older_gradebook_is_migrated_with_all_that_is_in_it(
    url: str, make_attempt: Callable[..., Attempt], update: Callable[[str], None]
) -> None:
    attempts = [make_attempt(), make_attempt("bob")]
    with closing(Gradebook.open(url)) as book:
        for attempt in attempts:
            book.record(attempt)
    update("UPDATE attempts SET note = 'migrated'")
    for _ in range(2):  # the second time, nothing is left to do
        with closing(Gradebook.open(url)) as book:
            assert list(book.attempts()) == attempts
    with closing(Gradebook.open(url)) as book:
        book.record(attempts[0])
    assert query(url, "SELECT note FROM attempts ORDER BY number") == [("migrated",), ("migrated",), ("none yet",)]
    assert query(url, "SELECT * FROM gradebook_version") == [("0002",)]


def test_new_gradebook_runs_through_every_migration(url: str, update: Callable[[str], None]) -> None:
    update("SELECT 1")
    Gradebook.open(url).close()
    assert query(url, "SELECT note FROM attempts") == []


def test_migration_that_fails_leaves_the_gradebook_as_it_was(
    url: str, make_attempt: Callable[..., Attempt], update: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = make_attempt()
    with closing(Gradebook.open(url)) as book:
        book.record(attempt)
    update("SELECT nonsense FROM attempts")
    with pytest.raises(GradebookError, match="nonsense"):
        Gradebook.open(url)
    monkeypatch.undo()
    with closing(Gradebook.open(url)) as book:
        assert list(book.attempts()) == [attempt]
    assert query(url, "SELECT * FROM gradebook_version") == [("0001",)]
    assert len(query(url, "SELECT * FROM attempts")[0]) == len(schema.attempts.columns)


def test_gradebook_from_a_newer_workbook_is_refused_and_left_as_it_was(
    tmp_path: Path,
    url: str,
    make_attempt: Callable[..., Attempt],
    update: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    update("SELECT 1")
    with closing(Gradebook.open(url)) as book:
        book.record(make_attempt())
    monkeypatch.undo()
    before = [path.read_bytes() for path in tmp_path.glob("*.db")]
    with pytest.raises(GradebookError) as caught:
        Gradebook.open(url)
    assert "was made by a newer workbook: its version is '0002', this one knows 0001" in str(caught.value)
    assert "Update the workbook" in str(caught.value)
    assert [path.read_bytes() for path in tmp_path.glob("*.db")] == before
    assert query(url, "SELECT note FROM attempts") == [("none yet",)]


@pytest.mark.parametrize(
    "change", ["UPDATE gradebook_version SET version_num = 'e\u1234'", "DELETE FROM gradebook_version"]
)
def test_version_that_is_not_known_is_refused(url: str, change: str) -> None:
    Gradebook.open(url).close()
    query(url, change)
    with pytest.raises(GradebookError, match="newer workbook"):
        Gradebook.open(url)


def test_gradebook_that_is_up_to_date_opens_without_alembic(url: str) -> None:
    Gradebook.open(url).close()
    code = "import sys; from workbook.gradebook import Gradebook; Gradebook.open(sys.argv[1])"
    code += "; assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, url], check=True)


@pytest.mark.slow
def test_wheel_brings_the_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # where uv_build looks for itself
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = (
        "import sys; sys.path.insert(0, 'installed'); from workbook import gradebook; print(gradebook.__file__); "
        "gradebook.Gradebook.open()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(done.stdout.strip()).is_relative_to(tmp_path / "installed")
    assert query(f"sqlite:///{tmp_path}/gradebook.db", "SELECT count(*) FROM best") == [(0,)]
