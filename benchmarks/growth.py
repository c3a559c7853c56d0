"""Whether grading stays as fast and as small as the class grows: `.venv/bin/python benchmarks/growth.py`. Linux.

For classes of 40 and 400 (with `--all` 4,000 too): CPU and wall time for each submission of lab 03, the start of the
benches included, and the most memory that a process held: the grader's, a bench's, a function's or its template's.
"""

import argparse
import json
import tempfile
from pathlib import Path

from classroom import HIDES_BOTO3, find_answers, write_class
from graders import Ours
from metered import Group

SIZES = (40, 400, 4000)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES[:2], metavar="N")
    parser.add_argument("--all", dest="sizes", action="store_const", const=SIZES, help="4,000 too")
    parser.add_argument("--workers", type=int, default=2, metavar="N")
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON document")
    options = parser.parse_args()
    answers = [answer for answer in find_answers() if answer.name != HIDES_BOTO3]
    grader, rows = Ours(options.workers), []
    if not options.json:
        print(f"{grader.name}\n{'':<14}{'a submission, ms':>18}{'resident, MB':>30}")
        print(f"{'submissions':<14}{'CPU':>9}{'wall':>9}{'grader':>10}{'bench':>10}{'function':>10}")
    for size in options.sizes:
        with Group() as group, tempfile.TemporaryDirectory() as folder:
            graded = grader.grade(group, write_class(Path(folder, "class"), answers, size), Path(folder))
        each, memory = graded.cost / size, graded.cost.memory
        rows.append({"submissions": size, "cpu_ms": each.cpu * 1000, "wall_ms": each.wall * 1000, "memory_mb": memory})
        if not options.json:
            held = "".join(f"{memory.get(word, 0):10.0f}" for word in ("grader", "bench", "function"))
            print(f"{size:<14}{each.cpu * 1000:9.0f}{each.wall * 1000:9.0f}{held}", flush=True)
    if options.json:
        print(json.dumps({"schema": 1, "workers": options.workers, "sizes": rows}, indent=1))


if __name__ == "__main__":
    main()
