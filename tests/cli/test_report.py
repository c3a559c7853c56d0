import csv
import io
import json
import os
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from workbook.gradebook import Attempt, Gradebook

SCHEMA = json.loads(files("workbook.grading").joinpath("schema.json").read_text())
MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVIL = "=cmd|' /C calc'!A0\x1b[2J\u202e<script>"


def make_check(name: str, status: str, points: int, **given: Any) -> dict[str, Any]:
    score = points if status == "passed" else 0
    told = None if status == "passed" else f"{name} is not so"
    return {
        "id": f"test_{name}", "task": 1, "title": f"does {name}", "status": status, "reason": None, "score": score,
        "max_score": points, "visibility": "public", "message": told, "diagnosis": None, "log": None, "seconds": 0.1,
        **given,
    }  # fmt: skip


def make_document(student: str, lab: str, passed: bool, **given: Any) -> dict[str, Any]:
    checks = [make_check("one", "passed" if passed else "failed", 10)]
    checks.append(make_check("secret", "passed" if passed else "failed", 5, visibility="hidden"))
    return {
        "schema": 1, "lab": lab, "submission": {"id": student, "sha256": "0" * 64},
        "status": "passed" if passed else "failed", "score": sum(check["score"] for check in checks), "max_score": 15,
        "sandbox": "namespaces", "seconds": 1.25, "message": None, "checks": checks, **given,
    }  # fmt: skip


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The folder in which commands run, with a gradebook of two labs: ada got worse, bob and a hostile id failed."""
    folder = tmp_path / "course"
    folder.mkdir()
    documents = [
        make_document("ada", "01_greeting", True),
        make_document("ada", "01_greeting", False),
        make_document("bob", "01_greeting", False),
        make_document(EVIL, "01_greeting", False),
        make_document("cy", "02_more", True),
        make_document("bob", "02_more", False, status="rejected", message=f"It is a link {EVIL}.", checks=[], score=0),
    ]
    with closing(Gradebook.open(f"sqlite:///{folder}/gradebook.db")) as book:
        for number, document in enumerate(documents):
            name, lab = document["submission"]["id"], document["lab"]
            book.record(Attempt(lab, name, str(number), document, MORNING + timedelta(minutes=number)))
    (folder / "roster.csv").write_text(
        'SIS User ID,Student,Section\nada,"Lovelace, Ada",A\nbob,Bob =1+1,A\ncy,Cy Coe,B\ndee,Dee,B\n'
    )
    return folder


@pytest.fixture
def report(run, course: Path):
    def call(*arguments: str, code: int = 0) -> str:
        done = run("report", "gradebook.db", *arguments)
        assert done.returncode == code, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
        return done.stderr if code else done.stdout

    return call


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def test_the_table_has_each_labs_marks_and_what_fails(report) -> None:
    shown = report()
    assert [line.split()[1:3] for line in shown.splitlines() if line.startswith("ada")] == [["0/15", "failed"]]
    assert "3 submissions: 3 failed. Median 0 of 15, mean 0 of 15." in shown
    assert "    3  does one" in shown
    assert shown.index("01_greeting") < shown.index("02_more")
    assert max(map(len, shown.splitlines())) <= 80


def test_the_best_attempt_is_another_than_the_last(report) -> None:
    for attempts, mark in (("last", "0"), ("best", "15")):
        found = {row["id"]: row["score"] for row in rows(report("--format", "csv", "--attempts", attempts))}
        assert found["ada"] == mark


def test_one_lab_is_named_by_its_number_folder_or_a_part(report) -> None:
    for name in ("2", "02", "02_more", "more"):
        assert {row["lab"] for row in rows(report("--format", "csv", "--lab", name))} == {"02_more"}


def test_csv_is_harmless_and_in_order(report) -> None:
    found = rows(report("--format", "csv", "--lab", "1"))
    assert [row["id"] for row in found] == ["'=cmd|' /C calc'!A0\\x1b[2J\\u202e<script>", "ada", "bob"]
    assert found[1]["not_passed"] == "test_one test_secret"
    assert found[1]["graded_at"] == "2026-11-23T09:01:00+00:00"


def test_json_holds_the_documents_as_they_are(report) -> None:
    document = json.loads(report("--format", "json"))
    assert document["schema"] == 1
    assert {result["submission"]["id"] for result in document["results"]} == {"ada", "bob", "cy", EVIL}
    for result in document["results"]:
        jsonschema.validate(result, SCHEMA)


def test_junit_is_xml_with_a_suite_each(report) -> None:
    root = ElementTree.fromstring(report("--format", "junit"))
    assert len(root) == 5


def test_html_is_one_page(report) -> None:
    page = report("--format", "html", "--roster", "roster.csv")
    assert page.count("<!doctype html>") == 1
    assert "<script>" not in page
    assert "<dt>missing</dt><dd>2</dd>" in page


def test_an_output_file_is_written_in_the_form_that_its_ending_says(report, course: Path) -> None:
    for name, begins in {
        "a.csv": b"\xef\xbb\xbflab,",
        "b.json": b'{"schema"',
        "c.xml": b"<?xml",
        "d.html": b"<!doctype",
        "e.txt": b"01_greeting",
    }.items():
        assert report("--output", name) == ""
        assert (course / name).read_bytes().startswith(begins)
    report("--output", "a.csv", "--format", "json")
    assert (course / "a.csv").read_bytes().startswith(b'{"schema"')
    assert not [path for path in course.iterdir() if path.name.startswith(".")]


def test_what_is_read_is_not_written_over(report, course: Path) -> None:
    before = (course / "roster.csv").read_bytes(), (course / "gradebook.db").read_bytes()
    for name in ("roster.csv", "gradebook.db", "../course/gradebook.db"):
        assert "would replace what is read" in report("--output", name, "--roster", "roster.csv", code=2)
    assert ((course / "roster.csv").read_bytes(), (course / "gradebook.db").read_bytes()) == before
    assert "cannot be written" in report("--output", "no/where.csv", code=2)
    assert "is a folder" in report("--output", ".", code=2)


def test_a_roster_adds_names_and_who_is_missing(report, run) -> None:
    found = {row["id"]: row for row in rows(report("--lab", "1", "--format", "csv", "--roster", "roster.csv"))}
    assert (found["ada"]["name"], found["bob"]["name"]) == ("Lovelace, Ada", "Bob =1+1")
    assert (found["dee"]["status"], found["dee"]["score"]) == ("missing", "")
    shown = report("--lab", "1", "--roster", "roster.csv")
    assert "missing" in shown
    told = run("report", "gradebook.db", "--lab", "1", "--roster", "roster.csv").stderr
    assert "is nobody's: Nobody in the roster is called" in told


def test_feedback_is_a_page_for_each_with_an_index(report, course: Path, run) -> None:
    assert report("--feedback", "feedback", "--roster", "roster.csv") == ""
    folder = course / "feedback" / "01_greeting"
    index = rows((folder / "index.csv").read_text("utf-8"))
    assert {row["file"] for row in index} == {path.name for path in folder.iterdir()} - {"index.csv"}
    assert sorted(os.listdir(course / "feedback")) == ["01_greeting", "02_more"]
    page = (folder / "ada.html").read_text("utf-8")
    assert "Lovelace, Ada" in page
    assert "one is not so" in page
    assert "0 of 1 hidden check passed, 0 of 5 points" in page
    assert "secret" not in page
    (folder / "ada.html").write_text("my own words")
    assert "'ada.html' in it was changed" in report("--feedback", "feedback", code=2)
    assert (folder / "ada.html").read_text() == "my own words"
    report("--feedback", "feedback", "--lab", "2")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["none.db"], 2, "The gradebook none.db does not exist"),
        (["sqlite:///none.db"], 2, "The gradebook none.db does not exist"),
        (["roster.csv"], 2, "is no gradebook"),
        (["."], 2, "is a folder"),
        (["mysql://ada:hunter2@db/x"], 2, "not supported"),
        (["postgresql://ada:hunter2@127.0.0.1:1/x"], 3, "does not answer"),
        (["gradebook.db", "--lab", "7"], 2, "has no record of lab 7. It holds: 01_greeting, 02_more."),
        (["gradebook.db", "--lab", "e"], 2, "could be 01_greeting or 02_more"),
        (["gradebook.db", "--lab", "\x1b[2J"], 2, "no record of lab \\x1b[2J"),
        (["gradebook.db", "--roster", "none.csv"], 2, "none.csv"),
        (["gradebook.db", "--marks", "marks.toml"], 2, "belong to --course"),
        (["gradebook.db", "--course", "--lab", "1"], 2, "leave out --lab"),
        (["gradebook.db", "--course", "--format", "html"], 2, "leave out --lab"),
        (["gradebook.db", "--course", "--marks", "none.toml"], 2, "there is no such file"),
        (["gradebook.db", "--course", "--submitted", "none.csv"], 2, "none.csv: It cannot be read"),
        (["gradebook.db", "--course", "--submitted", "9=none.csv"], 2, "9 is no lab of the table"),
        ([], 2, "GRADEBOOK"),
    ],
)
def test_wrong_usage_is_told_and_makes_nothing(run, course: Path, arguments: list[str], code: int, words: str) -> None:
    before = sorted(course.iterdir())
    done = run("report", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "\x1b" not in done.stderr
    assert "hunter2" not in done.stderr
    assert sorted(course.iterdir()) == before


def test_a_gradebook_without_a_record_says_so(run, course: Path) -> None:
    Gradebook.open(f"sqlite:///{course}/empty.db").close()
    for arguments in ([], ["--course"]):
        done = run("report", "empty.db", *arguments)
        assert done.returncode == 2
        assert "holds no record yet" in done.stderr


MARKS = """
timezone = "Europe/Oslo"
missing = "zero"
[late]
percent_per_day = 10
free_days = 1
[labs.01_greeting]
due = 2026-10-05T23:59:00
[labs.02]
due = 2026-10-12T23:59:00
column = "Lab 2 (77)"
weight = 3
"""


def test_the_course_has_a_row_a_person_and_a_column_a_lab(report, course: Path, run) -> None:
    (course / "marks.toml").write_text(MARKS)
    (course / "times.csv").write_text("id,lab,submitted\nada,1,2026-10-06 08:00\ncy,2,2026-10-14 22:00\n")
    arguments = ("--course", "--roster", "roster.csv", "--marks", "marks.toml", "--submitted", "times.csv")
    [ada, bob, cy, dee] = rows(report(*arguments, "--attempts", "best", "--format", "csv"))
    assert ada == {
        "SIS User ID": "ada", "Student": "Lovelace, Ada", "Section": "A", "01_greeting": "15",
        "01_greeting late": "late: 1 day; 1 free", "Lab 2 (77)": "missing", "Lab 2 (77) late": "", "total": "25",
        "counted": "2 of 2",
    }  # fmt: skip
    assert (bob["01_greeting"], bob["01_greeting late"], bob["Lab 2 (77)"]) == ("0", "not known", "0")
    assert (cy["Lab 2 (77)"], cy["Lab 2 (77) late"], cy["total"]) == ("13.5", "late: 2 days; 1 free; 10 % off", "67.5")
    assert (dee["01_greeting"], dee["total"]) == ("missing", "0")
    told = run("report", "gradebook.db", *arguments).stderr
    assert "is nobody's, and in no row" in told


def test_the_course_needs_nothing_but_a_gradebook(report) -> None:
    found = rows(report("--course", "--format", "csv"))
    assert [row["id"] for row in found][1:] == ["ada", "bob", "cy"]
    assert list(found[0]) == ["id", "01_greeting", "02_more", "total", "counted"]
    shown = report("--course").splitlines()
    assert shown[0].split() == ["id", "01", "02", "total", "counted"]


def test_a_lab_that_the_marks_do_not_name_is_left_out_and_that_is_said(report, course: Path, run) -> None:
    (course / "marks.toml").write_text("[labs.2]\n")
    done = run("report", "gradebook.db", "--course", "--marks", "marks.toml")
    assert "Left out, since marks.toml does not name them: 01_greeting" in done.stderr


def test_an_error_in_the_marks_names_its_place(report, course: Path) -> None:
    (course / "marks.toml").write_text("[labs.1]\ndue = 2026-10-05T23:59:00\n")
    told = report("--course", "--marks", "marks.toml", code=2)
    assert "marks.toml: [labs.1] due: names no time zone" in told


def recorded(course: Path) -> list[str]:
    with closing(Gradebook.open_existing(course / "gradebook.db")) as book:
        return [attempt.submission_id for attempt in book.attempts()]


def test_forgetting_asks_first(run, course: Path) -> None:
    for answer in ("n\n", ""):
        done = run("forget", "gradebook.db", "ada", stdin=answer)
        assert done.returncode != 0
        assert "Delete every attempt of ada from gradebook.db?" in done.stderr
    assert recorded(course).count("ada") == 2
    done = run("forget", "gradebook.db", "ada", stdin="y\n")
    assert (done.returncode, done.stdout) == (0, "ada: 2 attempts deleted\n")
    assert "ada" not in recorded(course)


def test_forgetting_several_is_all_or_none(run, course: Path) -> None:
    done = run("forget", "gradebook.db", "ada", "nobody\x1b", "--yes")
    assert done.returncode == 2
    assert "gradebook.db has nothing of 'nobody\\x1b'. Nothing was deleted." in done.stderr
    assert "ada" in recorded(course)
    done = run("forget", "gradebook.db", EVIL, "bob", "--yes")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert set(recorded(course)) == {"ada", "cy"}
    assert run("forget", "none.db", "ada", "--yes").returncode == 2
    assert not (course / "none.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_on_a_terminal_nothing_of_a_submission_acts(course: Path) -> None:
    ours, theirs = os.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "workbook", "report", "gradebook.db"], cwd=course, stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"}, check=False,
    )  # fmt: skip
    shown = os.read(ours, 100_000)
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0
    assert b"\x1b[3" in shown
    assert b"\x1b[2J" not in shown
    assert "\u202e".encode() not in shown
