"""A tiny workbook that the real wrapper sets up in well under a second, from wheels made here, with no network."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import uv

REPOSITORY = Path(__file__).resolve().parents[2]

PYPROJECT = """\
[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"
[project]
name = "tiny-workbook"
version = "1"
[tool.uv.build-backend]
module-name = "workbook"
"""

# Answers with what the wrapper gave it, or ends as it is told to.
MAIN = """\
import importlib.metadata, json, os, sys, time
if "exit" in sys.argv:
    sys.exit(int(sys.argv[-1]))
if "kill" in sys.argv:
    os.kill(os.getpid(), int(sys.argv[-1]))
if "wait" in sys.argv:
    print("waiting", flush=True)
    time.sleep(60)
installed = {d.name: d.version for d in importlib.metadata.distributions()}
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "installed": installed}))
"""

STARTERS = """\
import pathlib
pathlib.Path(".workbook/starters").write_text("kept", encoding="utf-8")
"""


@dataclass
class Outcome:
    code: int
    stdout: str
    stderr: str

    @property
    def answer(self):
        return json.loads(self.stdout)

    @property
    def installed(self):
        return self.answer["installed"]


@dataclass
class Wheels:
    """A folder of pure-Python wheels."""

    folder: Path
    hashes: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, name, version="1.0", files=()):
        """Make the wheel `name` with the given (path, content) pairs."""
        folder = f"{name}-{version}.dist-info"
        contents = [
            (f"{name}.py", f"version = {version!r}\n"),
            (f"{folder}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"),
            (f"{folder}/WHEEL", "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            *files,
        ]
        record = "".join(f"{path},,\n" for path, _ in contents) + f"{folder}/RECORD,,\n"
        path = self.folder / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            for entry, content in [*contents, (f"{folder}/RECORD", record)]:
                info = zipfile.ZipInfo(entry)
                info.external_attr = 0o100755 << 16  # a regular file that may be run
                wheel.writestr(info, content)
        self._note(name, version, path)

    def adopt(self, path):
        """Take a wheel that exists; return its name and version."""
        copy = Path(shutil.copy(path, self.folder))
        name, version = copy.name.split("-")[:2]
        self._note(name, version, copy)
        return name, version

    def line(self, name, version="1.0"):
        """The line of a requirements file that pins the wheel by its hash."""
        return f"{name}=={version} \\\n    --hash=sha256:{self.hashes[name, version]}\n"

    def _note(self, name, version, path):
        self.hashes[name, version] = hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Project:
    """A fresh clone of the tiny workbook, its requirements by group, and the environment that `lab` runs in."""

    root: Path
    wheels: Wheels
    environment: dict[str, str]

    @property
    def python(self):
        return self.root / (".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python")

    @property
    def stamp(self):
        return self.root / ".venv" / ".workbook"

    def require(self, group, *pins):
        lines = "".join(self.wheels.line(*pin) for pin in pins)
        (self.root / "requirements" / f"{group}.txt").write_text(lines, encoding="utf-8")

    def start(self, *arguments, cwd=None, python=sys.executable, **environment):
        return subprocess.Popen(
            [python, str(self.root / "lab"), *arguments],
            cwd=cwd or self.root,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def lab(self, *arguments, **options):
        process = self.start(*arguments, **options)
        stdout, stderr = process.communicate(timeout=120)
        return Outcome(process.returncode, stdout, stderr)


def make_clone(tmp_path, uv_cache):
    root = tmp_path / "the café's workbook"  # a space, an apostrophe and a letter that is not ASCII
    for folder in ("requirements", "labs", "solutions", "tests", "src/workbook/course"):
        (root / folder).mkdir(parents=True)
    shutil.copy(REPOSITORY / "lab", root)
    shutil.copy(REPOSITORY / "src/workbook/course/facts.toml", root / "src/workbook/course")
    files = {
        "pyproject.toml": PYPROJECT,
        "src/workbook/__init__.py": "",
        "src/workbook/__main__.py": MAIN,
        "src/workbook/course/__init__.py": "",
        "src/workbook/course/starters.py": STARTERS,
    }
    for name, content in files.items():
        (root / name).write_text(content, encoding="utf-8")
    wheels = Wheels(tmp_path / "wheels")
    wheels.folder.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_", "PYTHON"))}
    environment |= {
        "PATH": os.pathsep.join([str(Path(uv.find_uv_bin()).parent), os.environ["PATH"]]),
        "UV_CACHE_DIR": str(uv_cache),
        "UV_FIND_LINKS": str(wheels.folder),
        "UV_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels.folder),
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": os.devnull,
        "PYTHONIOENCODING": "utf-8",
    }
    project = Project(root, wheels, environment)
    for group in ("student", "docs", "notebook", "grading", "dev"):
        wheels.add(f"tiny_{group}")
        project.require(group, (f"tiny_{group}",))
    return project


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A function that makes a fresh clone in a folder; all share one cache of uv."""
    return partial(make_clone, uv_cache=tmp_path_factory.mktemp("uv-cache"))


@pytest.fixture
def project(tmp_path, clone):
    """A fresh clone, not yet set up."""
    return clone(tmp_path)


@pytest.fixture(scope="session")
def ready(tmp_path_factory, clone):
    """A clone that is set up, for tests that leave it as it is."""
    project = clone(tmp_path_factory.mktemp("ready"))
    assert project.lab("list").code == 0
    return project
