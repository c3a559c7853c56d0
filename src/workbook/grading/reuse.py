"""Whether a suite's verdicts stay the same when a function's execution environment is used by check after check.

`lab prove --reuse` finds out, and keeps the digest of the suites that it found so with the solution: suites that are
changed have to be proved again.
"""

import hashlib
import tomllib

from workbook.course.labs import Lab

FILE = "reuse.toml"
KEPT = """# Written by `lab prove {number} --reuse`: no verdict on the starter, the solution, its variants and its
# mistakes changes when checks share an execution environment. `lab grade` shares them as long as the suites are these.
suites = "{digest}"
"""


def digest_suites(lab: Lab) -> str:
    """SHA-256 over all that decides about a submission of the lab besides the workbook itself: the manifest, the
    suites and what lies beside them, without what students hand in and read."""
    total = hashlib.sha256()
    folders = [lab.folder, *([lab.solution] if lab.solution else [])]
    for path in sorted(path for folder in folders for path in folder.iterdir() if path.is_file()):
        if path.name not in (*lab.manifest.files, FILE) and path.suffix != ".md":
            data = path.read_bytes()
            total.update(f"{path.name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()


def is_proved(lab: Lab) -> bool:
    """Whether the lab's suites, as they are now, were found to stand reuse."""
    if lab.solution is None:
        return False
    try:
        return tomllib.loads((lab.solution / FILE).read_text("utf-8")).get("suites") == digest_suites(lab)
    except (OSError, ValueError):
        return False


def keep_proof(lab: Lab) -> None:
    """Write down that the suites, as they are now, stand reuse. `lab` has a solution."""
    assert lab.solution
    text = KEPT.format(number=lab.number, digest=digest_suites(lab))
    (lab.solution / FILE).write_text(text, "utf-8", newline="\n")
