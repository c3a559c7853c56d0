"""Lab 03's answers, right and wrong, and classes made of them."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAB = "03_s3_writes"
SOLUTION = ROOT / "solutions" / LAB
UNTOUCHED = ROOT / "labs" / LAB
HANDLER = "lambda_function.py"
HIDES_BOTO3 = "file_named_boto3"  # a process that imports it has no boto3 of its own, and judges nothing


@dataclass(frozen=True)
class Answer:
    """One way to do the lab: `path` is a file or a folder, laid over the solution where it is a mistake."""

    name: str
    path: Path

    def write(self, folder: Path, remark: str = "") -> Path:
        """The answer as a submission in `folder`, which is made; the remark makes it one of its own."""
        folder.mkdir(parents=True)
        shutil.copy(SOLUTION / HANDLER, folder)
        if self.path.is_dir():
            shutil.copytree(self.path, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(self.path, folder / HANDLER)
        with (folder / HANDLER).open("a", encoding="utf-8") as file:
            file.write(f"\n# {remark}\n")
        return folder


def find_answers() -> list[Answer]:
    """The solution, its variants, the untouched starter and the mistakes."""
    kept = sorted(
        path
        for kind in ("variants", "mistakes")
        for path in (SOLUTION / kind).iterdir()
        if path.is_dir() != (path.suffix == ".py") and path.name != "__pycache__"
    )
    named = [Answer(path.stem, path) for path in sorted(kept, key=lambda path: path.parent.name == "mistakes")]
    return [Answer("solution", SOLUTION / HANDLER), *named, Answer("starter", UNTOUCHED / HANDLER)]


def write_class(folder: Path, answers: Sequence[Answer], size: int) -> Path:
    """So many submissions in `folder`, one answer after another, no two the same."""
    for number, answer in zip(range(size), _cycle(answers), strict=False):
        answer.write(folder / f"{answer.name}-{number:05}", f"submission {number}")
    return folder


def _cycle(answers: Sequence[Answer]) -> Iterator[Answer]:
    while True:
        yield from answers
