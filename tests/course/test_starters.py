import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.course.starters import StarterError, is_untouched, reset, starter_of, take_snapshot
from workbook.course.table import ManifestError

NOW = datetime(2026, 11, 23, 10, 15, 0)
TWO_FILES = """\
title = "Two files"
summary = "One of them is the student's to make."
files = ["lambda_function.py", "src/own.py"]
[function]
handler = "lambda_function.lambda_handler"
[[task]]
title = "The step"
"""


@pytest.fixture
def course(make_lab, tmp_path):
    make_lab("01_one")
    make_lab("02_two", TWO_FILES)
    return Course(tmp_path)


@pytest.fixture
def one(course):
    return course.find("1")


@pytest.fixture
def two(course):
    return course.find("2")


@pytest.fixture
def linked(tmp_path):
    def link(path: Path, target: Path) -> None:
        try:
            path.symlink_to(target, target_is_directory=target.is_dir())
        except OSError:
            pytest.skip("links are not allowed here")

    return link


def edit(lab, file="lambda_function.py", text="# mine\n"):
    path = lab.folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_a_snapshot_keeps_each_starter_once(course, one, two):
    assert take_snapshot(course) == 2
    assert starter_of(course, one, "lambda_function.py").read_text() == "# the starter\n"
    assert starter_of(course, two, "src/own.py") is None
    assert take_snapshot(course) == 0


def test_what_a_student_writes_never_becomes_a_starter(course, one, two):
    take_snapshot(course)
    edit(one)
    edit(two, "src/own.py")
    assert take_snapshot(course) == 0
    assert starter_of(course, one, "lambda_function.py").read_text() == "# the starter\n"
    assert starter_of(course, two, "src/own.py") is None


def test_a_lab_that_comes_later_is_kept_later(course, make_lab, tmp_path):
    take_snapshot(course)
    make_lab("03_three")
    later = Course(tmp_path)
    assert take_snapshot(later) == 1
    assert starter_of(later, later.find("3"), "lambda_function.py").is_file()


def test_a_broken_manifest_is_passed_over(make_lab, tmp_path):
    make_lab("01_broken", "title = ")
    make_lab("02_fine")
    assert take_snapshot(Course(tmp_path)) == 1


def test_a_lab_is_untouched_until_one_of_its_files_changes(course, one, two):
    assert not is_untouched(course, one)
    take_snapshot(course)
    assert is_untouched(course, one)
    assert is_untouched(course, two)
    edit(one)
    assert not is_untouched(course, one)
    edit(one, text="# the starter\n")
    assert is_untouched(course, one)
    edit(two, "src/own.py")
    assert not is_untouched(course, two)
    (one.folder / "lambda_function.py").unlink()
    assert not is_untouched(course, one)


def test_reset_puts_the_starter_back_and_keeps_what_stood_there(course, one, tmp_path):
    take_snapshot(course)
    path = edit(one)
    (backup,) = reset(course, one, NOW)
    assert path.read_text() == "# the starter\n"
    assert backup == tmp_path / ".workbook/backups/01_one/lambda_function.2026-11-23-101500.bak.py"
    assert backup.read_text() == "# mine\n"
    assert is_untouched(course, one)


def test_reset_of_an_untouched_lab_makes_no_backup(course, two, tmp_path):
    take_snapshot(course)
    assert reset(course, two, NOW) == []
    assert not (tmp_path / ".workbook" / "backups").exists()


def test_two_resets_in_one_second_keep_both_backups(course, one):
    take_snapshot(course)
    edit(one, text="first")
    (first,) = reset(course, one, NOW)
    edit(one, text="second")
    (second,) = reset(course, one, NOW)
    assert [first.read_text(), second.read_text()] == ["first", "second"]
    assert second.name == "lambda_function.2026-11-23-101500-2.bak.py"


def test_reset_brings_back_a_deleted_file(course, one):
    take_snapshot(course)
    (one.folder / "lambda_function.py").unlink()
    assert reset(course, one, NOW) == []
    assert is_untouched(course, one)


