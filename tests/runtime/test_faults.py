"""Whatever a function does to itself ends as a defined invocation; the next one works; nothing of it stays.

(That nothing stays is asserted by the fixture `deploy` when each test ends.)
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.runtime import Invocation, Platform, environment, processes

posix = pytest.mark.skipif(os.name != "posix", reason="POSIX processes")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds its way through /proc")

FIRST = "import os, sys, time\ndef lambda_handler(event, context):\n    if event == 'again': return 'works'\n"


def after(function) -> Invocation:
    """The next invocation, which must work."""
    again = function.invoke("again")
    assert again.error is None, again.log_text
    assert again.payload == "works"
    return again


def wait_until(happens: Callable[[], bool]) -> None:
    for _ in range(500):
        if happens():
            return
        time.sleep(0.01)
    raise AssertionError("it never happened")


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


EXITS = {
    "killed": ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    "terminated": ("os.kill(os.getpid(), 15)", "Runtime exited with error: signal: terminated"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "Runtime exited with error: signal: segmentation fault"),
    "interrupted": ("raise KeyboardInterrupt", "Runtime exited with error: signal: interrupt"),
    "generator_exit": ("raise GeneratorExit", "Runtime exited with error: exit status 1"),
}


@posix
@pytest.mark.parametrize("name", EXITS)
def test_a_runtime_that_ends_says_how(name: str, deploy) -> None:
    statement, reason = EXITS[name]
    function = deploy(FIRST + f"    print('before'); {statement}\n")
    ended = function.invoke()
    assert str(ended.error) == f"Runtime.ExitError: RequestId: {ended.request_id} Error: {reason}"
    assert ended.payload.keys() == {"errorType", "errorMessage"}
    assert f"{reason}\nRuntime.ExitError\nEND RequestId" in ended.log_text
    assert "\tStatus: error\tError Type: Runtime.ExitError\t\n" in ended.log_text
    assert ended.logs[0].message == "before"
    assert after(function).cold


@linux
def test_killed_from_outside_during_an_event(deploy, tmp_path: Path) -> None:
    import threading

    function = deploy(FIRST + "    open('/tmp/' + event, 'w').write(str(os.getpid())); time.sleep(30)\n")
    mark = f"workbook.{os.getpid()}.pid"
    note = Path("/tmp", mark)

    def kill() -> None:
        wait_until(lambda: note.exists() and note.read_text() != "")
        os.kill(int(note.read_text()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    ended = function.invoke(mark)
    killer.join()
    assert ended.error
    assert ended.error.message.endswith("Runtime exited with error: signal: killed")
    assert after(function).cold
    assert not note.exists()


@linux
def test_killed_between_two_events_starts_afresh(deploy) -> None:
    function = deploy(FIRST + "    return os.getpid()\n")
    pid = function.invoke().payload
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{pid}").exists())
    time.sleep(0.05)
    assert after(function).cold


def test_exit_after_the_answer_starts_afresh(deploy) -> None:
    function = deploy(
        "import threading\n" + FIRST + "    threading.Timer(0.05, os._exit, [1]).start()\n    return os.getpid()\n"
    )
    assert function.invoke().error is None
    time.sleep(0.3)
    assert after(function).cold


def test_a_hundred_megabytes_of_output(deploy) -> None:
    function = deploy(
        FIRST
        + "    print('first')\n    for _ in range(100): sys.stdout.write('x' * 99 + '\\n' + 'y' * 1_048_476)\n"
        + "    print('\\nlast')\n    return 1\n",
        timeout=20,
    )
    talkative = function.invoke()
    assert talkative.payload == 1
    messages = [record.message for record in talkative.logs]
    assert messages[0] == "first"
    assert messages[-1] == "last"
    assert any("bytes of log left out" in message for message in messages)
    assert len(talkative.log_text) < 1_000_000
    assert [record.message for record in after(function).logs] == []


def test_output_without_end_is_stopped(deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "MAX_LOG_BYTES", 4 * 1024 * 1024)
    function = deploy(FIRST + "    while True: print('x' * 10_000)\n", timeout=20)
    endless = function.invoke()
    assert endless.error
    assert endless.error.message.endswith("signal: killed")
    assert after(function).cold


def test_a_log_that_the_function_cuts_short(deploy) -> None:
    function = deploy(FIRST + "    print('x' * 9000)\n    os.ftruncate(1, 0)\n    print('kept')\n    return 1\n")
    assert function.invoke().payload == 1
    assert function.invoke().payload == 1
    assert after(function).payload == "works"


@pytest.mark.skipif(not processes.LINUX, reason="counted on Linux only")
def test_memory_of_what_it_starts_is_counted(deploy) -> None:
    function = deploy(
        """
        import subprocess, sys, time
        HOLD = "import time; kept = b'x' * (40 * 1024 * 1024); time.sleep(60)"
        def lambda_handler(event, context):
            for _ in range(event["count"]):
                subprocess.Popen([sys.executable, "-I", "-S", "-c", HOLD])
            time.sleep(event["seconds"])
        """,
        timeout=20,
        memory=256,
    )
    assert function.invoke({"count": 1, "seconds": 1}).error is None
    assert function.invoke({"count": 8, "seconds": 15}).error.type == "Runtime.ExitError"


def test_memory_over_the_limit(deploy) -> None:
    function = deploy(
        FIRST + "    kept = []\n    while True: kept.append(bytearray(b'x' * 4_000_000)); time.sleep(0.01)\n"
    )
    full = function.invoke()
    assert full.error
    assert full.error.message.endswith("Runtime exited with error: signal: killed")
    assert full.max_memory_mb == full.memory_mb == 128
    assert "Memory Size: 128 MB\tMax Memory Used: 128 MB" in full.log_text
    assert after(function).max_memory_mb < 128


@posix
def test_timeout_kills_what_ignores_sigterm(deploy) -> None:
    function = deploy(
        "import signal\n" + FIRST + "    signal.signal(15, signal.SIG_IGN)\n    while True: pass\n", timeout=0.3
    )
    late = function.invoke()
    assert str(late.error) == (
        f"Sandbox.Timedout: RequestId: {late.request_id} Error: Task timed out after 0.30 seconds"
    )
    assert late.timed_out
    assert late.duration_ms == 300
    assert f" {late.request_id} Task timed out after 0.30 seconds\n\nEND RequestId" in late.log_text
    assert late.log_text.endswith("\tStatus: timeout\t\n")
    assert after(function).cold


POPEN = "import subprocess\n    return subprocess.Popen(['sleep', '60'], {}).pid\n"
QUIET = "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
SPAWNING = {
    "child": POPEN.format(""),
    "own session": POPEN.format("start_new_session=True, stdout=subprocess.DEVNULL"),
    "own session, quiet": POPEN.format(f"start_new_session=True, {QUIET}"),
    "own session, no variables": POPEN.format("start_new_session=True, env={}"),
    "own session, quiet, no variables": POPEN.format("start_new_session=True, env={}, " + QUIET),
    "daemon": (
        "r, w = os.pipe()\n    if os.fork() == 0:\n        os.setsid()\n        if (pid := os.fork()) == 0:\n"
        "            os.closerange(0, 3)\n            time.sleep(60)\n"
        "        os.write(w, str(pid).encode())\n        os._exit(0)\n    os.wait()\n    return int(os.read(r, 99))\n"
    ),
}
THEN = {"close": "return answer", "timeout": "time.sleep(60)", "exit": "os._exit(1)"}
UNTRACEABLE = ("own session, quiet, no variables", "exit")  # nothing leads to it once its parent has gone


@linux
@pytest.mark.parametrize(("how", "then"), [pair for pair in itertools.product(SPAWNING, THEN) if pair != UNTRACEABLE])
def test_what_it_started_ends_with_it(how: str, then: str, deploy) -> None:
    body = SPAWNING[how].replace("return", "answer =")
    function = deploy(FIRST + f"    {body}    print(answer)\n    {THEN[then]}\n", timeout=0.3)
    process = Path("/proc", function.invoke().logs[0].message)
    if then == "close":
        assert process.exists()
        function.close()
        assert not process.exists()
    else:
        assert not process.exists()
        after(function)


@posix
def test_fork_that_returns_in_both(deploy) -> None:
    function = deploy(FIRST + "    pid = os.fork()\n    return 'child' if pid == 0 else 'parent'\n")
    function.invoke()  # two answers on one connection: which arrives, and how whole, is open, as on AWS
    assert "works" in [function.invoke("again").payload for _ in range(4)]


@posix
def test_descriptors_closed(deploy) -> None:
    function = deploy(FIRST + "    print('before')\n    os.closerange(0, 256)\n    return 'after'\n")
    closed = function.invoke()
    assert closed.payload == "after" or closed.error
    assert closed.logs[0].message == "before"
    assert deploy(FIRST).invoke("again").payload == "works"


def test_threads_that_run_on(deploy) -> None:
    source = (
        "import threading\n"
        + FIRST
        + (
            "    def run():\n        while True: print('tick'); time.sleep(0.01)\n"
            "    threading.Thread(target=run).start()\n    return 1\n"
        )
    )
    function = deploy(source)
    assert function.invoke().payload == 1
    assert not after(function).cold


def test_init_that_never_ends(deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "INIT_SECONDS", 0.3)
    function = deploy("import time\ntime.sleep(60)\n")
    never = function.invoke()
    assert never.error
    assert never.error.message.endswith("Task timed out after 3.00 seconds")
    assert never.timed_out
    assert never.in_init
    assert never.init_ms is None


def test_the_budget_ends_an_invocation(deploy) -> None:
    from workbook.runtime import BudgetSpent

    function = deploy(FIRST + "    time.sleep(60)\n", platform=Platform(cutoff=time.monotonic() + 0.6), timeout=60)
    with pytest.raises(BudgetSpent):
        function.invoke()
    with pytest.raises(BudgetSpent):
        function.invoke("again")


def test_a_bench_that_forgets_to_close_leaves_nothing(tmp_path: Path) -> None:
    code = tmp_path / "lambda_function.py"
    code.write_text(
        "import os, threading, time\ndef lambda_handler(event, context):\n"
        "    threading.Thread(target=time.sleep, args=[60]).start()\n    return os.getpid()\n"
    )
    program = (
        "import sys\nfrom pathlib import Path\nfrom workbook.runtime import Function\n"
        "print(Function(Path(sys.argv[1])).invoke().payload)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path / "t"), "TEMP": str(tmp_path / "t")}
    (tmp_path / "t").mkdir()
    command = [sys.executable, "-c", program, str(code)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    wait_until(lambda: is_gone(int(done.stdout)) if os.name == "posix" else True)
    assert list((tmp_path / "t").iterdir()) == []
