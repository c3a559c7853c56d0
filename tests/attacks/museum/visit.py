"""What runs inside the outer sandbox: a class is handed in, graded once, and looked over.

`python -m museum.visit [--mutant NAME [--self-test] | --bare | --reuse] [CASE...]` prints one JSON document: what
`lab grade` printed and kept, and what the canaries saw.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from museum import canaries
from museum.mutants import BARE, read_mutants
from museum.submissions import build_class, read_cases

ROOT = Path("/museum")
COURSE = Path(__file__).resolve().parents[1] / "course"
MAX_PROCESSES = 2000  # of all that runs inside, should the product set no bound
SECONDS = 540
LINGER = 3.0  # seconds for what was killed to be gone


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mutant")
    parser.add_argument("--self-test", action="store_true", help="leave the mutant the workbook's own self-test")
    parser.add_argument("--bare", action="store_true", help="grade without isolation: what do the attacks get then?")
    parser.add_argument("--reuse", action="store_true", help="let checks share environments, as if that were proved")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NPROC, (MAX_PROCESSES, MAX_PROCESSES))
    canaries.enter_network()
    source = None
    if options.mutant:
        mutant = next(mutant for mutant in read_mutants() if mutant.name == options.mutant)
        source = mutant.build(ROOT / "mutant", with_self_test=options.self_test)
    elif options.bare:
        source = BARE.build(ROOT / "mutant", with_self_test=False)
    more = ["--trust-submissions"] if options.bare else []
    print(json.dumps(visit(options.cases, source, *more, reuse=options.reuse)))


def visit(names: list[str], source: Path | None = None, *more: str, reuse: bool = False) -> dict[str, Any]:
    """Grade the class of the cases `names`, or of all, with the workbook in the folder `source` or the real one, and
    `more` options."""
    home, course, book, group = ROOT / "home", ROOT / "course", ROOT / "book", ROOT / canaries.word("class")
    shutil.copytree(COURSE, course, copy_function=shutil.copyfile)
    for folder in (home, group, book):
        folder.mkdir()
    variables = canaries.plant_home(home) | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    if source:
        variables["PYTHONPATH"] = str(source)
    canaries.plant_course(course)
    if reuse:
        from workbook.course.labs import Course
        from workbook.grading.reuse import keep_proof

        keep_proof(Course(course).find("01_means"))
    cases = [case for case in read_cases() if not names or case.name in names]
    ids = {str(case): submission_id for case, submission_id in build_class(group, cases)}
    listeners, bystander = canaries.Listeners(home), canaries.Bystander()
    before, places = fingerprint(home, course, group), listing()

    command = [sys.executable, "-m", "workbook", "--course", str(course), "grade", "01_means", str(group)]
    command += ["--gradebook", f"sqlite:///{book / 'gradebook.db'}", *more]
    began = time.monotonic()
    first = run([*command, "--json"], book, variables)
    seconds = time.monotonic() - began
    again = run(command, book, variables) if not source else None
    return {
        "ids": ids,
        "seconds": seconds,
        "first": first,
        "again": again,
        "attempts": read_attempts(book) if again else [],
        "heard": dict(listeners.heard),
        "signals": dict(bystander.signals),
        "bystander": bystander.is_alive,
        "processes": find_left_processes(bystander),
        "files": sorted(listing() - places),
        "changed": sorted(set(fingerprint(home, course, group).items()) ^ set(before.items())),
    }


def run(command: list[str], folder: Path, variables: dict[str, str]) -> dict[str, Any]:
    """How it ended, and its output as it is, byte for byte (latin-1)."""
    done = subprocess.Popen(
        command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = done.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        done.kill()
        output, errors = done.communicate()
    return {"status": done.returncode, "output": output.decode("latin-1"), "errors": errors.decode("latin-1")}


def read_attempts(book: Path) -> list[dict[str, Any]]:
    """Every record in the gradebook, oldest first."""
    from workbook.gradebook import Gradebook

    with closing(Gradebook.open(f"sqlite:///{book / 'gradebook.db'}")) as kept:
        return [dict(attempt.document) for attempt in kept.attempts()]


def find_left_processes(bystander: canaries.Bystander) -> list[str]:
    """Every process in the outer sandbox that is not the museum's own."""
    own = {1} | bystander.pids
    late = time.monotonic() + LINGER
    while True:
        left = []
        for name in os.listdir("/proc"):
            if name.isdigit() and int(name) not in own:
                try:
                    left.append(Path("/proc", name, "cmdline").read_bytes().replace(b"\0", b" ").decode("latin-1"))
                except OSError:
                    continue
        if not left or time.monotonic() > late:
            return left
        time.sleep(0.1)


def fingerprint(*folders: Path) -> dict[str, str]:
    return {path: print_ for folder in folders for path, print_ in canaries.fingerprint(folder).items()}


def listing() -> set[str]:
    """What lies in the places that anybody may write to."""
    return {f"{place}/{name}" for place in ("/tmp", "/dev/shm") for name in os.listdir(place)}


if __name__ == "__main__":
    main()
