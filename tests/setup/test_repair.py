"""A .venv that is half made, broken, moved or not ours is put right; two set-ups at once do not meet."""

import os
import re
import shutil
import threading
import time

import pytest

posix_only = pytest.mark.skipif(os.name != "posix", reason="locks and interpreters of POSIX")


@pytest.fixture(scope="module")
def often_repaired(tmp_path_factory, clone):
    """A clone that is set up, and that each test leaves so."""
    project = clone(tmp_path_factory.mktemp("repaired"))
    assert project.lab("list").code == 0
    return project


def remove_stamp(project):
    project.stamp.unlink()


def leave_unfinished(project):
    """As an interruption in the middle of installing the packages leaves it."""
    project.stamp.write_bytes(project.stamp.read_bytes().replace(b"ready", b"unfinished", 1))
    shutil.rmtree(next((project.root / ".venv").rglob("tiny_student-*.dist-info")))


def remove_interpreter(project):
    project.python.unlink()


def break_interpreter(project):
    """The stamp still matches, since only what the interpreter does has changed."""
    project.python.unlink()
    project.python.write_text("no interpreter\n", encoding="utf-8")
    project.python.chmod(0o755)


def remove_base_interpreter(project):
    """As an upgrade of the system's Python does."""
    configuration = project.root / ".venv" / "pyvenv.cfg"
    text = configuration.read_text(encoding="utf-8")
    configuration.write_text(re.sub("(?m)^executable = .*", "executable = /gone/python3", text), encoding="utf-8")


def empty_folder(project):
    shutil.rmtree(project.root / ".venv")
    (project.root / ".venv").mkdir()


def file_in_its_place(project):
    shutil.rmtree(project.root / ".venv")
    (project.root / ".venv").write_text("", encoding="utf-8")


def stamp_of_nonsense(project):
    project.stamp.write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize(
    "damage",
    [
        remove_stamp,
        leave_unfinished,
        remove_interpreter,
        pytest.param(break_interpreter, marks=posix_only),
        remove_base_interpreter,
        empty_folder,
        file_in_its_place,
        stamp_of_nonsense,
    ],
)
def test_damage_is_repaired_at_the_next_start(often_repaired, damage):
    assert often_repaired.lab("list").stderr == ""
    damage(often_repaired)
    outcome = often_repaired.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert "tiny_student" in outcome.installed
    assert "making .venv" in outcome.stderr
    assert often_repaired.lab("list").stderr == ""


def test_moved_clone_is_set_up_in_its_new_place(project, tmp_path):
    project.lab("list")
    shutil.copytree(project.root, tmp_path / "moved", symlinks=True)
    project.root = tmp_path / "moved"
    outcome = project.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert "making .venv" in outcome.stderr


def test_setup_repairs_what_the_stamp_cannot_see(project):
    project.lab("list")
    shutil.rmtree(next((project.root / ".venv").rglob("tiny_student-*.dist-info")))
    assert "tiny_student" not in project.lab("list").installed
    assert "tiny_student" in project.lab("setup").installed


def test_failure_after_the_packages_costs_no_second_installation(project):
    starters = project.root / "src" / "workbook" / "course" / "starters.py"
    content = starters.read_text(encoding="utf-8")
    starters.write_text("raise SystemExit('no')", encoding="utf-8")
    assert project.lab("docs").code == 3
    starters.write_text(content, encoding="utf-8")
    outcome = project.lab("list")
    assert "making .venv" not in outcome.stderr
    assert outcome.installed.keys() >= {"tiny_student", "tiny_docs"}


def test_two_first_starts_at_once_set_up_once(project):
    processes = [project.start("list") for _ in range(2)]
    ends = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], ends
    said = "".join(stderr for _, stderr in ends)
    assert said.count("making .venv") == 1


@posix_only
def test_start_during_another_set_up_says_that_it_waits(project):
    import fcntl

    (project.root / ".workbook").mkdir()
    with open(project.root / ".workbook" / "setup.lock", "wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = project.start("list")
        first_line = process.stderr.readline()
    _, rest = process.communicate(timeout=120)
    assert first_line == "Another set-up is running here: waiting for it.\n"
    assert (process.returncode, "Ready after" in rest) == (0, True)


def start_waiting(ready):
    """A start whose CLI runs until it is told to end."""
    process = ready.start("wait")
    assert process.stdout.readline() == "waiting\n"
    return process


@posix_only
def test_sigterm_ends_the_child_as_well(ready):
    process = start_waiting(ready)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 128 + 15


@posix_only
def test_interrupt_leaves_no_traceback_of_the_wrapper(ready):
    import signal

    process = start_waiting(ready)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert process.returncode == 128 + 2
    assert os.fspath(ready.root / "lab") not in stderr


@posix_only
def test_interrupted_set_up_says_so_and_goes_on_next_time(project):
    import fcntl
    import signal

    (project.root / ".workbook").mkdir()
    with open(project.root / ".workbook" / "setup.lock", "wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = project.start("list")
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr
    assert "takes it up again" in stderr
    assert project.lab("list").code == 0


@posix_only
@pytest.mark.slow
def test_set_up_killed_at_any_moment_is_repaired(project):
    for seconds in (0.1, 0.2, 0.3, 0.5):
        process = project.start("list")
        timer = threading.Timer(seconds, process.kill)
        timer.start()
        process.communicate(timeout=120)
        timer.cancel()
    time.sleep(0.5)  # a tool that the killed wrapper had started may still be writing
    outcome = project.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert "tiny_student" in outcome.installed
