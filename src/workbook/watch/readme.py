"""What a lab's README says: what one learns in it, and its part about one task."""

import re
from pathlib import Path

LESSONS = "**You will learn**"
LESSON = re.compile(r"^- (.*(?:\n  .*)*)", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) (.*)$")


def lessons(readme: Path) -> list[str]:
    """The lines of its list "You will learn"; none when it has no such list, or cannot be read."""
    _, found, rest = _read(readme).partition(LESSONS)
    return [" ".join(lesson.split()) for lesson in LESSON.findall(rest.split("\n#", 1)[0])] if found else []


def section(readme: Path, task: int | None) -> str:
    """Its section about the task, as Markdown; all of it when there is no such section."""
    text = _read(readme)
    found: list[str] = []
    level = 0
    for line in text.splitlines():
        heading = HEADING.match(line)
        if heading and found and len(heading[1]) <= level:
            break
        if heading and not found and heading[2].startswith(f"Task {task}:"):
            level = len(heading[1])
        if level:
            found.append(line)
    return "\n".join(found) or text


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
