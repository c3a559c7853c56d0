"""The inside of a bench process: once a bench is warm and the checks are collected, a fork judges each submission.

Run as a module, with a course's folder, a lab's, a tier and perhaps `reuse` as arguments. A submission on its input is
the length of a header in four bytes, the header, a JSON document with `files` (a size by name) or `archive` (a size),
and their bytes. Its output is a JSON document a line: {"check": ...} for each verdict, then {"done": {"sha256": ...}},
{"rejected": why} or {"broken": why}.
"""

import contextlib
import gc
import json
import os
import select
import sys
import threading
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from workbook.bench import Bench, BenchError
from workbook.course.labs import Course, Lab
from workbook.grading.judge import digest, grade
from workbook.grading.session import JUDGING, Judging
from workbook.runtime import Code, CodeError, processes
from workbook.runtime.child import confine
from workbook.runtime.launch import Launcher
from workbook.runtime.launchers.fork import Template, make_launcher
from workbook.sandbox.launcher import ConfinedLauncher
from workbook.sandbox.tier import Tier
from workbook.submissions.label import take_off

HANG_UP_SECONDS = 0.1
MAX_TEXT = 100_000  # characters of a message, a diagnosis or a log
NOTHING = b"def lambda_handler(event, context):\n    pass\n"

# By service: what a cloud that has just been made does not have. moto loads much when it has to say so.
MISSING = {
    "s3": ("get_object", {"Bucket": "none", "Key": "none"}),
    "events": ("describe_rule", {"Name": "none"}),
    "lambda": ("get_function", {"FunctionName": "none"}),
}


def main(course: str, name: str, tier: str, reuse: str = "") -> None:
    lab = Course(Path(course)).find(name)
    isolated = Tier[tier] is Tier.NAMESPACES
    launchers = _confined(lab) if isolated else make_launcher
    tell = _speaker()
    if processes.LINUX:
        with _leaving_with_the_grader():
            warm_up(lab, launchers)
    if isolated:
        Template.hand_down()
        confine.hide()
    turns = Turns(lab, isolated, tell)
    try:
        grade(
            lab,
            turns.code,
            hidden=True,
            make_launcher=launchers,
            reuse=bool(reuse),
            on_check=lambda check: tell({"check": _bounded(check.to_dict())}),
            plugins=[turns],
        )
        tell({"done": {"sha256": digest(turns.code)}})
    except BenchError as error:
        tell({"broken": str(error)})
    os._exit(0)


def warm_up(lab: Lab, launchers: Callable[[Collection[str]], Launcher]) -> None:
    """Judge a function that does nothing, and ask the cloud for what is not there, so that all is loaded that judging
    others takes, and the template of the lab's functions runs."""
    grade(lab, _nothing(lab), hidden=True, make_launcher=launchers)
    with Bench(lab) as bench:
        for service in MISSING.keys() & set(lab.manifest.function.services):
            operation, named = MISSING[service]
            for client in (bench.cloud.client(service), bench.cloud.role_client(service)):
                with contextlib.suppress(ClientError):
                    getattr(client, operation)(**named)
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(5)


@contextlib.contextmanager
def _leaving_with_the_grader() -> Iterator[None]:
    """What takes long and reads nothing ends at once when nobody is left to send anything."""
    over = threading.Event()

    def watch() -> None:
        grader = select.poll()
        grader.register(0, 0)  # a hang-up is told whatever one asks for
        while not over.wait(HANG_UP_SECONDS):
            if grader.poll(0):
                os._exit(0)

    watcher = threading.Thread(target=watch, name="grader", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


class Turns:
    """A pytest plugin: once the checks are collected, a fork of this process judges each submission by them. `code` is
    what a fork judges."""

    def __init__(self, lab: Lab, isolated: bool, tell: Callable[[Any], None]) -> None:
        self._lab, self._isolated, self._tell = lab, isolated, tell
        self.code = _nothing(lab)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Returns in each fork, which then runs the checks."""
        gc.collect()
        gc.freeze()
        while header := _read(4):
            request = json.loads(_read(int.from_bytes(header, "big")))
            pid = os.fork() if processes.LINUX else 0
            if pid == 0:
                self._take(request, session.config.stash[JUDGING])
                return
            _, status = os.waitpid(pid, 0)
            if status:
                break
            _reap()
        os._exit(0)

    def _take(self, request: Any, judging: Judging) -> None:
        if self._isolated:
            _step_aside()
        try:
            self.code = _take_in(request, self._lab)
            judging.take(self.code)
        except CodeError as error:
            self._tell({"rejected": str(error)})
            os._exit(0)


def _nothing(lab: Lab) -> Code:
    return Code(Path("nothing"), {lab.manifest.files[0]: NOTHING})


def _speaker() -> Callable[[Any], None]:
    """What writes to the pipe that standard output was; whatever prints from now on goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)

    def tell(document: Any) -> None:
        print(json.dumps(document), file=pipe, flush=True)

    return tell


def _read(count: int) -> bytes:
    """So many bytes of the input, unbuffered, since a fork reads on; fewer when it ends."""
    found = bytearray()
    while len(found) < count and (piece := os.read(0, count - len(found))):
        found += piece
    return bytes(found)


def _take_in(request: Any, lab: Lab) -> Code:
    """The code that follows the request. Raises CodeError."""
    if "archive" in request:
        from workbook.submissions.archive import open_archive

        code = open_archive(_read(request["archive"]), lab.manifest.files)
    else:
        code = Code(Path("submission"), {name: _read(size) for name, size in request["files"].items()})
    return take_off(code, lab.id)


def _step_aside() -> None:
    """Out of reach of the process that judges the next submissions, and of the template of their functions."""
    confine.be_seen()
    confine.enter_user_namespace()
    confine.give_up_capabilities()


def _reap() -> None:
    """Functions' processes that outlived the bench that started them are children of this one."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _bounded(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its texts cut in the middle where they are very long."""
    return {key: _cut(value) if isinstance(value, str) else value for key, value in document.items()}


def _cut(text: str) -> str:
    left_out = len(text) - MAX_TEXT
    if left_out <= 0:
        return text
    return f"{text[: MAX_TEXT // 2]}\n... {left_out:,} characters are left out here ...\n{text[-MAX_TEXT // 2 :]}"


def _confined(lab: Lab) -> Callable[[Collection[str]], Launcher]:
    layers = lab.root / ".workbook" / "layers"
    return lambda services: ConfinedLauncher(services, [layers])


if __name__ == "__main__":
    main(*sys.argv[1:])
