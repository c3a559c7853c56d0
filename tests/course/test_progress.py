import os
import subprocess
import sys
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.course.labs import Course
from workbook.course.progress import (
    LabProgress,
    NextStep,
    Progress,
    next_step,
    read,
    record_result,
    use_hint,
    write,
)

TODAY = date(2026, 11, 23)
LATER = date(2026, 12, 1)


def check(check_id, task, status="passed", points=1, visibility="public"):
    score = {"passed": points, "not_judged": None}.get(status, 0)
    return {
        "id": check_id,
        "task": task,
        "status": status,
        "score": score,
        "max_score": points,
        "visibility": visibility,
    }


def result(*checks, lab="03_s3_writes", status="failed"):
    return {"schema": 1, "lab": lab, "status": status, "checks": list(checks)}


FULL = result(check("test_a", 1, points=4), check("test_b", 2, points=6), status="passed")
HALF = result(check("test_a", 1, points=4), check("test_b", 2, "failed", points=6))


@pytest.fixture
def path(tmp_path):
    (tmp_path / ".workbook").mkdir()
    return tmp_path / ".workbook" / "progress.toml"


def test_nothing_is_known_at_first(tmp_path):
    assert read(tmp_path) == Progress({}, None, None)
    assert Progress().lab("03_s3_writes") == LabProgress()


def test_what_is_written_is_read(tmp_path):
    progress = use_hint(record_result(record_result(Progress(), HALF, TODAY), FULL, TODAY), "04_logging", 2)
    assert write(tmp_path, progress) is None
    assert read(tmp_path) == progress
    assert os.listdir(tmp_path / ".workbook") == ["progress.toml"]


def test_a_whole_run_is_recorded(tmp_path):
    progress = record_result(Progress(), HALF, TODAY)
    assert progress.current == "03_s3_writes"
    assert progress.lab("03_s3_writes") == LabProgress(("test_a",), 4, 10, (1,), None, MappingProxyType({}), 1)
    assert not progress.lab("03_s3_writes").is_full


def test_the_best_score_and_the_first_day_of_full_marks_stay():
    progress = record_result(Progress(), FULL, TODAY)
    progress = record_result(progress, FULL, LATER)
    lab = record_result(progress, HALF, LATER).lab("03_s3_writes")
    assert (lab.score, lab.max_score, lab.completed, lab.attempts) == (10, 10, TODAY, 3)
    assert lab.is_full
    assert (lab.passed, lab.tasks) == (("test_a",), (1,))


def test_a_lab_whose_points_have_changed_is_scored_anew():
    longer = result(*FULL["checks"], check("test_c", 3, "failed", points=10))
    lab = record_result(record_result(Progress(), FULL, TODAY), longer, LATER).lab("03_s3_writes")
    assert (lab.score, lab.max_score, lab.is_full, lab.completed) == (10, 20, False, TODAY)
    shorter = result(check("test_a", 1, points=3), check("test_b", 2, "failed", points=2))
    lab = record_result(record_result(Progress(), FULL, TODAY), shorter, LATER).lab("03_s3_writes")
    assert (lab.score, lab.max_score) == (3, 5)


def test_a_task_passes_with_all_its_checks():
    run = result(check("test_a", 1), check("test_b", 1, "timeout"), check("test_c", 2), check("test_d", None, "failed"))
    assert record_result(Progress(), run, TODAY).lab("03_s3_writes").tasks == (2,)


def test_hidden_checks_do_not_count():
    run = result(*FULL["checks"], check("test_hidden", 1, "failed", 5, visibility="hidden"))
    lab = record_result(Progress(), run, TODAY).lab("03_s3_writes")
    assert (lab.score, lab.max_score, lab.tasks) == (10, 10, (1, 2))


def test_a_run_of_one_task_changes_that_task_only():
    progress = record_result(Progress(), HALF, TODAY)
    passed = result(check("test_b", 2, points=6))
    lab = record_result(progress, passed, TODAY, tasks=(2,)).lab("03_s3_writes")
    assert (lab.passed, lab.tasks, lab.attempts) == (("test_a", "test_b"), (1, 2), 2)
    assert (lab.score, lab.max_score, lab.completed) == (4, 10, None)

    failed = result(check("test_a", 1, "failed"), check("test_b", 2))
    lab = record_result(progress, failed, TODAY, tasks=(1,)).lab("03_s3_writes")
    assert (lab.passed, lab.tasks) == ((), ())


def test_a_run_of_several_tasks_changes_those():
    run = result(check("test_a", 1, "failed"), check("test_b", 2), check("test_c", 3))
    lab = record_result(record_result(Progress(), HALF, TODAY), run, TODAY, tasks=(1, 2)).lab("03_s3_writes")
    assert (lab.passed, lab.tasks) == (("test_b",), (2,))


