"""Where calls may stand that Windows does not have: all that a student's verbs use runs without them."""

import ast
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "workbook"
PRETENDED = runpy.run_path(str(Path(__file__).with_name("pretended") / "sitecustomize.py"))
MODULES = set(PRETENDED["MODULES"]["win32"].split())
NAMES = {module.__name__: set(names.split()) for module, names in PRETENDED["NAMES"]["win32"].items()}

# What may call them, each behind a question to the system: one module for processes, the launcher that forks with what
# runs in its processes, the sandbox, the grader, and the terminal of `lab watch`.
MAY = (
    "runtime/processes.py", "runtime/launchers/fork.py", "runtime/child/", "sandbox/", "grading/inside.py",
    "watch/terminal.py",
)  # fmt: skip
ASK_FIRST = {
    ("cli/notebook.py", "os.geteuid"): "asks with hasattr",
    ("runtime/launchers/interior.py", "time.tzset"): "asks with hasattr",
    ("lab", "os.posix_spawn"): "not on Windows",
    ("lab", "signal.SIGHUP"): "not on Windows",
    ("lab", "fcntl"): "not on Windows",
}


def posix_only(path: Path) -> set[str]:
    """The names in a module that Windows lacks."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names} & MODULES
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module} & MODULES
            found |= {f"{node.module}.{alias.name}" for alias in node.names if alias.name in NAMES.get(node.module, ())}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found |= {f"{node.value.id}.{node.attr}"} if node.attr in NAMES.get(node.value.id, ()) else set()
    return found


FILES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))} | {"lab": ROOT / "lab"}


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith(MAY)])
def test_it_runs_where_there_is_no_posix(name: str) -> None:
    assert {(name, call) for call in posix_only(FILES[name])} <= ASK_FIRST.keys()


def test_every_exception_is_still_needed() -> None:
    assert {(name, call) for name, call in ASK_FIRST if call not in posix_only(FILES[name])} == set()


def test_such_a_call_is_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import pwd\nimport os, signal\nfrom os import fork\nos.getuid()\nos.getpid()\nsignal.SIGKILL\n")
    assert posix_only(module) == {"pwd", "os.fork", "os.getuid", "signal.SIGKILL"}
