"""What stands in the way of set-up is told in a line, with a cure and exit code 3."""

import ast
import os
import subprocess
import sys

import pytest

NO_INDEX = "http://127.0.0.1:9/simple"  # the discard port: nothing listens there


def without_network(project):
    """Settings under which an index is needed, and out of reach."""
    project.environment.pop("UV_NO_INDEX")
    project.environment |= {"UV_DEFAULT_INDEX": NO_INDEX, "UV_HTTP_RETRIES": "0"}


def require_what_only_an_index_has(project):
    project.wheels.add("tiny_student", "3.0")
    project.require("student", ("tiny_student", "3.0"))
    (project.wheels.folder / "tiny_student-3.0-py3-none-any.whl").unlink()


def test_without_network_set_up_says_what_it_needs(project):
    without_network(project)
    require_what_only_an_index_has(project)
    outcome = project.lab("check", "--json")
    assert (outcome.code, outcome.stdout) == (3, "")
    assert "lab: The packages could not be installed.\nThe package index cannot be reached." in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "making .venv" not in project.lab("check", "--json").stderr


def test_without_network_what_was_installed_still_serves(project):
    old = (project.root / "requirements" / "student.txt").read_text(encoding="utf-8")
    project.lab("list")
    without_network(project)
    require_what_only_an_index_has(project)
    assert project.lab("list").code == 3
    (project.root / "requirements" / "student.txt").write_text(old, encoding="utf-8")
    outcome = project.lab("list")
    assert (outcome.code, outcome.stderr) == (0, "")


def test_after_set_up_nothing_needs_the_network(project):
    project.lab("setup", "--all")
    without_network(project)
    for wheel in project.wheels.folder.iterdir():
        wheel.unlink()
    for arguments in (["list"], ["docs"], ["test"], ["setup"]):
        outcome = project.lab(*arguments)
        assert outcome.code == 0, outcome.stderr


def test_package_that_is_not_the_pinned_one_is_refused(project):
    project.wheels.add("tiny_student", "3.0")
    project.require("student", ("tiny_student", "3.0"))
    project.wheels.add("tiny_student", "3.0", files=[("tiny_extra.py", "changed = True\n")])
    outcome = project.lab("list")
    assert outcome.code == 3
    assert "Hash mismatch" in outcome.stderr


def test_state_that_cannot_be_written_is_told(project):
    (project.root / ".workbook").write_text("", encoding="utf-8")
    outcome = project.lab("list")
    assert outcome.code == 3
    assert outcome.stderr.startswith("lab: Set-up stopped")
    assert ".workbook" in outcome.stderr


def test_tools_own_words_are_turned_into_a_cure(project):
    source = project.root / "src" / "workbook" / "course" / "starters.py"
    for words, cure in (
        ("No space left on device (os error 28)", "The disk is full"),
        ("failed to create file: Permission denied (os error 13)", "Check who owns this folder"),
        ("dns error: Temporary failure in name resolution", "The package index cannot be reached"),
        ("something else", "The starters could not be kept:"),
    ):
        source.write_text(f"raise SystemExit({words!r})", encoding="utf-8")
        outcome = project.lab("list")
        assert outcome.code == 3
        assert cure in outcome.stderr
        assert words in outcome.stderr


def test_settings_that_redirect_an_installation_are_not_followed(project, tmp_path):
    elsewhere = {"PIP_TARGET": str(tmp_path / "else"), "UV_SYSTEM_PYTHON": "1", "UV_REQUIRE_HASHES": "1"}
    outcome = project.lab("list", **elsewhere)
    assert outcome.code == 0, outcome.stderr
    assert "tiny_student" in outcome.installed


def pretend(project, version, path, *arguments):
    """Run `lab` in a Python that takes itself for `version`, with the folder `path` as PATH."""
    code = f"import runpy, sys; sys.version_info = {version!r}; sys.argv = sys.argv[1:]; "
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code, str(project.root / "lab"), *arguments],
        env={**project.environment, "PATH": str(path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.skipif(os.name == "nt", reason="the launcher finds a newer Python there")
class TestOldPython:
    def test_is_told_what_to_install(self, project, tmp_path):
        outcome = pretend(project, (3, 8, 0), tmp_path)
        assert outcome.returncode == 3
        assert "This is Python 3.8, and PATH has none that is newer; the workbook needs 3.11." in outcome.stderr
        assert "apt install python3" in outcome.stderr

    def test_hands_over_to_a_newer_one_on_the_path(self, project, tmp_path):
        broken = tmp_path / "python3.14"  # as a version manager's shim for a version that is not active
        broken.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
        broken.chmod(0o755)
        (tmp_path / "python3.12").symlink_to(sys.executable)
        outcome = pretend(project, (3, 8, 0), f"{tmp_path}{os.pathsep}{project.environment['PATH']}", "exit", "4")
        assert outcome.returncode == 4, outcome.stderr
        assert "Ready after" in outcome.stderr

    def test_can_read_the_wrapper(self, project):
        source = (project.root / "lab").read_text(encoding="utf-8")
        tree = ast.parse(source, feature_version=(3, 5))
        newer = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Starred, ast.Nonlocal)
        starred_calls = {id(arg) for call in ast.walk(tree) if isinstance(call, ast.Call) for arg in call.args}
        found = [n for n in ast.walk(tree) if isinstance(n, newer) and id(n) not in starred_calls]
        assert not found
        assert source.isascii()


@pytest.mark.skipif(os.name == "nt", reason="PATH is searched in another way there")
@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_module_of_the_standard_library_is_told(project, tmp_path, module):
    """As on Debian without python3-venv: here an interpreter that does not find the module."""
    interpreter = tmp_path / "bin" / "python"
    interpreter.parent.mkdir()
    real = getattr(sys, "_base_executable", sys.executable)
    interpreter.write_text(
        f'#!/bin/sh\ncase "$*" in *"import {module}"*) exit 1;; esac\nexec "{real}" "$@"\n', encoding="utf-8"
    )
    interpreter.chmod(0o755)
    code = f"import runpy, sys; sys._base_executable = {str(interpreter)!r}; sys.argv = sys.argv[1:]; "
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    outcome = subprocess.run(
        [real, "-c", code, str(project.root / "lab"), "list"],
        env={**project.environment, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert outcome.returncode == 3
    assert f"without its module `{module}`" in outcome.stderr
    assert "apt install python3-venv" in outcome.stderr
