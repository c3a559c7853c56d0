"""`lab watch`: in lines, and in a real terminal, which tmux provides."""

import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from workbook.course.labs import Lab

PATIENCE = 120.0
SOLUTION = (
    'def lambda_handler(event, context):\n    return {"statusCode": 200, "greeting": "hello " + event["station"]}\n'
)
HALF = 'def lambda_handler(event, context):\n    return {"statusCode": 200, "greeting": "nothing"}\n'
LOOP = "while True:\n    pass\n"
PROMPT = "ready$"


def save(lab: Lab, text: str) -> None:
    (lab.folder / "lambda_function.py").write_text(text)


def progress_of(lab: Lab) -> dict:
    return tomllib.loads((lab.root / ".workbook" / "progress.toml").read_text())["labs"][lab.id]


class Window:
    """A terminal 80 columns wide with a shell in it, in the course's folder."""

    def __init__(self, socket: Path, folder: Path) -> None:
        self._tmux = ["tmux", "-S", str(socket), "-f", os.devnull]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TMUX"))}
        shell = ["env", f"PS1={PROMPT} ", "NO_COLOR=1", "LC_ALL=C.UTF-8", "bash", "--norc", "--noprofile", "-i"]
        size = ["-x", "80", "-y", "24"]
        command = [*self._tmux, "new-session", "-d", *size, "-c", str(folder), *shell]
        subprocess.run(command, env=environment, check=True)

    def type(self, *keys: str) -> None:
        self._call("send-keys", *keys)

    def run(self, command: str) -> None:
        self._call("send-keys", "-l", command)
        self._call("send-keys", "Enter")

    def resize(self, columns: int, lines: int) -> None:
        self._call("resize-window", "-x", str(columns), "-y", str(lines))

    @property
    def text(self) -> str:
        return self._call("capture-pane", "-p")

    def until(self, *words: str, without: str | None = None) -> str:
        """The window's text once all of the words stand there."""
        ends = time.monotonic() + PATIENCE
        while True:
            text = self.text
            if all(word in text for word in words) and (without is None or without not in text):
                return text
            assert time.monotonic() < ends, f"waited for {words}, without {without}:\n{text}"
            time.sleep(0.05)

    def close(self) -> None:
        subprocess.run([*self._tmux, "kill-server"], check=False)

    def _call(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True).stdout


@pytest.fixture
def window(make_lab, tmp_path: Path) -> Iterator[tuple[Window, Lab]]:
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux here, which is the terminal of this test")
    lab = make_lab(starter=HALF)
    found = Window(tmp_path / "tmux", lab.root)
    yield found, lab
    found.close()


def is_bench(command: list[str], lab: Lab) -> bool:
    return {"workbook.watch.inside", str(lab.root)} <= set(command)


WATCH = f"{sys.executable} -m workbook watch"


def test_a_save_is_judged_and_the_keys_do_what_the_screen_says(window: tuple[Window, Lab]) -> None:
    terminal, lab = window
    terminal.run(WATCH)
    text = terminal.until("1 of 2 checks passed, 4 of 10 points")
    assert "✓ Task 1  Answer" in text
    assert "✗ greets the station by name" in text
    assert 'expected  "hello north-quay"' in text
    terminal.type("h")
    terminal.until("Hint 1 of 3, task 2")
    assert progress_of(lab)["hints"] == {"2": 1}
    terminal.type("l")
    terminal.until("01  Greeting", "1 of 2 tasks", "Which one?")
    terminal.type("Escape")
    terminal.until("Task 1", without="Which one?")
    terminal.resize(50, 30)
    terminal.until("h hint", "q quit", "Task 2  Greet")
    save(lab, SOLUTION)
    text = terminal.until("Lab 1 is done", "10 of 10 points")
    assert "./lab diff 1" in text
    terminal.until("10 of 10 points, ")  # with its seconds, the run is over; what it gave is then recorded
    ends = time.monotonic() + PATIENCE
    while progress_of(lab)["score"] != 10:
        assert time.monotonic() < ends, progress_of(lab)
        time.sleep(0.05)
    save(lab, SOLUTION.replace("):", ")", 1))
    terminal.until("lambda_function.py, line 1: expected ':'")
    terminal.type("q")
    terminal.until(PROMPT, without="Task 1")


