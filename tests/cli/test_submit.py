"""The file that a student hands in, and what becomes of it in a class."""

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.course.starters import take_snapshot
from workbook.runtime import processes

MINE = "def lambda_handler(event, context):\n    return {'statusCode': 200, 'greeting': 'hello ' + event['station']}\n"
KEY = "AKIA" + "Q6EUQ2PPO7W3ABCD"


@pytest.fixture
def lab(make_lab):
    found = make_lab()
    take_snapshot(Course(found.folder.parents[1]))
    (found.folder / "lambda_function.py").write_text(MINE)
    return found


@pytest.fixture
def parcel(tmp_path: Path) -> Path:
    return tmp_path / "course" / "hand-in" / "01_greeting.zip"


def test_it_holds_exactly_the_labs_files_and_a_label(lab, run, parcel: Path) -> None:
    done = run("submit", "1")
    assert (done.returncode, done.stderr) == (0, "")
    with zipfile.ZipFile(parcel) as archive:
        assert archive.namelist() == ["hand-in.json", "lambda_function.py"]
        assert archive.read("lambda_function.py").decode() == MINE
        label = json.loads(archive.read("hand-in.json"))
    assert list(label) == ["schema", "lab", "files", "workbook"]
    assert label["lab"] == "01_greeting"
    assert list(label["files"]) == ["lambda_function.py"]
    said = " ".join(done.stdout.split())
    assert said.startswith("hand-in/01_greeting.zip ")
    assert f"lambda_function.py {len(MINE)} bytes" in said


def test_the_same_code_gives_the_same_bytes(lab, run, parcel: Path) -> None:
    run("submit", "1")
    before = parcel.read_bytes()
    (lab.folder / "lambda_function.py").touch()
    run("submit", "1", "--output", "other.zip", cwd=parcel.parent)
    assert (parcel.parent / "other.zip").read_bytes() == before
    (lab.folder / "lambda_function.py").write_text(MINE + "\n")
    run("submit", "1")
    assert parcel.read_bytes() != before


def test_it_says_whether_this_code_was_checked(lab, run) -> None:
    assert "Not checked since its last change: ./lab check 1" in run("submit").stdout
    run("check", "1")
    assert "Checked as it is by ./lab check 1: every task passes." in run("submit", "1").stdout
    (lab.folder / "lambda_function.py").write_text(MINE.replace("hello", "goodbye"))
    assert "Not checked since its last change" in run("submit", "1").stdout
    run("check", "1", "--task", "1")
    assert "Not checked since its last change" in run("submit", "1").stdout
    run("check", "1")
    assert "Checked as it is by ./lab check 1: 1 of 2 tasks pass." in run("submit", "1").stdout
    run("check", "1", "--task", "1")
    assert "Checked as it is" in run("submit", "1").stdout


def test_a_starter_is_told(make_lab, run, tmp_path: Path) -> None:
    make_lab()
    take_snapshot(Course(tmp_path / "course"))
    assert "It is the starter as it came" in run("submit", "1").stdout


def test_what_the_lab_does_not_ask_for_is_named_and_left_out(lab, run, parcel: Path) -> None:
    (lab.folder / "tides.py").write_text("HIGH = 1\n")
    (lab.folder / "notes").mkdir()
    (lab.folder / "notes" / "to_do.txt").write_text("all")
    assert "Not in it: notes/to_do.txt, tides.py." in run("submit", "1").stdout
    with zipfile.ZipFile(parcel) as archive:
        assert "tides.py" not in archive.namelist()


