"""Graders that are in use elsewhere, in an environment of their own: each asks for the same checks in its own form."""

import json
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from classroom import LAB
from graders import CHECKS, HERE, NAMES, Graded, Grader, OneByOne, Verdicts
from metered import Cost, Group

PEERS = HERE / "peers"


def _read_once(path: Path) -> Any:
    """The JSON document that a run has written."""
    document = json.loads(path.read_text("utf-8"))
    path.unlink()
    return document


class Peer(Grader):
    """A grader in an environment of its own. `package` is what is imported to see whether it is there."""

    package: ClassVar[str]

    def __init__(self, python: Path) -> None:
        self._python = python
        look = f"from importlib.metadata import version; import {self.package}; print(version({self.name!r}))"
        found = subprocess.run([python, "-c", look], capture_output=True, text=True)
        self.version = found.stdout.strip() if found.returncode == 0 else None

    @property
    def _environment(self) -> dict[str, str]:
        return {"PYTHONPATH": str(CHECKS), "PATH": f"{self._python.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(self, group: Group, folder: Path, *arguments: object) -> tuple[Cost, str]:
        return group.run([self._python, *arguments], folder=folder, environment=self._environment)

    def set_up(self, folder: Path, *arguments: object) -> None:
        command = list(map(str, [self._python, *arguments]))
        environment = {**os.environ, **self._environment}
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


class Gradescope(Peer, OneByOne):
    name = "gradescope-utils"
    package = "gradescope_utils"

    def grade_one(self, group: Group, submission: Path, work: Path) -> tuple[Cost, Verdicts]:
        cost, said = self.run(group, submission, PEERS / "gradescope.py")
        tests = json.loads(said[said.index("{") :])["tests"]
        return cost, {test["name"].partition(" ")[0]: test["score"] == test["max_score"] for test in tests}


class Check50(Peer, OneByOne):
    name = "check50"
    package = "check50"

    def grade_one(self, group: Group, submission: Path, work: Path) -> tuple[Cost, Verdicts]:
        output = ["-o", "json", "--output-file", work / "check50.json"]
        cost, _ = self.run(group, submission, "-m", "check50", "--dev", *output, PEERS / "check50_slug")
        results = _read_once(work / "check50.json")["results"]
        return cost, {result["name"]: result["passed"] for result in results if result["passed"] is not None}


class Otter(Peer, OneByOne):
    name = "otter-grader"
    package = "otter"

    def prepare(self, work: Path) -> None:
        super().prepare(work)
        (work / "tests").mkdir()
        for name in NAMES:
            (work / "tests" / f"{name}.py").write_text(OTTER_TEST.format(name=name), "utf-8")
        self.set_up(work, "-m", "otter", "generate", "-t", work / "tests", "-o", work / "autograder.zip")

    def grade_one(self, group: Group, submission: Path, work: Path) -> tuple[Cost, Verdicts]:
        handed_in = work / "handed_in.zip"
        with zipfile.ZipFile(handed_in, "w") as archive:
            for path in submission.rglob("*.py"):
                archive.write(path, path.relative_to(submission))
        command = ["-m", "otter", "run", handed_in, "-a", work / "autograder.zip", "-o", work, "--no-logo"]
        cost, _ = self.run(group, work, *command)
        tests = _read_once(work / "results.json")["tests"]
        return cost, {test["name"]: test["score"] == test["max_score"] for test in tests if test["name"] in NAMES}


OTTER_TEST = """\
import test_s3_writes
from otter.test_files import test_case
from world import World

OK_FORMAT = False
name = "{name}"
points = 1


@test_case()
def test(env):
    with World() as world:
        test_s3_writes.{name}(world)
"""


class Nbgrader(Peer):
    """The handler is a file beside a notebook, of which each check is a graded cell; one command for a class."""

    name = "nbgrader"
    package = "nbgrader"

    def prepare(self, work: Path) -> None:
        super().prepare(work)
        source = work / "source" / LAB
        source.mkdir(parents=True)
        (source / "checks.ipynb").write_text(json.dumps(_notebook()), "utf-8")
        (work / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8")
        self.set_up(work, "-m", "nbgrader", "generate_assignment", LAB)

    def grade(self, group: Group, submissions: Path, work: Path) -> Graded:
        for name in ("submitted", "autograded"):
            shutil.rmtree(work / name, ignore_errors=True)
        for submission in submissions.iterdir():
            handed_in = work / "submitted" / submission.name / LAB
            shutil.copytree(submission, handed_in)
            shutil.copy(work / "release" / LAB / "checks.ipynb", handed_in)
        cost, _ = self.run(group, work, "-m", "nbgrader", "autograde", LAB, "--create", "--force")
        verdicts = {}
        for submission in submissions.iterdir():
            notebook = work / "autograded" / submission.name / LAB / "checks.ipynb"
            cells = json.loads(notebook.read_text("utf-8"))["cells"] if notebook.exists() else []
            verdicts[submission.name] = {
                cell["metadata"]["nbgrader"]["grade_id"]: all(out["output_type"] != "error" for out in cell["outputs"])
                for cell in cells
                if cell["cell_type"] == "code" and "nbgrader" in cell["metadata"]
            }
        return Graded(cost, verdicts)


def _notebook() -> dict[str, object]:
    imports: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "imports",
        "metadata": {},
        "outputs": [],
        "source": "import test_s3_writes\nfrom world import World",
    }
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return {"cells": [imports, *_graded_cells()], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def _graded_cells() -> Iterator[dict[str, object]]:
    for name in NAMES:
        graded = {
            "grade": True,
            "grade_id": name,
            "locked": True,
            "points": 1,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        yield {
            "cell_type": "code",
            "execution_count": None,
            "id": name[:64],
            "metadata": {"nbgrader": graded},
            "outputs": [],
            "source": f"with World() as world:\n    test_s3_writes.{name}(world)",
        }


ALL_PEERS: tuple[type[Peer], ...] = (Gradescope, Check50, Otter, Nbgrader)
