"""Result documents in a terminal, at 80 columns and without colour."""

import pytest

from workbook.reports.terminal import LiveReport, print_summary, print_totals


def a_check(**changes):
    return {
        "id": "test_a", "task": 1, "title": "answers 200", "status": "passed", "reason": None, "score": 2,
        "max_score": 2, "visibility": "public", "message": None, "diagnosis": None, "log": None, "seconds": 0.1,
    } | changes  # fmt: skip


def a_document(*checks, **changes):
    return {
        "schema": 1, "lab": "01_greeting", "submission": {"id": "ada", "sha256": ""}, "status": "passed", "score": 2,
        "max_score": 2, "sandbox": "none", "seconds": 1.25, "message": None, "checks": list(checks),
    } | changes  # fmt: skip


def shown(capsys: pytest.CaptureFixture[str], *checks, in_full: bool = False) -> str:
    live = LiveReport("01 Greeting", "lambda_function.py", {1: "Answer", 2: "Greet"}, in_full=in_full)
    live.start(len(checks))
    for check in checks:
        live.show_check(check)
    live.stop()
    return capsys.readouterr().out


def test_checks_stand_under_their_tasks_with_their_points(capsys) -> None:
    out = shown(capsys, a_check(), a_check(task=2, title="greets", status="failed", score=0, message="expected  1"))
    assert out.splitlines()[0] == "01 Greeting  lambda_function.py"
    assert "Task 1  Answer" in out
    assert "Task 2  Greet" in out
    assert "  ✓ answers 200" in out
    assert out.splitlines()[3].endswith("2/2")
    assert "      expected  1" in out


def test_a_task_whose_slow_check_comes_last_is_named_again_with_the_reason(capsys) -> None:
    out = shown(capsys, a_check(), a_check(task=2), a_check(title="waits"))
    headings = [line for line in out.splitlines() if line.startswith("Task")]
    assert headings == ["Task 1  Answer", "Task 2  Greet", "Task 1, slow part  Answer"]


def test_only_the_first_failure_is_told_in_full_unless_asked(capsys) -> None:
    failing = [a_check(status="failed", score=0, message=f"message {number}") for number in (1, 2)]
    failing = [check | {"message": f"{check['message']}\nexpected  1"} for check in failing]
    assert shown(capsys, *failing).count("expected  1") == 1
    assert "message 2" in shown(capsys, *failing), "of the others, the headline"
    assert shown(capsys, *failing, in_full=True).count("expected  1") == 2


def test_no_line_is_wider_than_80_columns_or_ends_in_blanks(capsys) -> None:
    long = "a very long sentence that goes on " * 8
    out = shown(
        capsys, a_check(title=long, status="failed", score=0, message=f"called    {long}", log="x" * 300 + "\ny")
    )
    assert all(len(line) <= 80 and line == line.rstrip() for line in out.splitlines())


def test_hostile_text_is_shown_not_obeyed(capsys) -> None:
    evil = "\x1b]0;owned\x07[red]not markup[/red]\u202e"
    out = shown(capsys, a_check(title=evil, status="failed", score=0, message=evil, log=evil, diagnosis=evil))
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "[red]not markup[/red]" in out


def test_each_status_is_named(capsys) -> None:
    out = shown(
        capsys,
        a_check(status="timeout", score=0),
        a_check(status="not_judged", reason="budget", score=0),
        a_check(status="not_judged", reason="bench", score=None),
    )
    assert "(timed out)" in out
    assert "(not judged: the time was spent)" in out
    assert "-/2" in out


def test_the_summary_counts(capsys) -> None:
    print_summary(a_document(a_check(), a_check(status="failed", score=0), status="failed"))
    assert "1 of 2 checks passed, 2 of 2 points, 1.2 s" in capsys.readouterr().out


def test_a_broken_bench_gives_no_mark(capsys) -> None:
    print_summary(a_document(a_check(status="not_judged", reason="bench", score=None), status="not_judged", score=None))
    assert "no mark: the bench broke" in capsys.readouterr().out


def test_a_rejected_submission_says_why(capsys) -> None:
    print_summary(a_document(status="rejected", message="ada.zip is encrypted"))
    assert "Not taken in: ada.zip is encrypted" in capsys.readouterr().out


def test_many_labs_in_a_line(capsys) -> None:
    print_totals([a_document(), a_document(lab="02_b", status="failed")])
    assert capsys.readouterr().out.strip() == "1 of 2 labs passed; not passed: 02_b"


def test_marks_have_a_plain_form_where_the_terminal_has_no_such_letters(capsys, monkeypatch) -> None:
    monkeypatch.setattr("rich.console.Console.encoding", "ascii")
    assert "  ok answers 200" in shown(capsys, a_check())


def test_the_log_is_that_of_the_last_invocation(capsys) -> None:
    log = "first\nEND RequestId: 1\nREPORT RequestId: 1\tms\t\n\nsecond\nREPORT RequestId: 2\tms\t\n"
    out = shown(capsys, a_check(status="failed", score=0, message="no", log=log))
    assert "log of the last invocation\n        second\n" in out
    assert "first" not in out


