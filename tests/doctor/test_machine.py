import errno
import shutil
import socket
import tempfile
from collections import namedtuple
from datetime import date
from zoneinfo import ZoneInfoNotFoundError

import pytest

from workbook.doctor import Status, machine

Usage = namedtuple("Usage", "total used free")
MB = 1024 * 1024


@pytest.mark.parametrize(
    ("free_mb", "status"),
    [(0, Status.PROBLEM), (49, Status.PROBLEM), (50, Status.WARNING), (499, Status.WARNING), (500, Status.OK)],
)
def test_disk_space(make_place, monkeypatch, free_mb, status) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000 * MB, 0, free_mb * MB))
    assert machine.check_disk(make_place()).status is status


def test_the_fuller_of_the_two_disks_counts(make_place, monkeypatch, tmp_path) -> None:
    place = make_place(repository=tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(0, 0, MB if path == tmp_path else 1000 * MB))
    assert machine.check_disk(place).message == "1 MB left for the workbook"


def test_a_temporary_folder_that_takes_no_file(make_place, monkeypatch, tmp_path) -> None:
    assert machine.check_temporary(make_place()).status is Status.OK
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    finding = machine.check_temporary(make_place())
    assert finding.status is Status.PROBLEM
    assert "TMPDIR" in finding.cure


def test_loopback_that_is_forbidden(make_place, monkeypatch) -> None:
    assert machine.check_loopback(make_place()).status is Status.OK

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(socket, "create_server", refuse)
    finding = machine.check_loopback(make_place())
    assert finding.status is Status.PROBLEM
    assert "Permission denied" in finding.message


def test_a_clock_before_the_workbook_was_made(make_place, monkeypatch) -> None:
    monkeypatch.setattr(machine, "as_of", lambda: date(2020, 1, 1))
    assert machine.check_clock(make_place()).status is Status.OK
    monkeypatch.setattr(machine, "as_of", lambda: date(9999, 1, 1))
    assert machine.check_clock(make_place()).status is Status.WARNING


def test_time_zones_that_no_name_leads_to(make_place, monkeypatch) -> None:
    def refuse(name):
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(machine, "ZoneInfo", refuse)
    assert machine.check_clock(make_place()).status is Status.PROBLEM


@pytest.mark.parametrize(
    ("encoding", "status"), [("utf-8", Status.OK), ("ascii", Status.WARNING), ("no-such", Status.WARNING)]
)
def test_the_terminals_encoding(make_place, encoding, status) -> None:
    assert machine.check_terminal(make_place(encoding=encoding)).status is status


def test_bubblewrap_is_found_on_path_and_missed_by_nobody(make_place, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(machine.sys, "platform", "linux")
    absent = machine.check_bubblewrap(make_place(variables={"PATH": str(tmp_path)}))
    assert absent.status is Status.OK
    assert "only needed to grade a class" in absent.message
    (tmp_path / "bwrap").touch(0o755)
    assert machine.check_bubblewrap(make_place(variables={"PATH": str(tmp_path)})).message == str(tmp_path / "bwrap")
    monkeypatch.setattr(machine.sys, "platform", "darwin")
    assert "Linux only" in machine.check_bubblewrap(make_place()).message
