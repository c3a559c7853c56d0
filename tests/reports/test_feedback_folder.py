import csv
import os
from pathlib import Path

import pytest

from workbook.reports.feedback_folder import INDEX, FolderInUse, write_folder


@pytest.fixture
def write(make_document):
    def call(folder: Path, *students: str, names: dict[str, str] | None = None) -> int:
        return write_folder(folder, lambda: [make_document(name) for name in students], names or {})

    return call


def index(folder: Path) -> list[list[str]]:
    return list(csv.reader((folder / INDEX).read_text("utf-8-sig").splitlines()))[1:]


def test_each_submission_has_a_page_and_a_line(write, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "03"
    assert write(folder, "bob", "../ada", "CON", "", names={"bob": "Bob, B."}) == 4
    assert [row[:3] for row in index(folder)] == [
        ["", "", "submission.html"],
        ["../ada", "", "ada.html"],
        ["CON", "", "_CON.html"],
        ["bob", "Bob, B.", "bob.html"],
    ]
    assert {path.name for path in folder.iterdir()} == {INDEX, *(row[2] for row in index(folder))}
    assert os.listdir(folder.parent) == ["03"]
    assert "Bob, B." in (folder / "bob.html").read_text("utf-8")


def test_what_was_written_before_is_replaced_whole(write, tmp_path: Path) -> None:
    write(tmp_path / "03", "ada", "bob")
    write(tmp_path / "03", "bob", "cy")
    assert sorted(os.listdir(tmp_path / "03")) == ["bob.html", "cy.html", INDEX]
    assert os.listdir(tmp_path) == ["03"]


def test_other_folders_beside_stay(write, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    write(tmp_path / "03", "ada")
    write(tmp_path / "04", "ada")
    assert sorted(os.listdir(tmp_path)) == ["03", "04", "mine"]


def change(folder: Path) -> None:
    (folder / "ada.html").write_text("I wrote a remark here")


def add(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


def add_folder(folder: Path) -> None:
    (folder / "ada").mkdir()


def lose_index(folder: Path) -> None:
    (folder / INDEX).unlink()


def spoil_index(folder: Path) -> None:
    (folder / INDEX).write_bytes(b'\xff\x00"')


def extend_index(folder: Path) -> None:
    (folder / INDEX).write_text((folder / INDEX).read_text("utf-8-sig").replace("sha256", "sha256,my note"))


@pytest.mark.parametrize("do", [change, add, add_folder, lose_index, spoil_index, extend_index])
def test_what_somebody_changed_or_added_is_not_lost(write, tmp_path: Path, do) -> None:
    folder = tmp_path / "03"
    write(folder, "ada")
    do(folder)
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with pytest.raises(FolderInUse, match=r"is not replaced: .* Name a new folder"):
        write(folder, "ada", "bob")
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert os.listdir(tmp_path) == ["03"]


def test_an_empty_folder_is_free_and_a_file_or_link_is_not(write, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert write(tmp_path / "empty", "ada") == 1
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderInUse, match="is no folder"):
        write(tmp_path / "file", "ada")
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(FolderInUse, match="is no folder"):
        write(tmp_path / "link", "ada")


def test_a_folder_that_cannot_be_finished_leaves_what_was_there(write, tmp_path: Path, make_document) -> None:
    write(tmp_path / "03", "ada")

    def read():
        yield make_document("ada")
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        write_folder(tmp_path / "03", read, {})
    assert os.listdir(tmp_path) == ["03"]
    assert sorted(os.listdir(tmp_path / "03")) == ["ada.html", INDEX]
