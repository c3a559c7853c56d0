import hashlib

import pytest

from workbook.course.labs import Course
from workbook.doctor import Status
from workbook.doctor import course as examined


@pytest.fixture
def lab(make_lab):
    return make_lab()


@pytest.fixture
def course(lab) -> Course:
    return Course(lab.folder.parents[1])


def test_a_sound_course(course) -> None:
    assert examined.check_manifests(course).message == "1 lab"
    assert examined.check_kept(course).status is Status.OK
    assert examined.check_progress(course).message == "0 of 1 labs begun"
    assert examined.check_wheels(course).message == "no lab needs any"


def test_a_manifest_that_is_wrong_is_named(lab) -> None:
    manifest = lab.folder / "lab.toml"
    manifest.write_text(manifest.read_text().replace("timeout = 60", "timeout = 1000"))
    finding = examined.check_manifests(Course(lab.folder.parents[1]))
    assert finding.status is Status.PROBLEM
    assert "01_greeting/lab.toml" in finding.message


def test_a_course_without_labs(tmp_path) -> None:
    (tmp_path / "labs").mkdir()
    assert examined.check_manifests(Course(tmp_path)).status is Status.PROBLEM


def test_a_folder_that_takes_no_file(course) -> None:
    (course.root / ".workbook").write_text("a file where a folder belongs")
    finding = examined.check_kept(course)
    assert finding.status is Status.PROBLEM
    assert "own" in finding.cure


def test_the_folder_is_left_as_it_was(course) -> None:
    (course.root / ".workbook").mkdir()
    examined.check_kept(course)
    assert list((course.root / ".workbook").iterdir()) == []


def test_a_broken_progress_file(course) -> None:
    (course.root / ".workbook").mkdir()
    (course.root / ".workbook" / "progress.toml").write_text("no toml at all")
    finding = examined.check_progress(course)
    assert finding.status is Status.WARNING
    assert "progress.toml.broken-" in finding.message


def test_starters_that_set_up_has_not_kept(course, lab) -> None:
    assert examined.check_starters(course).status is Status.WARNING
    (course.root / ".workbook" / "starters" / lab.id).mkdir(parents=True)
    assert examined.check_starters(course).status is Status.OK


@pytest.mark.parametrize(
    ("wheel", "content", "served"),
    [
        ("six_seven-1.0-py3-none-any.whl", b"whole", True),
        ("six_seven-1.0-py3-none-any.whl", b"hal", False),
        ("six_seven-2.0-py3-none-any.whl", b"whole", False),
        ("other-1.0-py3-none-any.whl", b"whole", False),
        ("six_seven-1.0-cp27-cp27m-plan9_vax.whl", b"whole", False),
        ("no wheel.whl", b"whole", False),
    ],
)
def test_wheels_must_be_there_whole_and_for_this_machine(course, lab, wheel, content, served) -> None:
    digest = hashlib.sha256(b"whole").hexdigest()
    lock = f"six.seven==1.0 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{digest}\n    # via requests\n"
    (lab.folder / "requirements.lock").write_text(lock)
    folder = course.root / ".workbook" / "wheels"
    folder.mkdir(parents=True)
    (folder / wheel).write_bytes(content)
    finding = examined.check_wheels(course)
    assert finding.status is (Status.OK if served else Status.PROBLEM)
    assert served or "six-seven==1.0 (01_greeting)" in finding.message


def test_without_the_folder_of_wheels_all_are_missing(course, lab) -> None:
    (lab.folder / "requirements.lock").write_text(f"requests==2.32.5 --hash=sha256:{'0' * 64}\n")
    assert examined.check_wheels(course).status is Status.PROBLEM