def test_a_loop_without_end_leaves_keys_and_saves_alone(window: tuple[Window, Lab]) -> None:
    terminal, lab = window
    terminal.run(WATCH)
    terminal.until("1 of 2 checks passed")
    save(lab, LOOP)
    terminal.until("Judging: 0 of 2 checks")
    terminal.type("l")
    terminal.until("Which one?")
    save(lab, SOLUTION)
    terminal.until("Lab 1 is done")
    save(lab, LOOP)
    terminal.until("Judging: 0 of 2 checks")
    watching = [each for each in psutil.process_iter(["cmdline"]) if is_bench(each.info["cmdline"] or [], lab)]
    assert watching, "no bench is found by its command line"
    below = [child for each in watching for child in (each, *each.children(recursive=True))]
    terminal.type("q")
    terminal.until(PROMPT, without="Judging")
    assert psutil.wait_procs(below, timeout=PATIENCE)[1] == []


def test_the_terminal_is_as_it_was_when_it_is_suspended_interrupted_or_ended(window: tuple[Window, Lab]) -> None:
    terminal, _ = window
    terminal.run("echo before; stty -a | tr ';' '\\n' | grep -o -e '-*icanon' -e ' -*echo '")
    terminal.until("before\nicanon\n echo")
    terminal.run(WATCH)
    terminal.until("1 of 2 checks passed")
    terminal.type("C-z")
    terminal.until("Stopped", "before")
    terminal.run("clear; stty -a | tr ';' '\\n' | grep -o -e '-*icanon' -e ' -*echo '")
    terminal.until("icanon\n echo", without="-icanon")
    terminal.run("fg")
    terminal.until("1 of 2 checks passed")
    terminal.type("C-c")
    terminal.until(PROMPT, without="1 of 2 checks passed")
    terminal.run(f"clear; {WATCH} & sleep 0; fg; echo code $?")
    terminal.until("1 of 2 checks passed")
    pid = next(
        each for each in psutil.process_iter(["cmdline"]) if (each.info["cmdline"] or [])[1:4] == WATCH.split()[1:]
    )
    pid.terminate()
    terminal.until("code 0")


def test_without_a_terminal_lines_are_only_added_and_the_end_of_the_input_ends_it(make_lab, run) -> None:
    lab = make_lab(starter=HALF)
    run("check", "1")
    done = run("watch", "1", stdin="h\n\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("This is no terminal, so lines are only added, as with --plain.\n")
    assert "\x1b" not in done.stdout
    assert "h hint, r check" in done.stdout
    assert done.stdout.count("Hint 1 of 3, task 2") == 1
    assert 'expected  "hello north-quay"' in done.stdout
    assert "1 of 2 checks passed, 4 of 10 points" in done.stdout
    assert progress_of(lab)["hints"] == {"2": 1}


def test_hints_that_were_all_seen_can_be_read_again(make_lab, run) -> None:
    lab = make_lab(starter=HALF)
    run("check", "1")
    for _ in range(3):
        run("hint", "1")
    done = run("watch", "1", stdin="h\n")
    assert "Task 2: the hints that you have seen" in done.stdout
    assert "Hint 2 of 3\nb\n" in done.stdout
    assert progress_of(lab)["hints"] == {"2": 3}


def test_a_reset_says_where_the_old_code_is_and_judges_the_new(window: tuple[Window, Lab]) -> None:
    terminal, lab = window
    terminal.run(WATCH)
    terminal.until("1 of 2 checks passed, 4 of 10 points")
    save(lab, SOLUTION)
    terminal.until("Lab 1 is done")
    terminal.type("x")
    terminal.until("y  begin again")
    terminal.type("y")
    terminal.until("Your code is the starter again.", ".bak.py", "1 of 2 checks passed, 4 of 10 points")


def test_a_lab_that_is_not_there_is_refused_like_everywhere(make_lab, run) -> None:
    make_lab()
    done = run("watch", "7")
    assert done.returncode == 2
    assert "There is no lab" in done.stderr


def test_after_full_marks_it_goes_on_with_the_next_lab_that_is_not_done(make_lab, run) -> None:
    for name, starter in (("01_greeting", HALF), ("02_thanks", SOLUTION), ("03_farewell", HALF)):
        make_lab(starter=starter, name=name)
    done = run("watch", "2", "--plain", stdin="")
    assert "Lab 2 is done." in done.stdout
    assert "Next: lab 3, Greeting. Press n." in done.stdout
    turned = run("watch", "2", "--plain", stdin="p\n")
    assert "Lab 1: watching labs/01_greeting." in turned.stdout
    assert "1 of 2 checks passed" in turned.stdout
