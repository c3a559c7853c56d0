"""What is proved of the manifest: the files that it names, and its hints."""

from collections.abc import Iterator

from workbook.proof.evidence import Evidence
from workbook.proof.fact import Fact, Finding, count, settle

HINTS = 3


def prove_manifest(evidence: Evidence) -> Iterator[Fact]:
    """For a manifest that loads."""
    manifest = evidence.lab.manifest
    tasks = len(manifest.tasks)
    yield Fact("manifest", True, f"lab.toml is valid: {count(tasks, 'task')}, {manifest.minutes} minutes")
    files = len(manifest.files)
    yield from settle("files", f"{count(files, 'file')} to hand in, the handler's among them", _find_missing(evidence))
    hints = sum(len(task.hints) for task in manifest.tasks)
    proved = f"{count(hints, 'hint')}: {HINTS} for each of {count(tasks, 'task')}, all different"
    yield from settle("hints", proved, _find_hints(evidence))


def _find_missing(evidence: Evidence) -> Iterator[Finding]:
    manifest = evidence.lab.manifest
    place = evidence.name(evidence.lab.folder / "lab.toml")
    folders = [evidence.lab.folder, *([evidence.solution] if evidence.solution.is_dir() else [])]
    for name in manifest.files:
        for folder in folders:
            is_built = name == manifest.package and folder == evidence.lab.folder
            if not is_built and not (folder / name).is_file():
                path = evidence.name(folder / name)
                yield Finding(
                    path, "there is no such file, and lab.toml names it", f"Write it, or mend files in {place}."
                )
    function = manifest.function
    module = function.handler.rpartition(".")[0].replace(".", "/") + ".py"
    if module not in manifest.files:
        problem = f"the handler {function.handler} lies in {module}, which is none of files"
        yield Finding(place, problem, f"Add {module} to files, or mend the handler.")
    for other in (manifest.api_responses, function.policy, function.requirements):
        if other and other not in manifest.files and not (evidence.lab.folder / other).is_file():
            yield Finding(
                place, f"it names {other}, and there is no such file", "Write the file, or take the name out."
            )


def _find_hints(evidence: Evidence) -> Iterator[Finding]:
    place = evidence.name(evidence.lab.folder / "lab.toml")
    seen: dict[str, int] = {}
    for task in evidence.lab.manifest.tasks:
        if len(task.hints) != HINTS:
            problem = f"task {task.number} has {count(len(task.hints), 'hint')}, and should have {HINTS}"
            yield Finding(place, problem, "Write a nudge, then the concept and where to read, then nearly the line.")
        for hint in task.hints:
            text = " ".join(hint.split()).casefold()
            if text in seen:
                problem = f"a hint of task {seen[text]} stands again in task {task.number}: {hint[:60]!r}"
                yield Finding(place, problem, "Write another one: each hint says something new.")
            seen[text] = task.number
