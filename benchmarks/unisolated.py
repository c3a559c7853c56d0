"""Grade a class as `lab grade` does, without isolation even where it is possible; only grading.py asks for that."""

import json
import sys
from contextlib import closing
from pathlib import Path

from classroom import LAB, ROOT

from workbook.course.labs import Course
from workbook.gradebook import Gradebook
from workbook.grading.batch import Batch
from workbook.sandbox.tier import Tier
from workbook.submissions.hand_in import find_hand_ins


def main(submissions: str, url: str, workers: str) -> None:
    lab = Course(ROOT).find(LAB)
    entries = find_hand_ins([Path(submissions)], files=lab.manifest.files)
    with closing(Gradebook.open(url)) as book:
        batch = Batch(lab, book, Tier.NONE, workers=int(workers), fresh=True)
        documents = [dict(record.attempt.document) for record in batch.grade(entries)]
    print(json.dumps({"schema": 1, "results": documents}))


if __name__ == "__main__":
    main(*sys.argv[1:])
