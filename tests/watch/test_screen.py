"""What stands on the screen, at every size."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from workbook.course.hints import Hint
from workbook.grading.document import Status
from workbook.watch.plain import keys_of
from workbook.watch.screen import KEYS, draw, tell
from workbook.watch.state import Fault, Page, Phase, Question
from workbook.watch.terminal import read_keys

LOG = "START RequestId: 1\n[INFO]\tlooked at north-quay\nEND RequestId: 1\n"


@pytest.fixture
def failing(state, declared, verdict):
    """All checks judged, the second failed with a message and a log."""
    failed = replace(verdict("test_greets", "Greet the station by its name.\nexpected  hello"), log=LOG)
    found = {"test_answers": verdict("test_answers"), "test_greets": failed, "test_waits": verdict("test_waits")}
    return replace(state, declared=declared, phase=Phase.JUDGED, run=1, verdicts=MappingProxyType(found), seconds=0.25)


@pytest.fixture
def passing(failing, verdict):
    found = {check.id: verdict(check.id) for check in failing.declared}
    return replace(failing, verdicts=MappingProxyType(found), after="lab 2, Thanks")


def test_the_verdict_stands_task_by_task_with_the_first_failure_and_the_log(failing, look) -> None:
    screen = "\n".join(draw(failing, look, 80, 40).lines)
    assert "✓ Task 1  Answer" in screen
    assert "✗ Task 2  Greet" in screen
    assert "Greet the station by its name." in screen
    assert "[INFO]  looked at north-quay" in screen
    assert "2 of 3 checks passed, 5 of 10 points, 0.25 s" in screen


@pytest.mark.parametrize(("width", "height"), [(80, 40), (80, 24), (40, 24), (40, 10), (20, 5), (200, 60)])
def test_it_fits_every_size(failing, look, width: int, height: int) -> None:
    lines = draw(failing, look, width, height).lines
    assert len(lines) <= height
    assert all(len(line) <= max(40, width) for line in lines)


def test_every_key_is_on_the_screen_of_80_columns_in_one_line(failing, look) -> None:
    last = draw(failing, look, 80, 24).lines[-1]
    for key, what in KEYS:
        assert f"{key} {what}" in last


def test_a_narrow_screen_keeps_a_key_and_its_word_together(failing, look) -> None:
    last = draw(failing, look, 50, 24).lines[-2:]
    assert [word for line in last for word in line.split("  ")] == [f"{key} {what}" for key, what in KEYS]


def test_what_has_no_room_can_be_scrolled_to_and_no_further(failing, look) -> None:
    short = draw(failing, look, 80, 12)
    assert "more lines: space, arrow keys" in "\n".join(short.lines)
    down = draw(replace(failing, offset=1000), look, 80, 12)
    assert "looked at north-quay" in "\n".join(down.lines)
    assert 0 < down.offset < 1000


def test_without_colour_there_is_no_escape_sequence(failing, look) -> None:
    assert "\x1b" not in "".join(draw(failing, look, 80, 24).lines)
    assert "\x1b[" in "".join(draw(failing, replace(look, colour=True), 80, 24).lines)


def test_a_console_that_cannot_write_a_tick_gets_letters(failing, look) -> None:
    lines = draw(failing, replace(look, encoding="cp437"), 40, 24).lines
    assert "\n".join(lines).encode("ascii")
    long = tuple(replace(check, title="a title that has no room here " * 2) for check in failing.declared)
    assert any(line.endswith("...") for line in tell(replace(failing, verdicts={}, declared=long), look, 40))


def test_a_syntax_error_stands_with_its_line_and_a_sign_below_it(failing, look) -> None:
    fault = Fault("lambda_function.py", 12, 5, "def f(", "'(' was never closed")
    lines = tell(replace(failing, fault=fault, verdicts=MappingProxyType({}), phase=Phase.JUDGING), look, 80)
    place = next(number for number, line in enumerate(lines) if "lambda_function.py, line 12" in line)
    assert lines[place + 1] == "  12 | def f("
    assert lines[place + 2] == " " * (len("  12 | ") + 4) + "^"


def test_full_marks_say_what_was_learnt_and_what_is_next(passing, look) -> None:
    (passing.lab.folder / "README.md").write_text(
        "# Lab\n\n**You will learn**\n\n- to greet,\n  twice;\n- more.\n\n## A\n- no"
    )
    lines = tell(passing, look, 80)
    assert "    - to greet, twice;" in lines
    assert "    - more." in lines
    assert "no" not in "".join(lines).split("more.")[1].split("Your code")[0]
    assert "  Your code beside the solution: ./lab diff 1" in lines
    assert "  Next: lab 2, Thanks. Press n." in lines


def test_each_hint_stands_there_once(failing, look) -> None:
    task = failing.lab.manifest.tasks[0]
    screen = "\n".join(tell(replace(failing, hints=(Hint(task, 1), Hint(task, 2))), look, 80))
    assert screen.count("Look at the event.") == 1
    assert screen.count("Hint 2 of 3, task 1") == 1


def test_hostile_text_is_made_harmless(failing, look, verdict) -> None:
    hostile = replace(verdict("test_answers", "\x1b[2J\x1b]0;x\x07 \u202e"), log="\x1b[31mred")
    found = MappingProxyType({**failing.verdicts, "test_answers": hostile})
    screen = "".join(draw(replace(failing, verdicts=found), look, 80, 40).lines)
    assert "\x1b" not in screen
    assert "\u202e" not in screen


def test_a_page_covers_the_verdict_and_says_how_to_go_back(failing, look) -> None:
    page = Page("Labs", "01 Greeting", question=Question.LAB, choices=(("1", "01_greeting"),))
    screen = "\n".join(draw(replace(failing, page=page, typed="1"), look, 80, 24).lines)
    assert "01 Greeting" in screen
    assert "Which one? 1_" in screen
    assert "Task 2" not in screen


def test_what_is_slow_is_said_to_be_waited_for(failing, look) -> None:
    found = {name: result for name, result in failing.verdicts.items() if name != "test_waits"}
    waiting = replace(failing, verdicts=MappingProxyType(found), phase=Phase.JUDGING)
    screen = "\n".join(draw(waiting, look, 80, 40).lines)
    assert "Judging: 2 of 3 checks; those to come wait for a time limit" in screen
    assert "gives up in time (slow)" in screen
    assert waiting.first_failure.status is Status.FAILED


@pytest.mark.parametrize(
    ("sent", "keys"),
    [("h", ["h"]), ("\x1b[A\x1b[B", ["up", "down"]), ("\x1b[6~q", ["page down", "q"]), ("\x1b", ["escape"]),
     ("\x1bOA", ["up"]), ("\x1b[1;5Cx", ["x"]), ("\r\n", ["enter", "enter"]), ("\x03", ["q"]), ("é", ["é"]),
     ("\x1b[", [])],
)  # fmt: skip
def test_keys_are_read_from_what_a_terminal_sends(sent: str, keys: list[str]) -> None:
    assert list(read_keys(sent)) == keys


@pytest.mark.parametrize(
    ("line", "keys"),
    [("h\n", ["h"]), ("hint\n", ["h"]), ("Quit\n", ["q"]), ("\n", ["enter"]), ("12\n", ["1", "2", "enter"]),
     ("reset\n", ["x"])],
)  # fmt: skip
def test_typed_lines_stand_for_keys(line: str, keys: list[str]) -> None:
    assert keys_of(line) == keys
