"""`lab invoke --debug` at a real terminal: the student's breakpoint, line by line."""

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="pseudo-terminals are POSIX's")

STARTER = """\
import logging

def lambda_handler(event, context):
    secret = 41
    breakpoint()
    print("after the stop")
    answer = secret + 1
    return answer
"""
PROMPT = b"(Pdb) "
LONGEST = 60  # seconds; a busy machine is slow


@pytest.fixture
def debug(make_lab, tmp_path: Path) -> Callable[..., tuple[str, int]]:
    """Runs `lab invoke 1 --debug` at a terminal; each line is typed at the next prompt. What stands there in the
    end, and the exit code."""

    def call(*typed: bytes, starter: str = STARTER) -> tuple[str, int]:
        make_lab(starter=starter)
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(tmp_path / "course")
            os.environ.update(TERM="dumb", NO_COLOR="1", PYTHON_COLORS="0", COLUMNS="200")
            os.execv(sys.executable, [sys.executable, "-m", "workbook", "invoke", "1", "--debug"])
        shown = b""
        for line in typed:
            shown += read(terminal, PROMPT)
            os.write(terminal, line + b"\n")
        shown += read(terminal, None)
        os.close(terminal)
        return shown.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    return call


def read(terminal: int, until: bytes | None) -> bytes:
    """What the terminal shows up to `until`, or to the end."""
    shown, deadline = b"", time.monotonic() + LONGEST
    while until is None or until not in shown:
        assert select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0], shown.decode()
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # Linux: the other end is closed
            piece = b""
        if not piece:
            assert until is None, shown.decode()
            break
        shown += piece
    return shown


def test_it_shows_the_source_steps_and_goes_on_to_the_answer(debug, tmp_path: Path) -> None:
    shown, code = debug(b"l", b"p secret", b"n", b"n", b"secret = 50", b"c")
    assert code == 0, shown
    assert f"> {tmp_path}/course/labs/01_greeting/lambda_function.py" in shown
    assert "  4  \t    secret = 41\n" in shown
    assert "(Pdb) p secret\n41\n" in shown
    assert "-> answer = secret + 1" in shown
    assert "Executing function: succeeded" in shown
    answer, _, log = shown.partition("\nLog\n")
    assert "\n  42\n" in answer or "\n  51\n" in answer
    assert "after the stop" in log
    assert "(Pdb)" not in log
    assert "secret" not in log
    assert not list((tmp_path / "course").rglob("__pycache__"))


def test_a_line_may_be_edited_and_taken_again(debug) -> None:
    pytest.importorskip("readline", reason="this Python has no line editing")
    shown, code = debug(b"p secrey\x7ft", b"\x1b[A", b"c")
    assert code == 0, shown
    assert shown.count("\n41\n") == 2
    assert "Error" not in shown


def test_leaving_the_debugger_ends_the_command(debug) -> None:
    shown, code = debug(b"q")
    assert code == 130, shown
    assert "Stopped." in shown
    assert "Traceback" not in shown


def test_an_error_after_the_stop_is_the_functions(debug) -> None:
    shown, code = debug(b"c", starter="def lambda_handler(event, context):\n    breakpoint()\n    return 1 / 0\n")
    assert code == 1, shown
    assert '"errorType": "ZeroDivisionError"' in shown
    assert '/var/task/lambda_function.py\\", line 3, in lambda_handler' in shown
