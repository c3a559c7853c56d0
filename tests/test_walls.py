"""The walls between the parts of the workbook: who may import whom."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src/workbook"
FREE = {"cli", "__main__.py"}
ALONE = ("course", "cloud", "reports")
WATCH = {"watch", "course", "grading", "reports", "runtime", "bench"}
CORE = ("state", "events", "core")  # of the watch: no terminal, no file, no process


def imports_of(path: Path) -> set[str]:
    """The parts of the workbook that the module at `path` imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "workbook" else [f"workbook.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("workbook.")}
    return found


def modules() -> list[Path]:
    return [path for path in sorted(SOURCE.rglob("*.py")) if path.relative_to(SOURCE).parts[0] not in FREE]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_imports_the_cli(path: Path) -> None:
    assert "cli" not in imports_of(path)


@pytest.mark.parametrize("part", ALONE)
def test_a_part_knows_no_other(part: str) -> None:
    for path in (SOURCE / part).rglob("*.py"):
        assert imports_of(path) <= {part}, path


def test_the_watch_stands_on_these_and_its_core_on_what_runs_nothing() -> None:
    for path in (SOURCE / "watch").glob("*.py"):
        assert imports_of(path) <= WATCH, path
    for name in CORE:
        path = SOURCE / "watch" / f"{name}.py"
        modules = {
            node.module for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
        }
        assert modules <= {
            "collections.abc", "dataclasses", "enum", "types", "workbook.course.hints", "workbook.course.labs",
            "workbook.course.manifest", "workbook.course.progress", "workbook.grading.document", "workbook.watch",
            "workbook.watch.events", "workbook.watch.state",
        }, path  # fmt: skip
