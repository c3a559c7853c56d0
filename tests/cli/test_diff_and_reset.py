from workbook.course.labs import Course
from workbook.course.starters import take_snapshot


def test_diff_waits_for_full_marks(make_lab, run) -> None:
    make_lab()
    done = run("diff", "1")
    assert done.returncode == 1
    assert "after full marks: ./lab check 1" in done.stderr
    assert "greeting" not in done.stdout


def test_diff_after_full_marks_shows_both(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text() + "\nMINE = 1\n")
    run("check", "1")
    done = run("diff")
    assert done.returncode == 0
    assert "-MINE = 1" in done.stdout
    assert "--- yours/lambda_function.py" in done.stdout


def test_diff_can_be_forced_and_says_when_there_is_no_difference(make_lab, run) -> None:
    lab = make_lab()
    assert '+    return {"statusCode": 200' in run("diff", "1", "--force").stdout
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    assert "are the same" in run("diff", "1", "--force").stdout


def test_diff_makes_hostile_text_inert(make_lab, run) -> None:
    make_lab(starter="# \x1b[2J\ndef lambda_handler(event, context):\n    pass\n")
    assert "\x1b" not in run("diff", "1", "--force").stdout


def test_diff_without_solutions_says_so_in_a_line(make_lab, run) -> None:
    make_lab(solution=None)
    done = run("diff", "1")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_reset_puts_the_starter_back_and_keeps_what_was_written(make_lab, run) -> None:
    lab = make_lab()
    root = lab.folder.parents[1]
    take_snapshot(Course(root))
    file = lab.folder / "lambda_function.py"
    starter = file.read_text()
    file.write_text("MINE = 1\n")
    done = run("reset", "1")
    assert done.returncode == 0
    assert file.read_text() == starter
    [backup] = (root / ".workbook" / "backups" / lab.id).iterdir()
    assert backup.read_text() == "MINE = 1\n"
    assert backup.name in done.stdout


def test_reset_refuses_politely_when_there_is_nothing_to_do(make_lab, run) -> None:
    lab = make_lab()
    take_snapshot(Course(lab.folder.parents[1]))
    done = run("reset", "1")
    assert (done.returncode, done.stdout) == (0, "Nothing to do: 01_greeting is as it came.\n")


def test_reset_without_a_kept_starter_names_the_cure(make_lab, run) -> None:
    make_lab()
    done = run("reset", "1")
    assert done.returncode == 3
    assert "git restore" in done.stderr
