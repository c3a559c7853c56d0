"""Every lab has a notebook: it opens anywhere, runs top to bottom in a clean kernel, and is kept without outputs."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_each_lab_has_a_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == sorted(path.parent.name for path in ROOT.glob("labs/*/lab.toml"))


def test_runs_in_a_clean_kernel(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4)
    NotebookClient(cells, timeout=120, kernel_name="python3", resources={"metadata": {"path": FOLDER}}).execute()


def test_opens_its_lab_from_any_folder(notebook: Path, tmp_path: Path) -> None:
    code = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    opening = next(number for number, source in enumerate(code) if "open_lab(" in source)
    script = "\n".join([*code[: opening + 1], "print(lab._lab.folder)"])
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(ROOT / "labs" / notebook.stem)


def test_asks_for_the_kernel_that_every_jupyter_has(notebook: Path) -> None:
    kernel = json.loads(notebook.read_text("utf-8"))["metadata"]["kernelspec"]
    assert kernel == {"display_name": "Python 3", "language": "python", "name": "python3"}


def test_is_kept_without_outputs(notebook: Path) -> None:
    """As git has it: in the folder itself, a student's notebook may well hold outputs."""
    git = shutil.which("git")
    command = [git or "git", "show", f":./{notebook.name}"]
    kept = subprocess.run(command, cwd=FOLDER, capture_output=True, check=False) if git else None
    if kept is None or kept.returncode:
        pytest.skip("not kept in git")
    cells = nbformat.reads(kept.stdout.decode(), as_version=4).cells
    assert [cell.id for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []
