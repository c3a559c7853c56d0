"""What does not go into a package, and why."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from workbook.runtime.code import LAB_FILES, LAB_FOLDERS

RECIPES = {"requirements.txt", "requirements.lock"}
# Written by installers, with paths and times of this machine: two builds would differ by them.
_RECORDS = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_build.json", "uv_cache.json"}
_SCRIPTS = {"bin", "Scripts"}

SUITE = "the lab's own, no part of the function"
SETTINGS = "settings of the function, no code"
RECIPE = "what they name is inside"
BYTECODE = "bytecode of this machine's Python, of no use to Lambda's"
OLD_PACKAGE = "a package itself"
LITTER = "left by tools, no part of the function"
SCRIPT = "commands that hold this machine's paths"
RECORD = "an installer's notes on this machine"


@dataclass(frozen=True)
class Omission:
    """`what` was left out, as a name or a pattern, how many `files` that is (None: a whole folder), and why."""

    what: str
    files: int | None
    reason: str

    def to_dict(self) -> dict[str, str | int | None]:
        return asdict(self)


def find_reason(name: str) -> str | None:
    """Why an installed file of a dependency stays out; None when it goes in."""
    *folders, file = name.split("/")
    if folders and folders[0] in _SCRIPTS:
        return SCRIPT
    if "__pycache__" in folders or file.endswith((".pyc", ".pyo")):
        return BYTECODE
    if name == ".lock" or (len(folders) == 1 and folders[0].endswith(".dist-info") and file in _RECORDS):
        return RECORD
    return None


def summarise(left_out: Collection[str]) -> tuple[Omission, ...]:
    """The omissions among the dependencies' files `left_out`, one for each reason."""
    names = {SCRIPT: "bin/", BYTECODE: "*.pyc", RECORD: "RECORD, INSTALLER and the like"}
    counts: dict[str, int] = defaultdict(int)
    for name in left_out:
        counts[find_reason(name) or LITTER] += 1
    return tuple(Omission(names.get(reason, "others"), count, reason) for reason, count in counts.items())


def compare(folder: Path, packed: Collection[str], settings: Collection[str]) -> tuple[Omission, ...]:
    """What of the folder is not `packed`; `settings` are files that lab.toml names. Folders of which nothing is
    packed are not entered."""
    inside = {str(parent) for name in packed for parent in _parents(name)}
    return tuple(sorted(_walk(folder, "", packed, inside, settings), key=lambda found: found.what))


def _parents(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _walk(
    folder: Path, prefix: str, packed: Collection[str], inside: Collection[str], settings: Collection[str]
) -> Iterator[Omission]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                if name in inside:
                    yield from _walk(Path(entry.path), f"{name}/", packed, inside, settings)
                elif not _is_empty(entry.path):
                    yield Omission(f"{name}/", None, _judge_folder(name))
            elif name not in packed:
                yield Omission(name, 1, _judge_file(name, settings))


def _is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:  # it may not be read: then something is there
        return False


def _judge_folder(name: str) -> str:
    if name in LAB_FOLDERS:
        return SUITE
    return BYTECODE if name.endswith("__pycache__") else LITTER


def _judge_file(name: str, settings: Collection[str]) -> str:
    if name in RECIPES:
        return RECIPE
    if name in settings:
        return SETTINGS
    if name in LAB_FILES or name.startswith("test_"):
        return SUITE
    if name.endswith((".pyc", ".pyo")):
        return BYTECODE
    return OLD_PACKAGE if name.endswith(".zip") else LITTER
