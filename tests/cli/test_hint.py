"""`lab hint`: three levels for the task that fails now, each once."""

import tomllib

import pytest

HINTS = ["Look at the event.", "A handler returns what AWS encodes.", "return {'statusCode': 200}"]
FIRST_TASK_ONLY = "def lambda_handler(event, context):\n    return {'statusCode': 200, 'greeting': 'nothing'}\n"


def used_hints(lab) -> dict[str, int]:
    progress = lab.folder.parents[1] / ".workbook" / "progress.toml"
    return tomllib.loads(progress.read_text())["labs"][lab.id]["hints"]


def test_each_call_shows_the_next_level_and_says_how_to_go_on(make_lab, run) -> None:
    lab = make_lab()
    run("check", "1")
    for level, hint in enumerate(HINTS, 1):
        done = run("hint", "1")
        assert done.returncode == 0, done.stderr
        assert "Lab 1, task 1: Answer" in done.stdout
        assert f"Hint {level} of 3" in done.stdout
        assert f"\n  {hint}\n" in done.stdout
        assert [other for other in HINTS if other in done.stdout] == [hint]
        assert "Next: try it, then ./lab check 1 --task 1" in done.stdout
        assert used_hints(lab) == {"1": level}
    assert "that was the last hint" in done.stdout


def test_after_the_last_it_points_to_the_readme_and_repeats_nothing(make_lab, run) -> None:
    lab = make_lab()
    for _ in range(3):
        run("hint", "1", "--task", "1")
    done = run("hint", "1", "--task", "1")
    assert done.returncode == 0
    assert "all 3 of its hints; to read them again: ./lab hint 1 --task 1 --seen" in done.stdout
    assert "read Task 1 in labs/01_greeting/README.md once more, then ./lab check 1 --task 1" in done.stdout
    assert not any(hint in done.stdout for hint in HINTS)
    assert used_hints(lab) == {"1": 3}, "what was not shown is not counted"


def test_the_hints_seen_can_be_read_again_and_none_is_used_up_by_it(make_lab, run) -> None:
    lab = make_lab()
    assert "None of its hints was shown yet." in run("hint", "1", "--task", "1", "--seen").stdout
    first, second = (run("hint", "1", "--task", "1").stdout for _ in range(2))
    again = run("hint", "1", "--task", "1", "--seen")
    assert again.returncode == 0
    for shown in (first, second):
        assert shown.split("\n\n")[1] in again.stdout
    assert "Hint 3" not in again.stdout
    assert used_hints(lab) == {"1": 2}


def test_the_task_is_the_first_that_failed_in_the_last_check(make_lab, run) -> None:
    lab = make_lab(starter=FIRST_TASK_ONLY)
    run("check")
    done = run("hint")
    assert "Lab 1, task 2: Greet" in done.stdout
    assert used_hints(lab) == {"2": 1}


def test_a_failed_check_names_the_hint_for_its_task(make_lab, run) -> None:
    make_lab(starter=FIRST_TASK_ONLY)
    assert "Stuck? ./lab hint 1 --task 2" in run("check", "1").stdout


def test_before_any_check_it_says_to_check_first_and_spends_nothing(make_lab, run) -> None:
    lab = make_lab()
    done = run("hint", "1")
    assert done.returncode == 0
    assert "Lab 1 has not been checked yet" in done.stdout
    assert "Next: ./lab check 1 (a hint without it: ./lab hint 1 --task 1)" in done.stdout
    assert not (lab.folder.parents[1] / ".workbook" / "progress.toml").exists()


def test_a_lab_that_passes_needs_none(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    run("check", "1")
    done = run("hint", "1")
    assert done.returncode == 0
    assert "every task passes" in done.stdout
    assert "Next: every lab is done." in done.stdout
    assert not any(hint in done.stdout for hint in HINTS)


def test_a_task_without_hints_says_so(make_lab, run) -> None:
    lab = make_lab()
    manifest = lab.folder / "lab.toml"
    manifest.write_text(manifest.read_text().replace('hints = ["a", "b", "c"]', ""))
    done = run("hint", "1", "--task", "2")
    assert "It has no hints." in done.stdout
    assert "README.md" in done.stdout


@pytest.mark.parametrize("task", ["3", "0", "x"])
def test_a_task_that_the_lab_does_not_have_is_wrong_usage(make_lab, run, task) -> None:
    make_lab()
    done = run("hint", "1", "--task", task)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_hint_is_shown_even_where_it_cannot_be_recorded(make_lab, run) -> None:
    lab = make_lab()
    (lab.folder.parents[1] / ".workbook").write_text("a file where a folder belongs")
    done = run("hint", "1", "--task", "1")
    assert done.returncode == 0
    assert HINTS[0] in done.stdout
    assert "could not be saved" in done.stderr or "cannot be read" in done.stderr


def test_long_hints_are_wrapped_and_lines_of_their_own_kept(make_lab, run) -> None:
    lab = make_lab()
    manifest = lab.folder / "lab.toml"
    long = "word " * 40 + r"\nsecond line"
    manifest.write_text(manifest.read_text().replace('hints = ["a", "b", "c"]', f'hints = ["{long}"]'))
    lines = run("hint", "1", "--task", "2").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "  second line" in lines


@pytest.mark.parametrize(
    "arguments", [["hint", "1", "--task", "1"], ["progress"], ["progress", "--json"], ["doctor", "--help"]]
)
def test_light_verbs_import_nothing_heavy(make_lab, run, arguments) -> None:
    make_lab()
    done = run(*arguments, PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {"rich", "boto3", "botocore", "moto", "pytest", "packaging", "workbook.runtime"}