def test_a_check_that_another_task_needed_is_no_part_of_a_tasks_run():
    run = result(check("test_a", 1, "failed"), check("test_b", 2))
    lab = record_result(record_result(Progress(), HALF, TODAY), run, TODAY, tasks=(2,)).lab("03_s3_writes")
    assert (lab.passed, lab.tasks) == (("test_a", "test_b"), (1, 2))


def test_a_rejected_submission_is_an_attempt_and_no_more():
    before = record_result(Progress(), HALF, TODAY)
    after = record_result(before, result(status="rejected"), TODAY)
    assert after.lab("03_s3_writes") == LabProgress(("test_a",), 4, 10, (1,), attempts=2)


def test_what_the_bench_could_not_judge_is_never_the_students_loss():
    before = record_result(Progress(), FULL, TODAY)
    broken = result(check("test_a", 1), check("test_b", 2, "not_judged"), status="not_judged")
    assert record_result(before, broken, LATER) == before
    assert record_result(Progress(), broken, TODAY) == Progress({"03_s3_writes": LabProgress()}, "03_s3_writes")


def test_hints_are_counted_by_task():
    progress = Progress()
    for task in (1, 2, 2):
        progress = use_hint(progress, "03_s3_writes", task)
    assert progress.lab("03_s3_writes").hints == {1: 1, 2: 2}
    assert progress.current == "03_s3_writes"
    assert record_result(progress, HALF, TODAY).lab("03_s3_writes").hints == {1: 1, 2: 2}


def test_progress_cannot_be_changed_in_place():
    progress = use_hint(Progress(), "03_s3_writes", 1)
    with pytest.raises(TypeError):
        progress.labs["other"] = LabProgress()
    with pytest.raises(TypeError):
        progress.lab("03_s3_writes").hints[1] = 9


def test_labs_that_this_course_does_not_know_are_kept(tmp_path):
    write(tmp_path, record_result(Progress(), FULL, TODAY))
    write(tmp_path, use_hint(Progress(), "99_from_elsewhere", 1))
    assert list(read(tmp_path).labs) == ["03_s3_writes", "99_from_elsewhere"]
    assert read(tmp_path).lab("03_s3_writes").is_full


BROKEN = {
    "no TOML": b"version = ",
    "no UTF-8": b"version = 1 # \xff",
    "empty": b"",
    "no version": b"labs = {}",
    "version as text": b"version = '1'",
    "version zero": b"version = 0",
    "labs as list": b"version = 1\nlabs = []",
    "lab as number": b"version = 1\nlabs = {a = 1}",
    "passed as text": b"version = 1\nlabs = {a = {passed = 'x'}}",
    "passed of numbers": b"version = 1\nlabs = {a = {passed = [1]}}",
    "task zero": b"version = 1\nlabs = {a = {tasks = [0]}}",
    "score nan": b"version = 1\nlabs = {a = {score = nan}}",
    "score of many digits": b"version = 1\nlabs = {a = {score = " + b"9" * 4000 + b"}}",
    "attempts as boolean": b"version = 1\nlabs = {a = {attempts = true}}",
    "completed as text": b"version = 1\nlabs = {a = {completed = 'today'}}",
    "hint of no task": b"version = 1\nlabs = {a = {hints = {x = 1}}}",
    "current as number": b"version = 1\ncurrent = 3",
    "nested": b"version = " + b"[" * 5000,
    "huge": b"#\n" * 600_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_corrupt_file_is_set_aside_with_a_word(tmp_path, path, content):
    path.write_bytes(content)
    progress = read(tmp_path)
    aside = path.with_name(f"progress.toml.broken-{date.today()}")
    assert (progress.labs, progress.current) == ({}, None)
    assert aside.name in progress.notice
    assert aside.read_bytes() == content
    assert not path.exists()
    assert read(tmp_path).notice is None


def test_a_second_corrupt_file_of_a_day_replaces_none(tmp_path, path):
    for content in (b"first", b"second"):
        path.write_bytes(content)
        read(tmp_path)
    kept = sorted(file.read_bytes() for file in path.parent.iterdir())
    assert kept == [b"first", b"second"]


def test_a_file_that_broke_meanwhile_is_set_aside_when_writing(tmp_path, path):
    path.write_bytes(b"broken")
    assert "progress.toml.broken-" in write(tmp_path, record_result(Progress(), FULL, TODAY))
    assert read(tmp_path).lab("03_s3_writes").is_full
    assert len(os.listdir(path.parent)) == 2


def test_a_folder_in_the_files_place_is_set_aside(tmp_path, path):
    path.mkdir()
    assert "progress.toml.broken-" in read(tmp_path).notice
    assert write(tmp_path, Progress(current="03_s3_writes")) is None


def test_a_newer_file_is_left_alone(tmp_path, path):
    content = b"version = 2\nlabs = 'of another kind'\n"
    path.write_bytes(content)
    assert "newer workbook (version 2)" in read(tmp_path).notice
    assert "newer workbook (version 2)" in write(tmp_path, record_result(Progress(), FULL, TODAY))
    assert path.read_bytes() == content
    assert os.listdir(path.parent) == ["progress.toml"]


def test_a_folder_that_cannot_be_written_costs_only_the_record(tmp_path):
    (tmp_path / ".workbook").write_text("a file where the folder belongs")
    assert "could not be saved" in write(tmp_path, record_result(Progress(), FULL, TODAY))
    assert read(tmp_path).labs == {}


def test_a_full_disk_costs_only_the_newest_record(tmp_path, monkeypatch):
    write(tmp_path, record_result(Progress(), HALF, TODAY))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    notice = write(tmp_path, record_result(Progress(), FULL, TODAY))
    assert "could not be saved in .workbook/progress.toml (No space left on device)" in notice
    assert read(tmp_path).lab("03_s3_writes").score == 4


def test_two_processes_writing_at_once_leave_a_whole_file(tmp_path):
    program = (
        "import sys; from pathlib import Path; from workbook.course.progress import *\n"
        "root, lab = Path(sys.argv[1]), sys.argv[2]\n"
        "for _ in range(40):\n"
        "    progress = read(root); assert progress.notice is None, progress.notice\n"
        "    notice = write(root, use_hint(progress, lab, 1)); assert notice is None, notice\n"
    )
    labs = ["01_handler_basics", "02_environment"]
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), lab]) for lab in labs]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert read(tmp_path).notice is None
    assert os.listdir(tmp_path / ".workbook") == ["progress.toml"]


IDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LABS = st.builds(
    LabProgress,
    st.lists(IDS, max_size=3).map(tuple),
    st.integers(0, 30),
    st.integers(0, 30),
    st.lists(st.integers(1, 9), max_size=3).map(tuple),
    st.none() | st.dates(),
    st.dictionaries(st.integers(1, 9), st.integers(0, 3), max_size=3),
    st.integers(0, 999),
)


@settings(deadline=None)
@given(st.builds(Progress, st.dictionaries(IDS, LABS, max_size=3), st.none() | IDS))
def test_any_progress_survives_the_file(tmp_path_factory, progress):
    root = tmp_path_factory.mktemp("course")
    assert write(root, progress) is None
    assert read(root) == progress


@settings(deadline=None, max_examples=50)
@given(st.text() | st.binary() | st.text().map("version = 1\n{}".format))
def test_any_file_is_read_or_set_aside(tmp_path_factory, content):
    root = tmp_path_factory.mktemp("course")
    (root / ".workbook").mkdir()
    file = root / ".workbook" / "progress.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    progress = read(root)
    assert file.exists() == (progress.notice is None)


@pytest.fixture
def course(make_lab, tmp_path):
    for name in ("01_one", "02_two", "03_three"):
        make_lab(name)
    return Course(tmp_path)


def done(*labs, current=None):
    return Progress({lab: LabProgress(score=10, max_score=10, tasks=(1, 2)) for lab in labs}, current)


def test_the_first_step_is_the_first_task_of_the_first_lab(course):
    assert next_step(course, Progress()) == NextStep(course.labs[0], 1, False)


def test_the_next_step_is_the_first_task_not_passed(course):
    progress = Progress({"01_one": LabProgress(tasks=(1,), score=4, max_score=10)}, "01_one")
    assert next_step(course, progress) == NextStep(course.labs[0], 2, False)


def test_when_all_tasks_passed_one_by_one_the_whole_lab_is_next(course):
    progress = Progress({"01_one": LabProgress(tasks=(1, 2), score=4, max_score=10)}, "01_one")
    assert next_step(course, progress) == NextStep(course.labs[0], None, False)


def test_the_search_begins_at_the_current_lab_and_comes_around(course):
    assert next_step(course, done("02_two", current="02_two")).lab.id == "03_three"
    assert next_step(course, done("02_two", "03_three", current="02_two")).lab.id == "01_one"
    assert next_step(course, done(current="99_elsewhere")).lab.id == "01_one"


def test_when_every_lab_is_full_all_is_done(course):
    assert next_step(course, done("01_one", "02_two", "03_three")) == NextStep(None, None, True)


def test_a_lab_that_cannot_be_used_is_passed_over(make_lab, tmp_path):
    make_lab("01_broken", "title = ")
    make_lab("02_fine")
    assert next_step(Course(tmp_path), Progress()).lab.id == "02_fine"
