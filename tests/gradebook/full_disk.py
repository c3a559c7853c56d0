"""Runs on a disk of a few hundred kilobytes, FOLDER: records until it is full, makes room, and records again."""

import json
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from workbook.gradebook import Attempt, Gradebook, GradebookError

folder = Path(sys.argv[1])


def make_attempt(number: int) -> Attempt:
    document = {"status": "passed", "score": 1, "max_score": 1, "sandbox": "none", "seconds": 0.1, "log": "x" * 3000}
    return Attempt("03_s3_writes", str(number), "key", document, datetime.now(UTC))


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return


def refusal_of_a_new_book() -> str:
    fill(folder / "all")
    try:
        Gradebook.open(f"sqlite:///{folder}/new.db")
    except GradebookError as error:
        return str(error)
    finally:
        (folder / "all").unlink()
    return "none"


answer = {"new": refusal_of_a_new_book()}
(folder / "ballast").write_bytes(bytes(150_000))
book = Gradebook.open(f"sqlite:///{folder}/gradebook.db")
kept = []
try:
    for number in count():
        book.record(make_attempt(number))
        kept.append(str(number))
except GradebookError as error:
    answer["full"] = str(error)
answer["kept"] = kept
answer["found_when_full"] = [attempt.submission_id for attempt in book.attempts()]
(folder / "ballast").unlink()
book.record(make_attempt(-1))
book.close()
answer["found_in_the_end"] = [
    attempt.submission_id for attempt in Gradebook.open(f"sqlite:///{folder}/gradebook.db").attempts()
]
print(json.dumps(answer))
