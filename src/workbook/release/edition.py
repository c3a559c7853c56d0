"""What students get of the workbook, and how it is written down: the same every time."""

import os
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from workbook.deploy.package.bundle import EPOCH, FILE, LEVEL, PROGRAM, REGULAR, UNIX
from workbook.release.stock import ReleaseError, Stock

# What stays with the instructor, and why. A name that ends in `/` is a folder.
LEFT_OUT = {
    "solutions/": "reference solutions, hidden checks, typical mistakes, design notes",
    "benchmarks/": "they grade the solutions, and hold hidden checks",
    "tests/attacks/": "submissions that attack the grader",
    "tests/cli/test_release.py": "it makes this edition",
    "tests/labs/test_mutants.py": "it makes slips in the solutions",
    "tests/labs/test_packaging.py": "it builds a solution's zip again",
    "tests/site/test_commands.py": "it runs commands on solutions",
    "tests/site/test_picture.py": "it draws what a typical mistake comes to",
    "tests/systems/test_pretended.py": "it judges a solution",
    "tests/test_workflow.py": "for work on the workbook itself",
    "CONTRIBUTING.md": "for work on the workbook itself",
    ".ci/": "for work on the workbook itself",
    ".github/": "for work on the workbook itself",
}
WHEELS = "wheels"
_PROGRAMS = {"lab"}

_FIRST = """\
The first start sets the workbook up: it makes `.venv` and installs the packages that `requirements/` pins by hash."""
_ONLINE = f"""\
{_FIRST}
That needs the network, once, and takes twenty seconds to two minutes. Later starts go straight to work, without one."""
_OFFLINE = f"""\
{_FIRST}
Under {{system}} they are in the folder `wheels/`, and no network is needed for the labs, the notebooks and the site;
elsewhere it is needed once. Later starts go straight to work, without one."""


@dataclass(frozen=True)
class Edition:
    """`files` by their POSIX paths, and `wheels`, which stay on the disk until they are written into `wheels/`."""

    files: Mapping[str, bytes]
    wheels: tuple[Path, ...] = field(default=())

    @classmethod
    def of(cls, stock: Stock, wheels: tuple[Path, ...] = (), system: str = "") -> "Edition":
        """`system` is what the `wheels` are for, in words. Raises ReleaseError for a manifest that cannot be read."""
        kept = {name: data for name, data in stock.files.items() if find_reason(name) is None}
        kept["README.md"] = _write_readme(kept, system).encode()
        return cls(dict(sorted(kept.items())), wheels)

    def without_starters(self) -> "Edition":
        """An update: without the files that students write. Raises ReleaseError for a manifest that cannot be read."""
        theirs = {
            f"labs/{folder}/{file}"
            for folder, manifest in _read_manifests(self.files)
            for file in manifest.get("files", ["lambda_function.py"])
        }
        return replace(self, files={name: data for name, data in self.files.items() if name not in theirs})

    def write(self, target: Path) -> None:
        """Write it, whole or not at all: to the zip `target`, in a folder of its name, or to the folder `target`, which
        is made or is empty. Raises OSError."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
            made = Path(temporary) / target.name
            if is_zip(target):
                self._write_zip(made, target.stem)
            else:
                self._write_folder(made)
                if target.is_dir():
                    target.rmdir()
            made.rename(target)

    def _write_folder(self, folder: Path) -> None:
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(_mode(name))
        for wheel in self.wheels:
            (folder / WHEELS).mkdir(exist_ok=True)
            shutil.copyfile(wheel, folder / WHEELS / wheel.name)

    def _write_zip(self, path: Path, top: str) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in self.files.items():
                archive.writestr(_entry(f"{top}/{name}", _mode(name)), data, zipfile.ZIP_DEFLATED, LEVEL)
            for wheel in self.wheels:
                with (
                    wheel.open("rb") as source,
                    archive.open(_entry(f"{top}/{WHEELS}/{wheel.name}", FILE), "w") as copy,
                ):
                    shutil.copyfileobj(source, copy)


def find_reason(name: str) -> str | None:
    """Why the file `name` stays with the instructor; None where students get it."""
    return next(
        (why for left, why in LEFT_OUT.items() if name == left or (left[-1] == "/" and name.startswith(left))), None
    )


def refuse_target(target: Path, root: Path) -> None:
    """Raises ReleaseError where the workbook at `root` lies, and where something is already."""
    place, own = Path(os.path.realpath(target)), Path(os.path.realpath(root))
    if place.is_relative_to(own) or own.is_relative_to(place):
        raise ReleaseError(
            f"{target} lies in the workbook's own folder, or around it. Name another, such as ../student-edition"
        )
    if os.path.lexists(target) and (
        target.is_symlink() or not target.is_dir() or is_zip(target) or any(target.iterdir())
    ):
        raise ReleaseError(f"{target} is there already, and nothing is written over. Name another, or remove it.")


def is_zip(target: Path) -> bool:
    return target.suffix.lower() == ".zip"


def _write_readme(kept: Mapping[str, bytes], system: str) -> str:
    text = files("workbook.release").joinpath("readme.md").read_text("utf-8")
    set_up = _OFFLINE.format(system=system) if system else _ONLINE
    return text.replace("{set_up}", set_up).replace("{labs}", "\n".join(_list_labs(kept)))


def _list_labs(kept: Mapping[str, bytes]) -> Iterator[str]:
    for folder, manifest in _read_manifests(kept):
        title, summary = (str(manifest.get(key, "")).replace("|", "\\|") for key in ("title", "summary"))
        yield f"| [{folder[:2]} {title}](labs/{folder}/README.md) | {summary} | {manifest.get('minutes', 30)} |"


def _read_manifests(kept: Mapping[str, bytes]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each lab's folder and manifest, in order; read as they are here, since those on the disk may be others."""
    for name, data in kept.items():
        top, _, rest = name.partition("/")
        folder, _, file = rest.partition("/")
        if top == "labs" and file == "lab.toml":
            try:
                yield folder, tomllib.loads(data.decode("utf-8-sig"))
            except ValueError as error:
                raise ReleaseError(f"{name} is no manifest: {error}. Mend it, and commit it.") from error


def _mode(name: str) -> int:
    return PROGRAM if name in _PROGRAMS else FILE


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system = UNIX
    entry.external_attr = (REGULAR | mode) << 16
    return entry
