"""The first start in a fresh clone, and the starts after it."""

import os
import sys

import pytest

posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and scripts of POSIX")


def test_first_start_installs_then_runs_and_says_how_long_it_takes(project):
    outcome = project.lab("check", "3", "--json")
    assert outcome.code == 0, outcome.stderr
    assert outcome.answer["argv"] == ["check", "3", "--json"]
    assert outcome.installed.keys() >= {"tiny_student", "tiny-workbook"}
    assert "Setting up the workbook (student): about 20 s" in outcome.stderr
    assert "Ready after" in outcome.stderr


def test_first_start_keeps_the_starters(project):
    project.lab("list")
    assert (project.root / ".workbook" / "starters").read_text(encoding="utf-8") == "kept"


def test_packages_are_compiled_since_functions_may_not_write_any(project):
    project.lab("list")
    assert list((project.root / ".venv").rglob("tiny_student.*.pyc"))


def test_second_start_installs_nothing_and_says_nothing(ready):
    before = ready.stamp.stat().st_mtime_ns
    outcome = ready.lab("list")
    assert (outcome.code, outcome.stderr) == (0, "")
    assert ready.stamp.stat().st_mtime_ns == before


def test_changed_requirements_are_installed_at_the_next_start(project):
    project.lab("list")
    project.wheels.add("tiny_student", "2.0")
    project.require("student", ("tiny_student", "2.0"))
    outcome = project.lab("list")
    assert outcome.installed["tiny_student"] == "2.0"
    assert "making .venv" not in outcome.stderr


def test_requirements_changed_without_a_new_size_or_time_are_noticed(project):
    project.lab("list")
    file = project.root / "requirements" / "student.txt"
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    project.wheels.add("tiny_student", "2.0")
    project.require("student", ("tiny_student", "2.0"))
    os.utime(file, ns=times)
    assert project.lab("list").installed["tiny_student"] == "2.0"


def test_package_that_no_requirement_names_is_removed(project):
    project.wheels.add("stray")
    project.require("student", ("tiny_student",), ("stray",))
    assert "stray" in project.lab("list").installed
    project.require("student", ("tiny_student",))
    assert "stray" not in project.lab("list").installed


def test_new_lab_takes_the_starters_again(project):
    project.lab("list")
    (project.root / ".workbook" / "starters").unlink()
    (project.root / "labs" / "04_new").mkdir()
    project.lab("list")
    assert (project.root / ".workbook" / "starters").exists()


@posix_only
@pytest.mark.slow
def test_without_uv_on_the_path_the_pinned_one_is_installed(project, tmp_path):
    import uv

    script = f'#!/bin/sh\nexec "{uv.find_uv_bin()}" "$@"\n'
    project.wheels.add("uv", "99.0", files=[("uv-99.0.data/scripts/uv", script)])
    project.require("student", ("tiny_student",), ("uv", "99.0"))
    (tmp_path / "empty").mkdir()
    outcome = project.lab("list", PATH=str(tmp_path / "empty"))
    assert outcome.code == 0, outcome.stderr
    assert outcome.installed["uv"] == "99.0"
    assert "setuptools" not in outcome.installed


def test_running_in_the_virtual_environment_that_is_to_be_made_again(project):
    project.lab("list")
    project.stamp.unlink()
    outcome = project.lab("list", python=str(project.python))
    if os.name == "nt":  # an interpreter cannot be removed while it runs
        assert (outcome.code, "close programs" in outcome.stderr) == (3, True)
    else:
        assert outcome.code == 0, outcome.stderr
        assert project.lab("list").stderr == ""


def test_working_folder_is_kept_and_its_modules_shadow_nothing(ready, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "json.py").write_text("raise SystemExit('shadowed')", encoding="utf-8")
    outcome = ready.lab("list", cwd=folder)
    assert outcome.answer["cwd"] == os.path.realpath(folder)


@posix_only
def test_path_that_the_systems_encoding_cannot_say_is_no_hindrance(ready):
    outcome = ready.lab("list", LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    assert outcome.code == 0, outcome.stderr


@posix_only
def test_link_to_the_wrapper_acts_on_its_own_workbook(project, tmp_path):
    (tmp_path / "lab").symlink_to(project.root / "lab")
    project.root, root = tmp_path, project.root
    assert project.lab("list").code == 0
    assert (root / ".venv").is_dir()


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4])
def test_exit_code_is_passed_on(ready, code):
    assert ready.lab("exit", str(code)).code == code


@pytest.mark.skipif(sys.platform == "win32", reason="no signals there")
@pytest.mark.parametrize("number", [9, 15])
def test_child_ended_by_a_signal_gives_128_and_its_number(ready, number):
    assert ready.lab("kill", str(number)).code == 128 + number