def test_a_file_that_is_not_there_is_named(make_lab, run, parcel: Path) -> None:
    lab = make_lab(top='files = ["lambda_function.py", "lambda_deploy.zip"]')
    done = run("submit", "1")
    assert "lambda_deploy.zip MISSING" in " ".join(done.stdout.split())
    assert parcel.exists()
    parcel.unlink()
    (lab.folder / "lambda_function.py").unlink()
    done = run("submit", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nothing to hand in" in done.stderr
    assert not parcel.exists()


def test_a_secret_is_refused_by_file_and_line_and_not_shown(lab, run, parcel: Path) -> None:
    (lab.folder / "lambda_function.py").write_text(f"{MINE}\nclient = ('{KEY}')\n")
    done = run("submit", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "lambda_function.py, line 4: an AWS access key" in done.stderr
    assert "Take it out" in done.stderr
    assert KEY not in done.stderr
    assert not parcel.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links are a privilege there")
def test_what_grade_would_refuse_is_not_written(lab, run, parcel: Path, tmp_path: Path) -> None:
    file = lab.folder / "lambda_function.py"
    file.rename(tmp_path / "elsewhere.py")
    file.symlink_to(tmp_path / "elsewhere.py")
    done = run("submit", "1")
    assert done.returncode == 1
    assert "is a link" in done.stderr
    assert not parcel.exists()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("mine.txt", "end in .zip"),
        (".", "end in .zip"),
        ("folder.zip", "is a folder"),
        ("made.zip", "that you hand in"),
    ],
)
def test_a_wrong_output_is_told(make_lab, run, tmp_path: Path, output: str, words: str) -> None:
    lab = make_lab(top='files = ["lambda_function.py", "made.zip"]')
    (lab.folder / "folder.zip").mkdir()
    (lab.folder / "made.zip").write_bytes(b"mine")
    done = run("submit", "1", "--output", output, cwd=lab.folder)
    assert done.returncode == 2
    assert words in done.stderr
    assert (lab.folder / "made.zip").read_bytes() == b"mine"


def test_a_function_of_ones_own_is_handed_in_to_nobody(run, tmp_path: Path) -> None:
    run("new", "tide", cwd=tmp_path)
    done = run("submit", cwd=tmp_path / "tide")
    assert (done.returncode, done.stdout) == (2, "")
    assert "./lab package" in done.stderr
    assert not (tmp_path / "tide" / "hand-in").exists()


@pytest.mark.skipif(not processes.LINUX, reason="only Linux isolates submissions")
def test_a_class_hands_in(lab, run, make_lab, parcel: Path, tmp_path: Path) -> None:
    """As files, as three learning platforms give them back, unpacked, packed by hand, changed, of another lab."""
    run("submit", "1")
    group = tmp_path / "course" / "group"
    places = (
        "ada.zip",
        "Bob Byte_12_assignsubmission_file_/01_greeting.zip",
        "cycodd_34_56_01_greeting.zip",
        "deecart_LATE_78_90_01_greeting-2.zip",
    )
    for place in places:
        (group / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(parcel, group / place)
    for name in ("submission_7", "changed", "added"):
        shutil.unpack_archive(parcel, group / name)
    (group / "changed" / "lambda_function.py").write_text(MINE + "# later\n")
    (group / "added" / "tides.py").write_text("HIGH = 1\n")
    (group / "by_hand").mkdir()
    (group / "by_hand" / "lambda_function.py").write_text(MINE)
    make_lab(name="02_other")
    run("submit", "2")
    shutil.copy(parcel.with_name("02_other.zip"), group / "eve.zip")
    done = run("grade", "1", "group", "--json")
    assert done.returncode == 0, done.stderr
    results = {one["submission"]["id"]: one for one in json.loads(done.stdout)["results"]}
    whole = ("ada.zip", "Bob Byte_12", "cycodd_34", "deecart_78", "submission_7", "by_hand")
    assert {name: results[name]["score"] for name in whole} == dict.fromkeys(whole, 15)
    assert len({results[name]["submission"]["sha256"] for name in whole}) == 1
    reasons = {name: one["message"] for name, one in results.items() if one["status"] == "rejected"}
    assert reasons.keys() == {"changed", "added", "eve.zip"}
    assert "'lambda_function.py' was changed after lab submit" in reasons["changed"]
    assert "'tides.py' was added" in reasons["added"]
    assert "made for lab '02_other', not for 01_greeting" in reasons["eve.zip"]