def test_reset_moves_away_what_the_lab_came_without(course, two, tmp_path):
    take_snapshot(course)
    path = edit(two, "src/own.py", "# mine\n")
    (backup,) = reset(course, two, NOW)
    assert not path.exists()
    assert backup == tmp_path / ".workbook/backups/02_two/src/own.2026-11-23-101500.bak.py"
    assert backup.read_text() == "# mine\n"


def test_reset_moves_a_folder_out_of_the_files_place(course, one):
    take_snapshot(course)
    path = one.folder / "lambda_function.py"
    path.unlink()
    path.mkdir()
    (path / "inside.txt").write_text("mine")
    (backup,) = reset(course, one, NOW)
    assert (backup / "inside.txt").read_text() == "mine"
    assert is_untouched(course, one)


def test_reset_without_a_kept_starter_touches_nothing(course, two):
    path = edit(two)
    with pytest.raises(StarterError, match=r"git restore labs/02_two/lambda_function.py"):
        reset(course, two, NOW)
    assert path.read_text() == "# mine\n"


def test_reset_of_a_broken_lab_says_what_is_wrong_with_it(make_lab, tmp_path):
    make_lab("01_broken", "title = ")
    course = Course(tmp_path)
    with pytest.raises(ManifestError):
        reset(course, course.labs[0], NOW)


def test_a_linked_starter_is_never_kept(course, one, tmp_path, linked):
    secret = tmp_path / "secret.py"
    secret.write_text("secret")
    path = one.folder / "lambda_function.py"
    path.unlink()
    linked(path, secret)
    take_snapshot(course)
    assert starter_of(course, one, "lambda_function.py") is None
    path.unlink()
    path.write_text("# the starter\n")
    assert take_snapshot(course) == 1


def test_reset_replaces_a_link_and_not_what_it_points_to(course, one, tmp_path, linked):
    take_snapshot(course)
    precious = tmp_path / "precious.py"
    precious.write_text("# the starter\n")
    path = one.folder / "lambda_function.py"
    path.unlink()
    linked(path, precious)
    assert not is_untouched(course, one)
    (backup,) = reset(course, one, NOW)
    assert backup.is_symlink()
    assert not path.is_symlink()
    assert precious.read_text() == "# the starter\n"


def test_a_linked_folder_on_the_way_is_refused(course, one, two, tmp_path, linked):
    take_snapshot(course)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "own.py").write_text("theirs")
    linked(two.folder / "src", elsewhere)
    assert not is_untouched(course, two)
    edit(two)
    with pytest.raises(StarterError, match="src is a symbolic link"):
        reset(course, two, NOW)
    assert (two.folder / "lambda_function.py").read_text() == "# mine\n"

    edit(one)
    linked(tmp_path / ".workbook" / "backups", elsewhere)
    with pytest.raises(StarterError, match=r".workbook/backups is a symbolic link"):
        reset(course, one, NOW)
    assert (one.folder / "lambda_function.py").read_text() == "# mine\n"
    assert os.listdir(elsewhere) == ["own.py"]


def test_a_linked_workbook_folder_takes_no_snapshot(course, tmp_path, linked):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    linked(tmp_path / ".workbook", elsewhere)
    with pytest.raises(StarterError, match=r".workbook is a symbolic link"):
        take_snapshot(course)
    assert os.listdir(elsewhere) == []


def test_a_folder_that_cannot_be_written_is_explained(course, tmp_path):
    (tmp_path / ".workbook").write_text("a file where the folder belongs")
    with pytest.raises(StarterError, match=r"The starters of 01_one could not be kept \(.+\)\. Check"):
        take_snapshot(course)


def run(folder):
    command = [sys.executable, "-m", "workbook.course.starters"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def test_the_module_takes_the_snapshot_of_the_current_folder_silently(course, one, make_lab, tmp_path):
    make_lab("03_broken", "title = ")
    finished = run(tmp_path)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")
    assert starter_of(course, one, "lambda_function.py").is_file()


def test_the_module_says_when_there_is_no_course(tmp_path):
    finished = run(tmp_path)
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "is no course" in finished.stderr
