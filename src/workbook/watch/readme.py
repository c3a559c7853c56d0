"""What a lab's README says: what one learns in it, and what there is to read for one task."""

import re
from pathlib import Path

from workbook.course.manifest import Task

LESSONS = "**You will learn**"
LESSON = re.compile(r"^- (.*(?:\n  .*)*)", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.*)$")


def lessons(readme: Path) -> list[str]:
    """The lines of its list "You will learn"; none when it has no such list, or cannot be read."""
    _, found, rest = _read(readme).partition(LESSONS)
    return [" ".join(lesson.split()) for lesson in LESSON.findall(rest.split("\n#", 1)[0])] if found else []


def guide(readme: Path, task: Task | None) -> str:
    """The task's section, then the contract, which the task speaks of, as Markdown; all of it where one is missing."""
    text = _read(readme)
    parts = [_section(text, f"Task {task.number}:"), _section(text, "The contract")] if task else []
    return "\n\n".join(parts) if parts and all(parts) else text


def _section(text: str, title: str) -> str:
    """From the heading that begins so to the next of its rank."""
    found: list[str] = []
    level = 0
    for line in text.splitlines():
        heading = HEADING.match(line)
        if heading and found and len(heading[1]) <= level:
            break
        if heading and not found and heading[2].startswith(title):
            level = len(heading[1])
        if level:
            found.append(line)
    return "\n".join(found)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
