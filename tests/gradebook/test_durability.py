"""Nothing that was recorded is lost: to SIGKILL, to a full disk, to another process that records as well."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from workbook.gradebook import Attempt, Gradebook

HERE = Path(__file__).parent
ROUNDS = 12
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="the process that records is forked")


@contextmanager
def recorder(url: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, HERE / "recorder.py", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        yield process


def tell(process: subprocess.Popen[str], name: str, count: int) -> None:
    assert process.stdin
    process.stdin.write(f"{name} {count}\n")


def hear(process: subprocess.Popen[str], *expected: str) -> list[str]:
    """The next words it says; the first is one of those expected."""
    assert process.stdout
    words = process.stdout.readline().split()
    assert words[0] in expected
    return words


def kill_at_random(process: subprocess.Popen[str], name: str, chance: random.Random) -> list[str]:
    """Have it record until it is killed; the ids of what it said was kept."""
    tell(process, name, 10_000)
    _, child = hear(process, "started")
    patience = chance.choice([0, 0, 1, 3, 20])
    heard = [hear(process, "kept") for _ in range(patience)]
    time.sleep(chance.uniform(0, 0.01 if patience else 0.2))  # before the first attempt: the schema is being made
    os.kill(int(child), signal.SIGKILL)
    while (words := hear(process, "kept", "ended")) != ["ended"]:
        heard.append(words)
    return [f"{name} {number}" for _, name, number in heard]


@needs_fork
def test_killed_process_loses_nothing_that_it_had_recorded(url: str) -> None:
    chance = random.Random(7)
    kept: list[str] = []
    with recorder(url) as process:
        for round_ in range(ROUNDS):
            kept += kill_at_random(process, f"round{round_}", chance)
    with closing(Gradebook.open(url)) as book:
        attempts = list(book.attempts())
    found = [attempt.submission_id for attempt in attempts]
    unsaid = set(found) - set(kept)  # killed between the commit and the word
    assert len(kept) >= ROUNDS
    assert [name for name in found if name not in unsaid] == kept
    assert len({name.split()[0] for name in unsaid}) == len(unsaid)  # one a round at most
    for attempt in attempts:
        assert attempt.document["checks"] == [{"log": f"{attempt.submission_id} " * 500}]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@needs_fork
def test_two_processes_record_at_once(url: str) -> None:
    names, count = ("left", "right"), 60
    with recorder(url) as left, recorder(url) as right:
        for process, name in zip((left, right), names, strict=True):
            tell(process, name, count)
        for process in (left, right):
            for word in ("started", *["kept"] * count, "ended"):
                hear(process, word)
    with closing(Gradebook.open(url)) as book:
        found = [attempt.submission_id for attempt in book.attempts()]
    for name in names:
        assert [each for each in found if each.startswith(name)] == [f"{name} {number}" for number in range(count)]
    assert len(found) == 2 * count


def test_gradebook_that_many_make_at_once_is_made_once(url: str, make_attempt: Callable[..., Attempt]) -> None:
    attempts = [make_attempt(str(number)) for number in range(8)]
    failures: list[BaseException] = []
    together = threading.Barrier(len(attempts))

    def work(attempt: Attempt) -> None:
        together.wait()
        try:
            with closing(Gradebook.open(url)) as book:
                book.record(attempt)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with closing(Gradebook.open(url)) as book:
        assert sorted(attempt.submission_id for attempt in book.attempts()) == sorted("01234567")


def test_gradebook_that_another_program_reads_opens_and_changes_its_mode_the_next_time(
    tmp_path: Path, make_attempt: Callable[..., Attempt]
) -> None:
    path = tmp_path / "gradebook.db"
    Gradebook.open(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
        rows = reader.execute("SELECT 1 FROM gradebook_version")
        assert rows.fetchone()  # one step in: the file is locked for whoever would change its mode
        with closing(Gradebook.open(f"sqlite:///{path}")) as book:
            rows.close()
            book.record(make_attempt())
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    with closing(Gradebook.open(f"sqlite:///{path}")) as book, closing(sqlite3.connect(path)) as reader:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert len(list(book.attempts())) == 1


def test_each_attempt_is_a_commit_that_waits_for_the_disk(tmp_path: Path, make_attempt: Callable[..., Attempt]) -> None:
    commits = []

    def look(connection: Connection) -> None:
        pragmas = ("synchronous", "journal_mode")
        commits.append([connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas])

    with closing(Gradebook.open(f"sqlite:///{tmp_path}/gradebook.db")) as book:
        event.listen(Engine, "commit", look)
        try:
            for _ in range(3):
                book.record(make_attempt())
        finally:
            event.remove(Engine, "commit", look)
    assert commits == [[2, "wal"]] * 3  # 2: FULL


def test_full_disk_loses_nothing_and_recording_goes_on_when_there_is_room(tmp_path: Path) -> None:
    bubblewrap = shutil.which("bwrap")
    if not bubblewrap:
        pytest.skip("bubblewrap, which makes the small disk, is not installed")
    disk = ["--size", "500000", "--tmpfs", tmp_path]
    command = [bubblewrap, "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", *disk]
    done = subprocess.run(
        [*command, sys.executable, HERE / "full_disk.py", tmp_path], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    for word in ("new", "full"):
        assert "the disk is full" in answer[word]
        assert "Free some space" in answer[word]
    assert len(answer["kept"]) > 5
    assert answer["found_when_full"] == answer["kept"]
    assert answer["found_in_the_end"] == [*answer["kept"], "-1"]
