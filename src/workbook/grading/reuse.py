"""Whether a suite's verdicts stay the same when a function's execution environment is used by check after check.

`lab prove --reuse` finds out, and keeps digests of the suites that it found so in `labs/reuse.toml`: suites that are
changed have to be proved again. An edition without solutions goes by the public suite's.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path

from workbook.course.labs import Lab

FILE = "reuse.toml"
DECIDES = {".toml", ".py", ".json", ".lock"}
HEAD = """# Written by `lab prove N --reuse`: no verdict on the starter, the solution, its variants and its
# mistakes changes when checks share an execution environment. `lab grade` and `lab watch` let them as long as the
# suites are these.
"""


def digest_suites(lab: Lab) -> str:
    """SHA-256 over all that decides about a submission of the lab besides the workbook itself: the manifest, the
    suites and what lies beside them, without what students hand in and read."""
    return _digest(lab, [lab.folder, *([lab.solution] if lab.solution else [])])


def is_proved(lab: Lab, *, public: bool = False) -> bool:
    """Whether the lab's suites, as they are now, were found to stand reuse; `public`: the one that students have."""
    try:
        proof = tomllib.loads(_file(lab).read_text("utf-8")).get(lab.id, {})
    except (OSError, ValueError):
        return False
    if public:
        return bool(proof.get("public") == _digest(lab, [lab.folder]))
    return bool(proof.get("all") == digest_suites(lab))


def keep_proof(lab: Lab) -> None:
    """Write down that the suites, as they are now, stand reuse."""
    try:
        proofs = tomllib.loads(_file(lab).read_text("utf-8"))
    except (OSError, ValueError):
        proofs = {}
    proofs[lab.id] = {"public": _digest(lab, [lab.folder]), "all": digest_suites(lab)}
    tables = (
        f'\n[{name}]\npublic = "{proof["public"]}"\nall = "{proof["all"]}"\n' for name, proof in sorted(proofs.items())
    )
    _file(lab).write_text(HEAD + "".join(tables), "utf-8", newline="\n")


def _file(lab: Lab) -> Path:
    return lab.folder.parent / FILE


def _digest(lab: Lab, folders: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        if path.name not in lab.manifest.files and path.suffix in DECIDES:
            data = path.read_bytes()
            total.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()
