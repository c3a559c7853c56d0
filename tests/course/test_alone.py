"""A function of one's own: a folder with a manifest that belongs to no course."""

import pytest

from workbook.course.labs import Course, NoCourse, stands_alone


@pytest.fixture
def own(make_lab, tmp_path):
    """The folder `weather`, beside a course."""
    make_lab("01_handler_basics")
    made = tmp_path / "labs" / "01_handler_basics"
    folder = tmp_path / "weather"
    folder.mkdir()
    for path in made.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_its_folder_is_a_course_of_one(own):
    [lab] = Course(own).labs
    assert (lab.id, lab.number, lab.folder, lab.root, lab.alone) == ("weather", 1, own, own, True)
    assert (lab.solution, lab.notebook) == (None, None)
    assert lab.manifest.title == "A lab"


def test_it_is_found_from_inside_though_a_course_lies_above(own, tmp_path):
    inside = own / "events"
    inside.mkdir()
    assert Course.locate(inside).root == own
    assert Course.locate(tmp_path).labs[0].id == "01_handler_basics"
    assert Course.locate(tmp_path, own).root == own


def test_it_goes_by_its_name_its_path_and_as_number_one(own, monkeypatch):
    monkeypatch.chdir(own)
    for name in ("weather", "weath", "1", ".", str(own)):
        assert Course(own).find(name).folder == own


def test_a_lab_of_a_course_stands_not_alone(own, tmp_path):
    lab = tmp_path / "labs" / "01_handler_basics"
    assert not stands_alone(lab)
    assert Course.locate(lab).root == tmp_path
    assert Course.locate(lab).labs[0].root == tmp_path
    (tmp_path / "lab.toml").touch()
    assert not Course(tmp_path).labs[0].alone


def test_a_folder_without_a_manifest_is_neither(tmp_path):
    with pytest.raises(NoCourse):
        Course(tmp_path)
