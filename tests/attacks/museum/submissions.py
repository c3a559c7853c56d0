"""The museum's cases: what each one tries, what its record has to be, and how it is handed in."""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CASES = Path(__file__).resolve().parents[1] / "cases"
FULL_SCORE = 20

#: Names that tools on the way would act on. The museum keeps such files with this at their end; they are handed in
#: without it.
GUARD = ".txt"


@dataclass(frozen=True)
class Case:
    """One submission. `status`: those that its record may have; `score`: the least and the most that it may get;
    `fails`: checks that must not pass, where the score does not say it all; `bites`: without isolation, it gets what it
    is after."""

    category: str
    name: str
    why: str
    status: tuple[str, ...]
    score: tuple[int, int]
    fails: frozenset[str]
    bites: bool

    def __str__(self) -> str:
        return f"{self.category}/{self.name}"


def read_cases() -> list[Case]:
    """Every case, by its table in the `cases/CATEGORY.toml`."""
    return [
        _read(category.stem, name, table)
        for category in sorted(CASES.glob("*.toml"))
        if category.name != "ruff.toml"
        for name, table in tomllib.loads(category.read_text("utf-8")).items()
    ]


def _read(category: str, name: str, table: dict[str, Any]) -> Case:
    if unknown := table.keys() - {"why", "status", "score", "fails", "bites"}:
        raise ValueError(f"{category}/{name}: {unknown} says nothing here")
    status = table.get("status", "passed")
    score = table.get("score", FULL_SCORE if status == "passed" else 0)
    least, most = score if isinstance(score, list) else (score, score)
    return Case(
        category,
        name,
        table["why"],
        (status,) if isinstance(status, str) else tuple(status),
        (least, most),
        frozenset(table.get("fails", ())),
        table.get("bites", False),
    )


def build_class(group: Path, cases: list[Case]) -> Iterator[tuple[Case, str]]:
    """Makes every submission in the folder `group`, and gives the id that each must have in its record."""
    from museum.archives import ARCHIVES
    from museum.oddities import ODDITIES

    for case in cases:
        if case.name in ARCHIVES:
            (group / f"{case.name}.zip").write_bytes(ARCHIVES[case.name]())
            yield case, f"{case.name}.zip"
        elif case.name in ODDITIES:
            yield case, ODDITIES[case.name](group).encode("utf-8", "backslashreplace").decode()
        else:
            _copy(CASES / case.category / case.name, group / case.name)
            yield case, case.name


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for kept in list(target.rglob(f"*{GUARD}")):
        kept.rename(kept.with_suffix(""))
    if "honest" in (target / "lambda_function.py").read_text("utf-8"):
        shutil.copyfile(CASES / "honest.py", target / "honest.py")
