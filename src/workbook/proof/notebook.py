"""What is proved of the notebook: it is there, without outputs, and does not give the solution away."""

import json
import re
from collections.abc import Iterator

from workbook.proof.evidence import Evidence, read_text
from workbook.proof.fact import Fact, Finding, count, settle

RUN = 4
_TRIVIAL = re.compile(r"(import |from \S+ import |#|[\W\d_]*$)")  # imports, comments, and lines without a letter


def prove_notebook(evidence: Evidence) -> Iterator[Fact]:
    """For a manifest that loads."""
    path = evidence.root / "notebooks" / f"{evidence.lab.id}.ipynb"
    try:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        sources = [_source(cell) for cell in cells]
    except FileNotFoundError:
        yield Fact("notebook", False, f"{evidence.name(path)}: there is no such file", "Write the lab's notebook.")
        return
    except (OSError, ValueError, KeyError, TypeError):
        problem = f"{evidence.name(path)}: it cannot be read as a notebook"
        yield Fact("notebook", False, problem, "Save it from Jupyter again.")
        return
    proved = f"the notebook has {count(len(cells), 'cell')}, no outputs, and no {RUN} lines of the solution"
    yield from settle("notebook", proved, _find_faults(evidence, evidence.name(path), cells, sources))


def _find_faults(
    evidence: Evidence, place: str, cells: list[dict[str, object]], sources: list[str]
) -> Iterator[Finding]:
    for position, cell in enumerate(cells, 1):
        if cell.get("outputs") or cell.get("execution_count"):
            yield Finding(place, f"cell {position} keeps its output", "Clear all outputs, then save.")
    solution = {
        run
        for name in evidence.lab.manifest.files
        if name.endswith(".py")
        for run in _runs(read_text(evidence.solution / name))
    }
    for position, source in enumerate(sources, 1):
        if shared := [run for run in _runs(source) if run in solution]:
            problem = f"cell {position} holds {RUN} lines of the solution, from {shared[0][0]!r}"
            yield Finding(place, problem, "Show the idea on another example.")


def _source(cell: dict[str, object]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)  # type: ignore[arg-type]


def _runs(text: str) -> list[tuple[str, ...]]:
    """Each run of lines that say something, bare of their indentation."""
    lines = [line for line in map(str.strip, text.splitlines()) if not _TRIVIAL.match(line)]
    return [tuple(lines[start : start + RUN]) for start in range(len(lines) - RUN + 1)]
