"""A process that records, started by tests: `recorder.py URL`, then a line `NAME COUNT` on stdin for each round.

A round is a process of its own, forked from this one, which need not import everything again. It says `started PID`,
then `kept NAME N` after each attempt, and when it is over, however it ended, `ended`.
"""

import os
import sys
from datetime import UTC, datetime

from workbook.gradebook import Attempt, Gradebook


def record(url: str, name: str, count: int) -> None:
    book = Gradebook.open(url)
    for number in range(count):
        document = {"status": "passed", "score": number, "max_score": count, "sandbox": "none", "seconds": 0.1}
        document["checks"] = [{"log": f"{name} {number} " * 500}]  # several of SQLite's pages
        book.record(Attempt("03_s3_writes", f"{name} {number}", "key", document, datetime.now(UTC)))
        print("kept", name, number, flush=True)
    book.close()


if __name__ == "__main__":
    for line in sys.stdin:
        name, count = line.split()
        child = os.fork()
        if not child:
            print("started", os.getpid(), flush=True)
            record(sys.argv[1], name, int(count))
            os._exit(0)
        os.waitpid(child, 0)
        print("ended", flush=True)
