"""How far the student has come, in `.workbook/progress.toml`."""

import os
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbook.course.labs import Course, Lab
from workbook.course.safefile import read_file, replace_file
from workbook.course.table import ManifestError

_VERSION = 1
_LARGEST = 1024 * 1024
_MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class LabProgress:
    """One lab: checks and tasks as its last run left them, the best score of a whole run, hints used by task.

    `checked` is the digest of the code that all of it was found on; empty after runs of some tasks on other code.
    """

    passed: tuple[str, ...] = ()
    score: float = 0
    max_score: float = 0
    tasks: tuple[int, ...] = ()
    completed: date | None = None
    hints: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    attempts: int = 0
    checked: str = ""

    @property
    def is_full(self) -> bool:
        """Whether the best score is full marks."""
        return self.score >= self.max_score > 0


@dataclass(frozen=True)
class Progress:
    """All labs by id, the one worked on last, and a notice for the student when something was amiss."""

    labs: Mapping[str, LabProgress] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    current: str | None = None
    notice: str | None = None

    def lab(self, lab_id: str) -> LabProgress:
        return self.labs.get(lab_id, LabProgress())


@dataclass(frozen=True)
class NextStep:
    """What to do next: a lab, and its first task not passed (None: check the whole lab); `done` when all is full."""

    lab: Lab | None
    task: int | None
    done: bool


class _NewerVersion(Exception):
    """The file was written by a later version of the workbook."""


def read(course_root: Path) -> Progress:
    """The progress kept in the course's folder, empty when there is none.

    A file that cannot be read or understood is set aside as `progress.toml.broken-<date>`; one of a newer
    version is left alone. `notice` then says so. Never raises.
    """
    path = _path(course_root)
    try:
        return _load(path)
    except FileNotFoundError:
        return Progress()
    except _NewerVersion as newer:
        return Progress(notice=str(newer))
    except (OSError, ValueError, RecursionError):
        return Progress(notice=_set_aside(path))


def write(course_root: Path, progress: Progress) -> str | None:
    """Writes the progress whole or not at all; labs that only the file knows are kept.

    Returns a notice when it could not be saved, or when a broken file had to be set aside. Never raises.
    """
    path = _path(course_root)
    notice = None
    try:
        kept = _load(path).labs
    except FileNotFoundError:
        kept = {}
    except _NewerVersion as newer:
        return str(newer)
    except (OSError, ValueError, RecursionError):
        kept, notice = {}, _set_aside(path)
    try:
        replace_file(path, _encode(replace(progress, labs={**kept, **progress.labs})))
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        return f"Your progress could not be saved in .workbook/progress.toml ({reason}). The marks shown are right."
    return notice


def record_result(progress: Progress, result: Mapping[str, Any], today: date, tasks: Collection[int] = ()) -> Progress:
    """Takes in a result document of public checks: of a whole lab, or of a run of some `tasks` only.

    The best score, and the day of the first full marks, come from whole runs. A rejected submission counts as
    an attempt and changes nothing else; a run that the bench could not judge changes nothing but `current`.
    """
    before = progress.lab(result["lab"])
    checks = [
        check for check in result["checks"] if check["visibility"] == "public" and (not tasks or check["task"] in tasks)
    ]
    if result["status"] == "not_judged":
        after = before
    elif result["status"] == "rejected" or not checks:
        after = replace(before, attempts=before.attempts + 1)
    elif tasks:
        after = _record_tasks(before, checks)
        after = replace(after, checked=before.checked if before.checked == _digest(result) else "")
    else:
        after = replace(_record_lab(before, checks, today), checked=_digest(result))
    return _with_lab(progress, result["lab"], after)


def use_hint(progress: Progress, lab_id: str, task: int) -> Progress:
    """Counts one more hint of the task as used."""
    before = progress.lab(lab_id)
    hints = MappingProxyType({**before.hints, task: before.hints.get(task, 0) + 1})
    return _with_lab(progress, lab_id, replace(before, hints=hints))


def next_step(course: Course, progress: Progress) -> NextStep:
    """The first lab not at full marks, from the current one on and then from the start.

    Labs that cannot be used are passed over.
    """
    ids = [lab.id for lab in course.labs]
    start = ids.index(progress.current) if progress.current in ids else 0
    for lab in (*course.labs[start:], *course.labs[:start]):
        known = progress.lab(lab.id)
        if known.is_full:
            continue
        try:
            tasks = lab.manifest.tasks
        except ManifestError:
            continue
        return NextStep(lab, next((task.number for task in tasks if task.number not in known.tasks), None), False)
    return NextStep(None, None, done=True)


