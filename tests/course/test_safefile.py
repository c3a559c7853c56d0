import os

import pytest

from workbook.course.safefile import read_file, replace_file


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "new" / "folder" / "file.txt"
    replace_file(path, b"one")
    replace_file(path, b"two")
    assert read_file(path, 3) == b"two"
    assert os.listdir(path.parent) == ["file.txt"]


def test_a_file_above_the_limit_is_not_read(tmp_path):
    replace_file(tmp_path / "file.txt", b"four")
    with pytest.raises(OSError, match="larger than 3 bytes"):
        read_file(tmp_path / "file.txt", 3)


def test_a_folder_or_a_pipe_is_not_read(tmp_path):
    with pytest.raises(OSError, match="it is no file"):
        read_file(tmp_path, 3)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(OSError, match="it is no file"):
            read_file(tmp_path / "pipe", 3)


def test_a_failed_write_leaves_the_old_content_and_nothing_else(tmp_path, monkeypatch):
    replace_file(tmp_path / "file.txt", b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "file.txt", b"new")
    assert os.listdir(tmp_path) == ["file.txt"]
    assert (tmp_path / "file.txt").read_bytes() == b"old"


def test_a_second_writer_in_the_middle_of_the_first_harms_neither(tmp_path, monkeypatch):
    path = tmp_path / "file.txt"
    sync = os.fsync

    def interrupted(descriptor):
        monkeypatch.setattr(os, "fsync", sync)
        replace_file(path, b"second")
        assert path.read_bytes() == b"second"

    monkeypatch.setattr(os, "fsync", interrupted)
    replace_file(path, b"first")
    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["file.txt"]
