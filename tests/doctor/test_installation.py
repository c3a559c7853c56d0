from importlib.metadata import version

import pytest

from workbook.doctor import Status, installation

HASH = "--hash=sha256:" + "0" * 64


@pytest.fixture
def make_repository(tmp_path):
    """Writes requirements/<group>.txt, and the stamp of set-up with these groups."""

    def make(**locks: str):
        (tmp_path / "requirements").mkdir()
        for group, text in locks.items():
            (tmp_path / "requirements" / f"{group}.txt").write_text(text)
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv" / ".workbook").write_text(f"ready {' '.join(locks)}\n/somewhere\n")
        return tmp_path

    return make


def entry(name: str, pinned: str, marker: str = "") -> str:
    return f"{name}=={pinned}{f' ; {marker}' if marker else ''} \\\n    {HASH} \\\n    {HASH}\n    # via something\n"


def test_packages_as_locked(make_place, make_repository) -> None:
    lock = "# made by a tool\n" + entry("click", version("click")) + entry("Tomli_W", version("tomli-w"))
    finding = installation.check_packages(make_place(repository=make_repository(student=lock)))
    assert (finding.status, finding.message) == (Status.OK, "2 installed as locked")


def test_a_package_in_another_version_is_drift(make_place, make_repository) -> None:
    lock = entry("click", "0.0.1") + entry("pytest", version("pytest"))
    finding = installation.check_packages(make_place(repository=make_repository(student=lock)))
    assert finding.status is Status.WARNING
    assert f"click {version('click')} (locked: ==0.0.1)" in finding.message
    assert "pytest" not in finding.message
    assert "lab setup" in finding.cure


def test_missing_packages_are_a_problem_and_the_first_of_many_are_named(make_place, make_repository) -> None:
    lock = "".join(entry(f"nothing-of-that-name-{letter}", "1") for letter in "gfedcba")
    finding = installation.check_packages(make_place(repository=make_repository(student=lock)))
    assert finding.status is Status.PROBLEM
    assert "nothing-of-that-name-a==1, " in finding.message
    assert finding.message.endswith(" and 2 more")


def test_what_another_system_needs_is_not_missed_here(make_place, make_repository) -> None:
    lock = entry("nothing-of-that-name", "1", "sys_platform == 'plan9'")
    finding = installation.check_packages(make_place(repository=make_repository(student=lock)))
    assert finding.status is Status.OK


def test_the_groups_that_were_installed_are_compared_too(make_place, make_repository) -> None:
    repository = make_repository(student=entry("click", version("click")), docs=entry("nothing-of-that-name", "1"))
    assert "nothing-of-that-name" in installation.check_packages(make_place(repository=repository)).message
    (repository / ".venv" / ".workbook").write_text("ready student\n")
    assert installation.check_packages(make_place(repository=repository)).status is Status.OK


def test_without_locks_there_is_nothing_to_compare(make_place) -> None:
    assert installation.check_packages(make_place()).status is Status.WARNING


def test_python_of_another_environment_is_told(make_place, tmp_path) -> None:
    (tmp_path / ".venv").mkdir()
    finding = installation.check_python(make_place(repository=tmp_path))
    assert finding.status is Status.WARNING
    assert str(tmp_path / ".venv") in finding.cure


def test_python_that_is_too_old_is_a_problem(make_place, monkeypatch) -> None:
    monkeypatch.setattr(installation, "OLDEST", (99, 0))
    assert installation.check_python(make_place()).status is Status.PROBLEM


def test_uv_runs_here_and_a_uv_that_does_not_is_a_problem(make_place, monkeypatch) -> None:
    finding = installation.check_uv(make_place())
    assert finding.status is Status.OK
    assert finding.message.startswith("uv 0.")
    assert "git is not needed" in finding.message
    monkeypatch.setattr(installation.sys, "executable", "/bin/false")
    assert installation.check_uv(make_place()).status is Status.PROBLEM
