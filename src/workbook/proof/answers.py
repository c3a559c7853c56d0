"""The answers kept with a solution: other right ones (`variants/`) and typical wrong ones (`mistakes/`).

`mistakes/mistakes.toml` declares what each mistake must come to, and may say what the starter's failures tell:

    [starter]                                # optional
    says = ["not written yet"]

    [[mistake]]
    path = "local_time.py"                   # a file, or a folder, in mistakes/
    fails = ["test_files_the_reading_..."]   # every check, public or hidden, that does not pass
    says = ["Use astimezone(UTC)"]           # words, each told by at least one of them

A `.py` file stands for the first of the manifest's files, a folder for the files in it; both are laid over the
solution. Where the student builds a package, a folder may hold its recipe in place of it: `lambda_deploy.zip.py`, with
a function `make` that takes the files in the solution's package (names to bytes) and returns the other's bytes.
"""

import runpy
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workbook.course.labs import Lab
from workbook.course.manifest import ManifestError
from workbook.course.table import Table
from workbook.grading.document import CheckResult, Result, Status
from workbook.runtime import Code, CodeError
from workbook.runtime.code import LITTER_FOLDERS

DECLARED = "mistakes.toml"


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer: the checks that it must not pass, and the words that they must tell."""

    path: Path
    fails: frozenset[str]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What is kept with a solution; `starter_says` are words that the starter's failures must tell, if any."""

    variants: tuple[Path, ...]
    mistakes: tuple[Mistake, ...]
    starter_says: tuple[str, ...]


def read_answers(lab: Lab) -> Answers:
    """The answers of a lab that has a solution. Raises ManifestError, naming key and cure, for a wrong declaration."""
    assert lab.solution
    path = lab.solution / "mistakes" / DECLARED
    top = Table(path, "", _parse(path), ("starter", "mistake"))
    return Answers(
        variants=tuple(answers_in(lab.solution / "variants")),
        mistakes=tuple(_read_mistake(path, table) for table in top.tables("mistake", ("path", "fails", "says"))),
        starter_says=top.table("starter", "[starter]", ("says",)).texts("says"),
    )


def answers_in(folder: Path) -> list[Path]:
    """The .py files and folders in `variants/` or `mistakes/`, sorted; none when the folder is not there."""
    if not folder.is_dir():
        return []
    found = (path for path in folder.iterdir() if path.suffix == ".py" or path.is_dir())
    return sorted(path for path in found if path.name not in LITTER_FOLDERS)


def open_answer(lab: Lab, path: Path) -> Code:
    """The solution with the answer laid over it. Raises CodeError."""
    assert lab.solution
    files, package = lab.manifest.files, lab.manifest.package
    solution, answer = Code.open(lab.solution, files=files), Code.open(path, files=files)
    if package and (recipe := f"{package}.py") in answer:
        made = _follow(path / recipe, dict(solution.unpack(package)))
        answer = Code(path, {name: answer[name] for name in answer if name != recipe} | {package: made})
    return solution.overlaid(answer)


def _follow(recipe: Path, files: dict[str, bytes]) -> bytes:
    try:
        made: bytes = runpy.run_path(str(recipe))["make"](files)
    except Exception as error:
        raise CodeError(f"its recipe {recipe.name} failed with {type(error).__name__}: {error}.") from error
    return made


def miss(result: Result) -> list[CheckResult]:
    """The checks that did not pass."""
    return [check for check in result.checks if check.status is not Status.PASSED]


def tell(checks: Iterable[CheckResult]) -> str:
    """What the student is told about these checks."""
    return "\n".join(text for check in checks for text in (check.id, check.message, check.diagnosis) if text)


def find_faults(mistake: Mistake, result: Result) -> Iterator[tuple[str, str]]:
    """Where a mistake's result differs from what is declared: the problem, and the cure."""
    missed = miss(result)
    ids = {check.id for check in missed}
    if not ids:
        yield "it passes every check: a hole in the suite", "Write a check, public or hidden, that it fails."
        return
    if unexpected := ids - mistake.fails:
        yield f"it also fails {_list(unexpected)}", "Name them in its fails, or mend the check or the mistake."
    if passed := mistake.fails - ids:
        yield f"it passes {_list(passed)}", "Make these checks fail on it, or take them out of its fails."
    told = tell(missed)
    for words in mistake.says:
        if words not in told:
            yield f"no failed check says {words!r}", "Mend the check's message, or the words in its says."
    if not mistake.says:
        yield "its says is empty", "Name the words by which the student learns what is wrong."


def _list(ids: Iterable[str]) -> str:
    return ", ".join(sorted(ids))


def _read_mistake(path: Path, table: Table) -> Mistake:
    name = table.line("path")
    if Path(name).name != name:
        table.refuse("path", f"{name!r} is no name in mistakes/", "Write the name alone, such as local_time.py.")
    return Mistake(path.parent / name, frozenset(table.texts("fails")), table.texts("says"))


def _parse(path: Path) -> object:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(path, None, "there is no such file", "Declare each mistake there.") from error
    except OSError as error:
        raise ManifestError(path, None, f"cannot be read ({error.strerror})", "Check its permissions.") from error
    except ValueError as error:
        raise ManifestError(path, None, f"is not valid TOML: {error}", "Mend that place.") from error
