"""The proof that isolation holds on this machine: a function that tries to get out, on the way that submissions go.

Run as a module it is the inside of it: it takes the probe's event as JSON on its input, and prints what the probe got
at, or why it did not run.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

from workbook.sandbox import bubblewrap
from workbook.sandbox.launcher import LIMITS, ConfinedLauncher

SECONDS = 180.0  # on a machine that is very busy
PROBE = Path(__file__).with_name("probe_function.py")


class SelfTestFailed(RuntimeError):
    """Isolation does not hold here; the text says what is not there or what got out."""


def run() -> None:
    """Raises SelfTestFailed unless a function, isolated as submissions are, can reach nothing."""
    if not bubblewrap.find():
        raise SelfTestFailed("bubblewrap is not installed.")
    word = uuid.uuid4().hex
    with _listening() as (port, callers):
        event = {
            "file": "/etc/passwd",
            "bench": str(bubblewrap.PACKAGE / "bench.py"),
            "word": word,
            "port": port,
            "too_many": LIMITS["NPROC"] + 50,
            "pid": os.getpid(),
        }
        answer = _run_inside(event, word)
    breaches = [*answer, *(["reach a server on this machine"] if callers else [])]
    if breaches:
        raise SelfTestFailed(f"A function could {', '.join(dict.fromkeys(breaches))}.")


def _run_inside(event: dict[str, object], word: str) -> list[str]:
    command = bubblewrap.around_bench(bubblewrap.run_module("workbook.sandbox.selftest"), [])
    try:
        done = subprocess.run(
            command,
            input=json.dumps(event),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            env={"PATH": bubblewrap.SEARCHED, "WORKBOOK_CANARY": word},
        )
    except subprocess.TimeoutExpired:
        raise SelfTestFailed(f"Its self-test did not end within {SECONDS:g} seconds.") from None
    with contextlib.suppress(ValueError):
        answer = json.loads(done.stdout)
        if isinstance(answer, list):
            return answer
    raise SelfTestFailed((done.stdout + done.stderr).strip()[-1000:] or f"It ended with exit status {done.returncode}.")


@contextlib.contextmanager
def _listening() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine's 127.0.0.1, and who has connected to it."""
    callers: list[object] = []

    def welcome() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, caller = listener.accept()
                connection.close()
                callers.append(caller)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=welcome, daemon=True).start()
        yield listener.getsockname()[1], callers
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def main() -> None:
    from workbook.runtime import Code, Configuration, Function, Platform

    event = json.load(sys.stdin)
    launcher = ConfinedLauncher((), ())
    code = Code(PROBE, {"lambda_function.py": PROBE.read_bytes()})
    with Function(code, Configuration(timeout=120, memory=512), platform=Platform(launcher=launcher)) as function:
        invocation = function.invoke(event)
    print(json.dumps(str(invocation.error) if invocation.error else invocation.payload))


if __name__ == "__main__":
    main()