def _record_lab(before: LabProgress, checks: list[Mapping[str, Any]], today: date) -> LabProgress:
    score = sum(check["score"] or 0 for check in checks)
    max_score = sum(check["max_score"] for check in checks)
    is_full = score >= max_score > 0
    return replace(
        before,
        passed=_passed(checks),
        score=max(score, before.score) if max_score == before.max_score else score,
        max_score=max_score,
        tasks=tuple(sorted(_passed_tasks(checks))),
        completed=before.completed or (today if is_full else None),
        attempts=before.attempts + 1,
    )


def _record_tasks(before: LabProgress, checks: list[Mapping[str, Any]]) -> LabProgress:
    judged = {check["id"] for check in checks}
    others = tuple(check for check in before.passed if check not in judged)
    return replace(
        before,
        passed=others + _passed(checks),
        tasks=tuple(sorted({*before.tasks} - _tasks(checks) | _passed_tasks(checks))),
        attempts=before.attempts + 1,
    )


def _digest(result: Mapping[str, Any]) -> str:
    return str(result.get("submission", {}).get("sha256", ""))


def _passed(checks: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(check["id"] for check in checks if check["status"] == "passed")


def _tasks(checks: Iterable[Mapping[str, Any]]) -> set[int]:
    return {check["task"] for check in checks if check["task"] is not None}


def _passed_tasks(checks: Iterable[Mapping[str, Any]]) -> set[int]:
    return _tasks(checks) - _tasks(check for check in checks if check["status"] != "passed")


def _with_lab(progress: Progress, lab_id: str, lab: LabProgress) -> Progress:
    return replace(progress, labs=MappingProxyType({**progress.labs, lab_id: lab}), current=lab_id)


def _path(course_root: Path) -> Path:
    return course_root / ".workbook" / "progress.toml"


def _load(path: Path) -> Progress:
    document = tomllib.loads(read_file(path, _LARGEST).decode("utf-8-sig"))
    version = _whole(document.get("version"), 1)
    if version > _VERSION:
        raise _NewerVersion(
            f".workbook/progress.toml was written by a newer workbook (version {version}). It is left as it is, "
            "and nothing is recorded: update the workbook."
        )
    current = document.get("current")
    if current is not None and not isinstance(current, str):
        raise ValueError("current is no text")
    labs = {lab_id: _decode(entry) for lab_id, entry in _table(document.get("labs", {})).items()}
    return Progress(MappingProxyType(labs), current)


def _decode(entry: object) -> LabProgress:
    table = _table(entry)
    completed = table.get("completed")
    if completed is not None and not isinstance(completed, date):
        raise ValueError("completed is no date")
    hints = {int(task): _whole(count, 0) for task, count in _table(table.get("hints", {})).items()}
    return LabProgress(
        passed=tuple(_text(check) for check in _list(table.get("passed", []))),
        score=_points(table.get("score", 0)),
        max_score=_points(table.get("max_score", 0)),
        tasks=tuple(_whole(task, 1) for task in _list(table.get("tasks", []))),
        completed=completed,
        hints=MappingProxyType(hints),
        attempts=_whole(table.get("attempts", 0), 0),
        checked=_text(table.get("checked", "")),
    )


def _encode(progress: Progress) -> bytes:
    import tomli_w

    document: dict[str, object] = {"version": _VERSION}
    if progress.current is not None:
        document["current"] = progress.current
    document["labs"] = {lab_id: _entry(lab) for lab_id, lab in progress.labs.items()}
    return tomli_w.dumps(document).encode("utf-8", "replace")


def _entry(lab: LabProgress) -> dict[str, object]:
    entry: dict[str, object] = {
        "passed": list(lab.passed),
        "score": lab.score,
        "max_score": lab.max_score,
        "tasks": list(lab.tasks),
        "attempts": lab.attempts,
        "hints": {str(task): count for task, count in lab.hints.items()},
    }
    if lab.checked:
        entry["checked"] = lab.checked
    return entry if lab.completed is None else {**entry, "completed": lab.completed}


def _set_aside(path: Path) -> str:
    dated = f"{path.name}.broken-{date.today()}"
    aside, count = path.with_name(dated), 1
    while os.path.lexists(aside):
        count += 1
        aside = path.with_name(f"{dated}-{count}")
    try:
        path.rename(aside)
    except OSError:
        return ".workbook/progress.toml cannot be read or moved: check its permissions. Until then nothing is recorded."
    return f".workbook/progress.toml could not be read. It now lies beside it as {aside.name}, and a new one begins."


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("a table is missing")
    return value


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is missing")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")
    return value


def _whole(value: object, low: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < low:
        raise ValueError("a whole number is missing")
    return value


def _points(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _MOST_POINTS:
        raise ValueError("points are missing")
    return value
