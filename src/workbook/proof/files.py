"""What is proved of the files around a lab: events, the API's answers, what stands beside them, and nothing stray."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook.course.manifest import ManifestError
from workbook.grading.reuse import FILE as REUSE
from workbook.proof.answers import DECLARED, answers_in
from workbook.proof.evidence import Evidence, read_text
from workbook.proof.fact import Fact, Finding, count, settle
from workbook.runtime import InvalidEvent, parse_event
from workbook.runtime.code import LITTER_FILES, LITTER_FOLDERS


def prove_files(evidence: Evidence) -> Iterator[Fact]:
    """For a manifest that loads."""
    lab = evidence.lab
    yield from settle(
        "events", f"{count(len(lab.events), 'sample event')}, each one JSON value", _find_events(evidence)
    )
    if lab.manifest.api_responses:
        yield from settle("api", f"{lab.manifest.api_responses} says what the API answers", _find_api(evidence))
    design = evidence.solution / "design.md"
    yield from settle("kept", "the solution has hidden checks and its design.md", _find_kept(evidence, design))
    yield from settle("stray", "no stray file", _find_stray(evidence))
    proved = f"{count(len(answers_in(evidence.solution / 'mistakes')), 'mistake')}, each declared in {DECLARED}"
    yield from settle("mistakes", proved, _find_undeclared(evidence))


def read_events(evidence: Evidence) -> list[tuple[str, Any]]:
    """Name and value of each sample event that is valid."""
    found = []
    for path in evidence.lab.events:
        try:
            found.append((evidence.name(path), parse_event(path.read_text("utf-8"))))
        except (InvalidEvent, OSError, UnicodeDecodeError):
            continue
    return found


def _find_events(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.lab.events:
        place = evidence.name(evidence.lab.folder / "events")
        yield Finding(place, "there is no sample event", "Write one: `lab invoke` sends the first.")
    for path in evidence.lab.events:
        try:
            parse_event(path.read_text("utf-8"))
        except (InvalidEvent, OSError, UnicodeDecodeError) as error:
            yield Finding(evidence.name(path), f"it is no event: {error}", "Write one JSON value.")


def _find_api(evidence: Evidence) -> Iterator[Finding]:
    from workbook.cloud import HttpApi

    name = evidence.lab.manifest.api_responses or ""
    path = evidence.lab.folder / name
    if not path.is_file():
        return  # told among the manifest's files
    try:
        HttpApi(json.loads(path.read_text("utf-8"))).close()
    except ValueError as error:
        cure = 'Write such as {"GET /readings/north-quay": {"json": {"pm25": 12.4}}}.'
        yield Finding(evidence.name(path), f"it does not say what the API answers: {error}", cure)


def _find_kept(evidence: Evidence, design: Path) -> Iterator[Finding]:
    if not evidence.solution.is_dir():
        yield Finding(evidence.name(evidence.solution), "there is no such folder", "Write the solution there.")
        return
    if evidence.lab.hidden_suite is None:
        place = evidence.name(evidence.solution)
        yield Finding(place, "there are no hidden checks", "Write them in a file named like test_NAME_hidden.py.")
    if not read_text(design).strip():
        cure = "Write down goal, objectives and what is out of scope."
        yield Finding(evidence.name(design), "there is no such file, or nothing in it", cure)


def _find_stray(evidence: Evidence) -> Iterator[Finding]:
    lab, manifest = evidence.lab, evidence.lab.manifest
    function = manifest.function
    named = {*manifest.files, *filter(None, (manifest.api_responses, function.policy, function.requirements))}
    named |= {Path(name).with_suffix(".lock").as_posix() for name in named if Path(name).name == "requirements.txt"}
    public = named | {"lab.toml", "README.md", lab.suite.name} | {f"events/{path.name}" for path in lab.events}
    yield from _find_others(evidence, lab.folder, public)
    kept = {*manifest.files, "design.md", REUSE, f"mistakes/{DECLARED}"}
    if lab.hidden_suite:
        kept.add(lab.hidden_suite.name)
    for name in ("variants", "mistakes"):
        kept |= {f"{name}/{path.name}" for path in answers_in(evidence.solution / name)}
    yield from _find_others(evidence, evidence.solution, kept)


def _find_others(evidence: Evidence, folder: Path, known: set[str]) -> Iterator[Finding]:
    """The files and folders below `folder` that are neither known nor in the way to what is known."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        inside = {name.partition("/")[2] for name in known if name.startswith(f"{path.name}/")}
        if path.name in known or path.name in LITTER_FILES | LITTER_FOLDERS:
            continue
        if inside and path.is_dir():
            yield from _find_others(evidence, path, inside)
        else:
            cure = "Remove it, or name it in the manifest if the lab needs it."
            yield Finding(evidence.name(path), "a stray file: no part of a lab is called that", cure)


def _find_undeclared(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.solution.is_dir():
        return  # told among what is kept
    declared_in = evidence.solution / "mistakes" / DECLARED
    place = evidence.name(declared_in)
    try:
        mistakes = evidence.answers.mistakes
    except ManifestError as error:
        yield Finding(place, ": ".join(filter(None, (error.key, error.problem))), error.cure)
        return
    kept = answers_in(declared_in.parent)
    declared = [mistake.path for mistake in mistakes]
    if not kept and not declared:
        yield Finding(
            place, "no mistake is kept", "Keep the typical wrong answers, each with the checks that it fails."
        )
    for path in kept:
        if declared.count(path) != 1:
            times = "not declared" if path not in declared else "declared more than once"
            yield Finding(evidence.name(path), f"it is {times}", f"Give it one [[mistake]] in {DECLARED}.")
    for path in dict.fromkeys(declared):
        if path not in kept:
            yield Finding(place, f"it declares {path.name}, and that is not there", "Write it, or take it out.")