def test_the_log_is_shown_without_the_platforms_own_lines(capsys) -> None:
    log = "START RequestId: 1 Version: $LATEST\nmine\nEND RequestId: 1\nREPORT RequestId: 1\tDuration: 1.00 ms\t\n"
    out = shown(capsys, a_check(status="failed", score=0, message="no", log=log))
    assert "mine" in out
    assert "RequestId" not in out
    assert "log" not in shown(capsys, a_check(status="failed", score=0, message="no", log="START RequestId: 1\n"))


def test_a_function_that_failed_is_the_headline(capsys) -> None:
    message = "called    the function with {}\nfailed    KeyError: 'x'\nThe bucket holds 0 objects."
    first, second = (a_check(status="failed", score=0, message=message.replace("x", name)) for name in "xy")
    assert shown(capsys, first, second).rstrip().endswith("failed    KeyError: 'y'")


def test_frames_of_pythons_own_library_are_left_out(capsys) -> None:
    frames = '  File "/var/lang/lib/python3.13/json/__init__.py", line 1\n    library()\n'
    log = f"[ERROR] E\nTraceback:\n{frames}" + '  File "/var/task/lambda_function.py", line 2\n    mine()\nprinted\n'
    out = shown(capsys, a_check(status="failed", score=0, message="no", log=log))
    assert "library" not in out
    assert "json/__init__" not in out
    assert all(words in out for words in ("[ERROR] E", "lambda_function.py", "mine()", "printed"))


def failing(title: str, message: str, **changes):
    return a_check(title=title, status="failed", score=0, message=message, **changes)


def test_checks_that_fail_in_the_same_way_are_one_block(capsys) -> None:
    broken = "called    the function with {event}\nfailed    Runtime.ImportModuleError: No module named 'reqests'"
    checks = [failing(f"check {n}", broken.format(event=n), task=1 + n // 2) for n in range(4)]
    lines = shown(capsys, *checks, a_check(title="passes", task=2)).splitlines()
    assert [line.strip() for line in lines[-4:-1]] == [
        "The same for all 4; the first of them:",
        "failed    Runtime.ImportModuleError: No module named 'reqests'",
        "called    the function with 0",
    ]
    assert "passes" in lines[-1]
    assert [line.split("  ")[1] for line in lines[3:-4] if "✗" in line] == [f"✗ check {n}" for n in range(4)]


def test_what_to_try_comes_before_what_was_seen(capsys) -> None:
    message = "Refuse it.\ncalled    the function with 0\nreturned  1\nfailed    KeyError: 'a\nb'\nin        line 2"
    out = shown(capsys, failing("a", message, diagnosis="means     It broke.\ntry       Mend it.", log="printed"))
    words = ("Refuse it.", "failed  ", "b'", "in  ", "means  ", "try  ", "called  ", "returned  ", "printed")
    places = [out.index(word) for word in words]
    assert places == sorted(places)


def test_a_later_block_is_told_by_its_headline(capsys) -> None:
    out = shown(
        capsys, failing("a", "Not this."), failing("b", "Refuse it.\ngot  1"), failing("c", "Refuse it.\ngot  2")
    )
    assert out.endswith("      The same for both:\n      Refuse it.\n")
    assert out.count("The same") == 1


def test_a_long_headline_ends_with_a_word_and_says_that_it_goes_on(capsys) -> None:
    message = f"Compiled for macOS.{' Install it for Lambda.' * 20}"
    out = " ".join(shown(capsys, failing("a", "Not this."), failing("b", message)).split())
    assert out.endswith("Lambda. Install it for ...")
    assert message.endswith(shown(capsys, failing("a", message)).split()[-1]), "the first is told in full"


def test_in_full_what_differs_is_not_one_block(capsys) -> None:
    refused = [failing(title, f"Refuse it.\ncalled    the function with {title}") for title in "ab"]
    assert "the function with b" in shown(capsys, *refused, in_full=True)
    assert shown(capsys, refused[0], refused[0], in_full=True).count("the function with a") == 1


def test_a_function_that_fails_in_two_places_fails_in_two_ways(capsys) -> None:
    message = "called    the function with {{}}\nfailed    KeyError: 'x'\nin        lambda_function.py, line {line}"
    out = shown(capsys, *(failing("a", message.format(line=line)) for line in (3, 4)), in_full=True)
    assert "line 3" in out
    assert "line 4" in out


def test_a_check_that_waits_for_one_of_the_block_does_not_end_it(capsys) -> None:
    waits = a_check(title="b", status="not_judged", reason="needs", score=0, message="It waits for: a")
    out = shown(capsys, failing("a", "Refuse it."), waits, failing("c", "Refuse it."))
    assert out.count("Refuse it.") == 1
    assert "It waits" not in out
    assert "The same for both; the first of them:" in out


def test_a_check_that_waits_stands_below_what_it_waits_for(capsys) -> None:
    waits = a_check(title="b", task=2, status="not_judged", reason="needs", score=0, message="It waits for: a")
    for last in ([], [a_check(title="c", task=2)]):
        told = [line.strip() for line in shown(capsys, failing("a", "Refuse it."), waits, *last).splitlines()]
        assert told.index("Refuse it.") < told.index("Task 2  Greet") < told.index("It waits for: a")
