"""`lab doctor`: a line for each thing that the workbook stands on; never a crash, never a secret."""

import json
import os

import pytest

from workbook.doctor import Status

CANARY = "canary-5c1e9"


def findings(done) -> dict[str, dict]:
    document = json.loads(done.stdout)
    assert document["schema"] == 1
    return {finding["name"]: finding for finding in document["findings"]}


def test_it_lists_what_it_looked_at_and_ends_with_a_sum(make_lab, run) -> None:
    make_lab(top="unknown = 1")
    done = run("doctor")
    lines = done.stdout.splitlines()
    assert done.returncode in (0, 3), done.stderr
    assert done.stderr == ""
    assert all(len(line) <= 80 or " " not in line[23:] for line in lines), "only a path may be longer"
    assert any(line.startswith("ok       function      starts and answers") for line in lines)
    assert "warning" in lines[-1] or "problem" in lines[-1], "the manifest is broken, and so no starter was kept"


def test_json_is_one_document_and_the_exit_code_follows_from_it(make_lab, run) -> None:
    lab = make_lab()
    done = run("doctor", "--json")
    found = findings(done)
    assert done.returncode == (3 if any(f["status"] == "problem" for f in found.values()) else 0)
    assert all(set(f) == {"name", "status", "message", "cure"} for f in found.values())
    assert {f["status"] for f in found.values()} <= set(Status)
    assert found["starters"]["status"] == "ok"
    (lab.folder / "lab.toml").write_text("title = 1\n")
    broken = run("doctor", "--json")
    assert broken.returncode == 3
    assert "01_greeting/lab.toml" in findings(broken)["course"]["message"]


@pytest.mark.parametrize("arguments", [["doctor"], ["doctor", "--json"]])
def test_credentials_are_named_and_never_printed(make_lab, run, tmp_path, arguments) -> None:
    make_lab()
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(f"[default]\naws_secret_access_key = {CANARY}\n")
    done = run(
        *arguments,
        HOME=str(home),
        USERPROFILE=str(home),
        AWS_SECRET_ACCESS_KEY=CANARY,
        AWS_SESSION_TOKEN=CANARY,
        HTTPS_PROXY=f"http://user:{CANARY}@proxy.example",
        NO_PROXY="",
        no_proxy="",
    )
    assert "AWS_SECRET_ACCESS_KEY" in done.stdout
    assert "AWS_SESSION_TOKEN" in done.stdout
    assert "~/.aws/credentials" in done.stdout
    assert "HTTPS_PROXY" in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_a_place_to_keep_things_that_takes_none(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder.parents[1] / ".workbook").write_text("a file where a folder belongs")
    done = run("doctor", "--json")
    assert done.returncode == 3
    assert findings(done)["kept files"]["status"] == "problem"
    assert findings(done)["function"]["status"] == "ok"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom a mode keeps out")
def test_a_folder_that_may_not_be_written(make_lab, run) -> None:
    lab = make_lab()
    kept = lab.folder.parents[1] / ".workbook"
    kept.mkdir(0o555)
    assert findings(run("doctor", "--json"))["kept files"]["status"] == "problem"


def test_outside_any_course_the_machine_is_examined_all_the_same(run, tmp_path) -> None:
    done = run("--course", str(tmp_path), "doctor", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert "--course FOLDER" in findings(done)["course"]["cure"]
    assert findings(done)["function"]["status"] == "ok"


def test_a_terminal_of_ascii_is_told_in_ascii(make_lab, run) -> None:
    make_lab()
    done = run("doctor", PYTHONIOENCODING="ascii")
    assert "warning  terminal      ascii" in done.stdout
