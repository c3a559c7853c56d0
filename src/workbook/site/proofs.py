"""What proves an item of the deployment checklist: a line of `lab verify`, or a check of a lab. Both must be there."""

import ast
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from workbook.site.fault import PageFault


def quote_verification(title: str) -> str:
    """Markdown that names the line of `lab verify` with this title; raises PageFault when it has none such."""
    if title not in _verification_words():
        raise PageFault(f"{{{{ verify: {title} }}}}: no line of `lab verify` is called that.")
    return f"[`lab verify`](cli.md#verify): {title}"


def quote_check(root: Path, about: str) -> str:
    """Markdown that names a lab's check; `about` is the lab's folder and the check's name. Raises PageFault."""
    lab, _, name = about.partition(" ")
    titles = _read_titles(root / "labs" / lab)
    if name not in titles:
        raise PageFault(f"{{{{ check: {about} }}}}: write a folder of labs/ and one of its checks.")
    return f"[`lab check {int(lab[:2])}`](labs/{lab}.md): {titles[name]}"


@cache
def _verification_words() -> frozenset[str]:
    found = find_spec("workbook.deploy.verification")
    assert found is not None
    assert found.origin is not None
    nodes = ast.walk(ast.parse(Path(found.origin).read_text("utf-8")))
    return frozenset(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))


@cache
def _read_titles(folder: Path) -> dict[str, str]:
    """The first line of each check's docstring, by the check's name."""
    titles = {}
    for path in sorted(folder.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                titles[node.name] = (ast.get_docstring(node) or node.name).partition("\n")[0]
    return titles
