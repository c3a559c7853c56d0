import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.course.labs import Course, NoCourse, UnknownLab
from workbook.course.table import ManifestError


@pytest.fixture
def course(make_lab, tmp_path):
    for name in ("02_environment", "01_handler_basics", "03_s3_writes", "10_s3_reads"):
        make_lab(name)
    return Course(tmp_path)


def test_labs_come_in_order_and_know_their_numbers(course):
    assert [lab.id for lab in course.labs] == ["01_handler_basics", "02_environment", "03_s3_writes", "10_s3_reads"]
    assert [lab.number for lab in course.labs] == [1, 2, 3, 10]


def test_only_folders_named_like_labs_are_labs(course, tmp_path):
    for name in ("notes", "4_short", "004_long", "__pycache__", "05", "05_"):
        (tmp_path / "labs" / name).mkdir()
    (tmp_path / "labs" / "06_a_file").touch()
    assert len(Course(tmp_path).labs) == 4


def test_a_lab_knows_its_files(course, tmp_path):
    lab = course.find("3")
    assert lab.manifest.title == "A lab"
    assert lab.manifest is lab.manifest
    assert lab.suite == lab.folder / "test_it.py"
    assert (lab.solution, lab.hidden_suite, lab.notebook, lab.events) == (None, None, None, ())

    solution = tmp_path / "solutions" / "03_s3_writes"
    solution.mkdir(parents=True)
    assert (lab.solution, lab.hidden_suite) == (solution, None)
    (solution / "test_hidden.py").touch()
    assert lab.hidden_suite == solution / "test_hidden.py"

    notebook = tmp_path / "notebooks" / "03_s3_writes.ipynb"
    notebook.parent.mkdir()
    notebook.touch()
    assert lab.notebook == notebook

    (lab.folder / "events").mkdir()
    for name in ("b.json", "a.json", "a.txt"):
        (lab.folder / "events" / name).touch()
    assert [event.name for event in lab.events] == ["a.json", "b.json"]


def test_a_broken_lab_spoils_no_other(make_lab, tmp_path):
    make_lab("01_fine")
    make_lab("02_without_manifest", manifest=None)
    make_lab("03_without_suite", suite=None)
    two_suites = make_lab("04_two_suites")
    (two_suites / "test_other.py").touch()
    make_lab("05_first")
    make_lab("05_second")
    fine, *broken = Course(tmp_path).labs
    assert fine.manifest.title == "A lab"
    words = [
        "labs/02_without_manifest/lab.toml: there is no such file",
        "a lab has one suite, here: none",
        "a lab has one suite, here: test_it.py, test_other.py",
        "the number 5 is also that of 05_second",
        "the number 5 is also that of 05_first",
    ]
    for lab, expected in zip(broken, words, strict=True):
        with pytest.raises(ManifestError) as caught:
            _ = lab.manifest
        assert expected in str(caught.value)


def test_a_mended_lab_is_read_again(make_lab, tmp_path):
    folder = make_lab("01_fine", suite=None)
    lab = Course(tmp_path).labs[0]
    with pytest.raises(ManifestError):
        _ = lab.manifest
    (folder / "test_it.py").touch()
    assert lab.manifest.title == "A lab"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3", "03_s3_writes"),
        ("03", "03_s3_writes"),
        ("003", "03_s3_writes"),
        (" 10 ", "10_s3_reads"),
        ("03_s3_writes", "03_s3_writes"),
        ("writes", "03_s3_writes"),
        ("S3_READS", "10_s3_reads"),
        ("hand", "01_handler_basics"),
    ],
)
def test_a_lab_is_found_by_number_name_or_part(course, text, found):
    assert course.find(text).id == found


@pytest.mark.parametrize("path", ["labs/03_s3_writes", "labs/03_s3_writes/", "labs/03_s3_writes/lambda_function.py"])
def test_a_lab_is_found_by_a_path_inside_it(course, tmp_path, monkeypatch, path):
    assert course.find(str(tmp_path / path)).id == "03_s3_writes"
    monkeypatch.chdir(tmp_path)
    assert course.find(path).id == "03_s3_writes"


def test_a_lab_is_found_from_within_its_folder(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path / "labs" / "03_s3_writes")
    assert course.find(".").id == "03_s3_writes"
    assert course.find("lambda_function.py").id == "03_s3_writes"
    assert course.find("../01_handler_basics").id == "01_handler_basics"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4", "There is no lab '4'."),
        ("handlr_basics", "Did you mean 01_handler_basics?"),
        ("zzz", "The labs: 01_handler_basics, 02_environment, 03_s3_writes, 10_s3_reads."),
        ("s3", "'s3' could be 03_s3_writes or 10_s3_reads: write more of the name."),
        ("", "An empty name is no lab. The labs: 01_handler_basics"),
        ("labs/03_s3_writes/nothing.py", "There is no lab"),
        ("..", "There is no lab '..'"),
        ("\x1b[2J\0", r"There is no lab '\x1b[2J\x00'"),
        ("x" * 100_000, "xxx'..."),
        ("9" * 100_000, "There is no lab '999"),
        ("³", "There is no lab '³'"),
    ],
)
def test_an_unknown_lab_is_answered_with_what_there_is(course, tmp_path, monkeypatch, text, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnknownLab) as caught:
        course.find(text)
    message = str(caught.value)
    assert words in message
    assert message.isprintable()
    assert len(message) < 500


def test_two_labs_of_one_number_are_told_apart_by_name(make_lab, tmp_path):
    make_lab("05_first")
    make_lab("05_second")
    course = Course(tmp_path)
    with pytest.raises(UnknownLab, match="'5' could be 05_first or 05_second"):
        course.find("5")
    assert course.find("second").id == "05_second"


def test_a_whole_name_is_that_lab_even_inside_a_longer_name(make_lab, tmp_path):
    make_lab("05_first")
    make_lab("05_first_again")
    assert Course(tmp_path).find("05_first").id == "05_first"


def test_the_nearest_folder_with_labs_is_the_course(course, tmp_path):
    deep = tmp_path / "labs" / "03_s3_writes" / "events"
    deep.mkdir()
    assert Course.locate(deep).root == tmp_path
    assert Course.locate(tmp_path).root == tmp_path


def test_a_folder_labs_without_labs_is_passed_by(course, tmp_path):
    (tmp_path / "tests" / "labs").mkdir(parents=True)
    assert Course.locate(tmp_path / "tests").root == tmp_path


def test_an_empty_course_is_a_course(tmp_path):
    inner = tmp_path / "inner"
    for folder in (tmp_path, inner):
        (folder / "labs").mkdir(parents=True)
    course = Course.locate(inner)
    assert (course.root, course.labs) == (inner, ())
    with pytest.raises(UnknownLab, match="holds no lab yet"):
        course.find("3")


def test_an_override_is_taken_as_it_is(course, tmp_path, make_lab):
    assert Course.locate(Path("/"), override=tmp_path).root == tmp_path
    with pytest.raises(NoCourse, match="lab --course FOLDER list"):
        Course.locate(tmp_path, override=tmp_path / "labs" / "03_s3_writes")


def test_no_course_says_what_to_type(tmp_path):
    with pytest.raises(NoCourse, match="lab --course FOLDER list"):
        Course.locate(tmp_path)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_a_path_through_a_link_leads_to_the_lab(course, tmp_path):
    link = tmp_path / "elsewhere"
    try:
        link.symlink_to(tmp_path / "labs" / "03_s3_writes", target_is_directory=True)
    except OSError:
        pytest.skip("links are not allowed here")
    assert course.find(str(link)).id == "03_s3_writes"


def test_the_course_imports_neither_other_parts_nor_anything_heavy():
    program = (
        "import sys, pkgutil, importlib\n"
        "from workbook import course\n"
        "for module in pkgutil.iter_modules(course.__path__, 'workbook.course.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*sys.modules)"
    )
    loaded = set(
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    )
    ours = {name for name in loaded if name.startswith("workbook.")}
    assert all(name.startswith("workbook.course") for name in ours)
    assert not loaded & {"click", "rich", "boto3", "moto", "pytest", "json", "difflib", "tempfile", "shutil", "tomli_w"}
