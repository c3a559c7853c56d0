"""The walls between the parts of the workbook: who may import whom."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src/workbook"
FREE = {"cli", "__main__.py"}
ALONE = ("course", "cloud", "reports")


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
