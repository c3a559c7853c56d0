"""Every notebook runs from top to bottom in a clean kernel, and is kept without outputs."""

import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_runs_in_a_clean_kernel(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4)
    NotebookClient(cells, timeout=120, kernel_name="python3", resources={"metadata": {"path": FOLDER}}).execute()


def test_is_kept_without_outputs(notebook: Path) -> None:
    """As git has it: in the folder itself, a student's notebook may well hold outputs."""
    git = shutil.which("git")
    command = [git or "git", "show", f":./{notebook.name}"]
    kept = subprocess.run(command, cwd=FOLDER, capture_output=True, check=False) if git else None
    if kept is None or kept.returncode:
        pytest.skip("not kept in git")
    cells = nbformat.reads(kept.stdout.decode(), as_version=4).cells
    assert [cell.id for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
