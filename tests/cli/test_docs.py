"""`lab docs`: where it builds, where it does not, and who may read what it serves."""

import os
import re
import socket
import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

needs_mkdocs = pytest.mark.skipif(find_spec("mkdocs") is None, reason="mkdocs comes with the group `docs`")


@pytest.fixture(autouse=True)
def _a_course_to_stand_in(make_lab) -> None:
    make_lab()


def test_a_folder_that_is_no_site_is_left_as_it_is(run, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "one.txt").write_text("dear")
    done = run("docs", "build", "--out", str(letters))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{letters} holds files that are no site" in done.stderr
    assert (letters / "one.txt").read_text() == "dear"


@needs_mkdocs
def test_builds_into_a_folder_as_seen_from_here_and_again_over_it(run, tmp_path: Path) -> None:
    for _ in range(2):
        done = run("docs", "build", "--out", "built")
        assert done.returncode == 0, done.stderr
        assert "The site is in built." in done.stdout
    assert (tmp_path / "course" / "built" / "index.html").is_file()
    (tmp_path / "course" / "built" / "old.html").touch()
    run("docs", "build", "--out", "built")
    assert not (tmp_path / "course" / "built" / "old.html").exists()


def test_without_mkdocs_it_says_what_to_type(run, tmp_path: Path) -> None:
    stand_in = tmp_path / "stand-in" / "mkdocs"
    stand_in.mkdir(parents=True)
    (stand_in / "__init__.py").write_text("raise ImportError('none here')")
    done = run("docs", "build", "--out", "built", PYTHONPATH=str(stand_in.parent))
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert "lab setup --all" in done.stderr


@needs_mkdocs
def test_a_port_that_is_taken_is_refused(run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run("docs", "serve", "--port", str(other.getsockname()[1]))
    assert done.returncode == 3
    assert "is taken" in done.stderr


@needs_mkdocs
@pytest.mark.slow
def test_serves_this_machine_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "workbook", "docs", "serve"]
    server = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        address = next(found[0] for line in server.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        assert b"<h1" in urllib.request.urlopen(address).read()
        import psutil

        hosts = {one.laddr.ip for one in psutil.Process(server.pid).net_connections() if one.status == "LISTEN"}
        assert hosts == {"127.0.0.1"}
    finally:
        server.terminate()
        server.communicate(timeout=30)
