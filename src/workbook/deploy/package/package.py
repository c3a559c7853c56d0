"""A function's deployment package: its code and its dependencies for Lambda, in a zip that is the same every time."""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.course.safefile import replace_file
from workbook.deploy.package import omission
from workbook.deploy.package.archive import Archive
from workbook.deploy.package.bundle import Bundle
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Finding
from workbook.deploy.package.inspection import Inspection, inspect
from workbook.deploy.package.omission import Omission
from workbook.deploy.package.requirement import RequirementsError, find_unlocked, is_pinned, read_requirements
from workbook.deploy.package.resolution import Request, ResolutionError, install
from workbook.deploy.package.target import Target
from workbook.runtime import Code, CodeError

REQUIREMENTS = "requirements.txt"
NAME = "lambda_deploy.zip"


class PackageError(ValueError):
    """No package can be made of that; the text says why and what to do. `findings` are the reasons, where reading
    the finished package gave them."""

    def __init__(self, text: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(text)
        self.findings = findings


@dataclass(frozen=True)
class Package:
    """A finished package, not yet written. `content` is the zip of `bundle`, `left_out` says what did not go in,
    `warnings` what may differ another time."""

    content: bytes
    bundle: Bundle
    inspection: Inspection
    expected: Expectation
    left_out: tuple[Omission, ...]
    warnings: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The SHA-256 of the files in it, in hexadecimal: the same on every system."""
        return self.bundle.digest()

    @property
    def sha256(self) -> str:
        """The SHA-256 of the zip, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def write(self, path: Path) -> None:
        """Write the zip, so that nobody meets half of it. Raises OSError."""
        replace_file(path, self.content)


def build(
    source: Path,
    target: Target,
    *,
    handler: str = "lambda_function.lambda_handler",
    requirements: Path | None = None,
    wheels: Path | None = None,
    settings: Collection[str] = (),
) -> Package:
    """Pack the function in the folder `source` (or the one file) for `target`, with its dependencies at the root.

    `requirements` defaults to requirements.txt in `source`; a .lock with hashes beside it is installed in its place.
    They come from the folder `wheels` where it has all of them, else from the package index. `settings` are files
    in `source` that are no code. Nothing is written into `source`. Raises PackageError; Unreachable when something
    would have to be fetched and cannot be.
    """
    code = _open(source, settings, handler)
    recipe = requirements or source / REQUIREMENTS
    try:
        asked = read_requirements(recipe, target) if recipe.is_file() else ()
        with tempfile.TemporaryDirectory(prefix="workbook-package-", ignore_cleanup_errors=True) as temporary:
            folder = Path(temporary, "dependencies")
            warnings = _install(recipe, target, wheels, folder) if asked else []
            dependencies, dropped = _gather(folder)
    except (RequirementsError, ResolutionError) as error:
        raise PackageError(str(error)) from error
    _refuse_collisions(code, dependencies)
    bundle = Bundle(dependencies | code)
    expected = Expectation(target, handler, code, asked)
    content = bundle.to_zip()
    with Archive(content, NAME) as archive:
        inspection = inspect(archive, expected)
    if inspection.problems:
        text = "\n".join(f"{found}" for found in inspection.problems)
        raise PackageError(text, inspection.problems)
    own = omission.compare(source, code, settings) if source.is_dir() else ()
    return Package(content, bundle, inspection, expected, own + omission.summarise(dropped), tuple(warnings))


def read_code(source: Path, settings: Collection[str] = (), handler: str = "") -> dict[str, bytes]:
    """The function's own files in the folder: without the lab's, without requirements and `settings`.

    Raises CodeError.
    """
    code = Code.open(source, files=(f"{handler.rpartition('.')[0] or 'lambda_function'}.py",))
    return {name: code[name] for name in code if name not in omission.RECIPES and name not in settings}


def _open(source: Path, settings: Collection[str], handler: str) -> dict[str, bytes]:
    if source.suffix.lower() == ".zip" and source.is_file():
        raise PackageError(f"{source.name} is a package already. To judge it: lab package --check {source.name}")
    try:
        return read_code(source, settings, handler)
    except CodeError as error:
        raise PackageError(str(error)) from error
    except OSError as error:
        raise PackageError(f"{error.filename} cannot be read: {error.strerror}.") from error


def _install(recipe: Path, target: Target, wheels: Path | None, folder: Path) -> list[str]:
    asked = read_requirements(recipe, target)
    lock = recipe.with_suffix(".lock")
    if lock.is_file():
        missing = find_unlocked(asked, read_requirements(lock, target))
        if not missing:
            return install(Request(lock, True, target, wheels), folder)
        notes = [f"{lock.name} does not hold {', '.join(missing)}: {recipe.name} was taken without it."]
    else:
        notes = []
    loose = [requirement.name for requirement in asked if not is_pinned(requirement)]
    if loose:
        notes.append(
            f"{recipe.name} pins no version of {', '.join(loose)}: another day's package may differ. "
            "Write name==version."
        )
    return notes + install(Request(recipe, False, target, wheels), folder)


def _gather(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The installed files by name, and the names of those that stay out."""
    files, dropped = {}, []
    for name, path in _walk(folder):
        if omission.find_reason(name):
            dropped.append(name)
        elif path.is_symlink() or not path.is_file():
            raise PackageError(f"A dependency brings {name}, which is a link or a special file: it cannot be packed.")
        else:
            files[name] = path.read_bytes()
    return files, dropped


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    for parent, folders, files in os.walk(folder):
        linked = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        for name in [*files, *linked]:
            path = Path(parent, name)
            yield path.relative_to(folder).as_posix(), path


def _refuse_collisions(code: Mapping[str, bytes], dependencies: Mapping[str, bytes]) -> None:
    """Python would import one and never the other."""
    own = {_module_of(name): name for name in code}
    for name in sorted(dependencies):
        if (module := _module_of(name)) in own:
            raise PackageError(
                f"Your {own[module]} and a dependency's {name} have one name, so one would hide the other. Rename "
                "yours, or remove it if it is a copy of the dependency: packaging brings its own."
            )


def _module_of(name: str) -> str:
    """The name by which Python imports what lies there."""
    top, slash, _ = name.partition("/")
    return top if slash else top.partition(".")[0] or top
