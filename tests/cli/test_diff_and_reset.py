import zipfile
from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.course.starters import take_snapshot


def test_diff_waits_for_full_marks(make_lab, run) -> None:
    make_lab()
    done = run("diff", "1")
    assert done.returncode == 1
    assert "after full marks: ./lab check 1" in done.stderr
    assert "greeting" not in done.stdout


def test_diff_after_full_marks_shows_both(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text() + "\nMINE = 1\n")
    run("check", "1")
    done = run("diff")
    assert done.returncode == 0
    assert "-MINE = 1" in done.stdout
    assert "--- yours/lambda_function.py" in done.stdout


def test_diff_can_be_forced_and_says_when_there_is_no_difference(make_lab, run) -> None:
    lab = make_lab()
    assert '+    return {"statusCode": 200' in run("diff", "1", "--force").stdout
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    assert "are the same" in run("diff", "1", "--force").stdout


def test_diff_makes_hostile_text_inert(make_lab, run) -> None:
    make_lab(starter="# \x1b[2J\ndef lambda_handler(event, context):\n    pass\n")
    assert "\x1b" not in run("diff", "1", "--force").stdout


@pytest.fixture
def packed(make_lab):
    """A lab like the one on packaging: the starter has neither the pins nor the zip that the student makes."""
    lab = make_lab(top='files = ["lambda_function.py", "requirements.txt", "lambda_deploy.zip"]')
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    (lab.solution / "requirements.txt").write_text("tide==1.0\n")
    pack(lab.solution / "lambda_deploy.zip", **{"lambda_function.py": "a", "tide.py": "b"})
    return lab


def pack(path: Path, **entries: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)


def test_diff_shows_a_file_that_is_not_there_as_such(packed, run) -> None:
    lines = run("diff", "1", "--force").stdout.splitlines()
    assert lines[:2] == ["--- yours/requirements.txt (not there)", "+++ solution/requirements.txt"]
    assert "+tide==1.0" in lines


def test_diff_of_a_zip_lists_what_is_in_it(packed, run) -> None:
    (packed.folder / "requirements.txt").write_text("tide==1.0\r\n")
    pack(packed.folder / "lambda_deploy.zip", **{"mine/lambda_function.py": "a", "tide.py": "b"})
    lines = run("diff", "1", "--force").stdout.splitlines()
    assert lines[:2] == ["--- yours/lambda_deploy.zip", "+++ solution/lambda_deploy.zip"]
    assert [line[:1] + line[1:].partition(" ")[0] for line in lines[3:]] == [
        "-mine/lambda_function.py",
        "+lambda_function.py",
        " tide.py",
    ]
    pack(packed.folder / "lambda_deploy.zip", **{"tide.py": "b", "lambda_function.py": "a"})
    assert run("diff", "1", "--force").stdout == "Your code and the solution are the same.\n"


def test_diff_of_what_is_no_text_says_so_in_a_line(packed, run) -> None:
    (packed.folder / "requirements.txt").write_text("tide==1.0\n")
    (packed.folder / "lambda_deploy.zip").write_bytes(b"PK\0\x1b[2J")
    size = (packed.solution / "lambda_deploy.zip").stat().st_size
    told = run("diff", "1", "--force").stdout
    assert told == f"lambda_deploy.zip is no text: yours has 7 bytes, that of the solution has {size} bytes.\n"


def test_diff_of_a_folder_in_a_files_place_says_that_it_cannot_be_read(packed, run) -> None:
    (packed.folder / "requirements.txt").mkdir()
    done = run("diff", "1", "--force")
    assert done.returncode == 3
    assert "requirements.txt cannot be read" in done.stderr


def test_reset_moves_what_the_student_made_to_the_backups(packed, run) -> None:
    root = packed.folder.parents[1]
    take_snapshot(Course(root))
    pack(packed.folder / "lambda_deploy.zip", **{"lambda_function.py": "a"})
    (packed.folder / "requirements.txt").write_text("tide==1.0\n")
    made = (packed.folder / "lambda_deploy.zip").read_bytes()
    assert run("reset", "1").returncode == 0
    assert {file for file in packed.manifest.files if (packed.folder / file).exists()} == {"lambda_function.py"}
    kept = {backup.name[:10]: backup.read_bytes() for backup in (root / ".workbook" / "backups" / packed.id).iterdir()}
    assert kept == {"lambda_dep": made, "requiremen": b"tide==1.0\n"}
    assert run("reset", "1").stdout == "Nothing to do: 01_greeting is as it came.\n"


def test_diff_without_solutions_says_so_in_a_line(make_lab, run) -> None:
    make_lab(solution=None)
    done = run("diff", "1")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_reset_puts_the_starter_back_and_keeps_what_was_written(make_lab, run) -> None:
    lab = make_lab()
    root = lab.folder.parents[1]
    take_snapshot(Course(root))
    file = lab.folder / "lambda_function.py"
    starter = file.read_text()
    file.write_text("MINE = 1\n")
    done = run("reset", "1")
    assert done.returncode == 0
    assert file.read_text() == starter
    [backup] = (root / ".workbook" / "backups" / lab.id).iterdir()
    assert backup.read_text() == "MINE = 1\n"
    assert backup.name in done.stdout


def test_reset_refuses_politely_when_there_is_nothing_to_do(make_lab, run) -> None:
    lab = make_lab()
    take_snapshot(Course(lab.folder.parents[1]))
    done = run("reset", "1")
    assert (done.returncode, done.stdout) == (0, "Nothing to do: 01_greeting is as it came.\n")


def test_the_first_use_of_any_course_keeps_its_starters(make_lab, run) -> None:
    lab = make_lab()
    file = lab.folder / "lambda_function.py"
    starter = file.read_text()
    run("list")
    file.write_text("MINE = 1\n")
    run("list")
    assert run("reset", "1").returncode == 0
    assert file.read_text() == starter


def test_reset_without_a_kept_starter_names_the_cure(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder.parents[1] / ".workbook" / "starters" / lab.id).mkdir(parents=True)
    done = run("reset", "1")
    assert done.returncode == 3
    assert "git restore" in done.stderr
