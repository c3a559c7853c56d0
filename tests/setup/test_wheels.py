"""The wheels that the labs' requirements.lock files name are fetched at set-up."""

import importlib.util
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory, clone):
    """A workbook whose .venv has pip, as the real one's has."""
    spec = importlib.util.find_spec("ensurepip")
    bundled = list(Path(spec.origin).parent.glob("_bundled/pip-*.whl")) if spec else []
    if not bundled:
        pytest.skip("this Python bundles no pip")
    project = clone(tmp_path_factory.mktemp("wheels"))
    project.require("student", ("tiny_student",), project.wheels.adopt(bundled[0]))
    assert project.lab("list").code == 0
    return project


@pytest.fixture
def lab(project):
    """A lab whose lock names one wheel."""
    folder = project.root / "labs" / "05_http"
    folder.mkdir()
    (folder / "lab.toml").write_text("title = 'HTTP'\n", encoding="utf-8")
    project.wheels.add("tiny_http")
    (folder / "requirements.lock").write_text(project.wheels.line("tiny_http"), encoding="utf-8")
    yield folder
    shutil.rmtree(folder)
    shutil.rmtree(project.root / ".workbook" / "wheels", ignore_errors=True)
    for wheel in project.wheels.folder.glob("tiny_native-*"):
        wheel.unlink()


def fetched(project):
    return {path.name for path in (project.root / ".workbook" / "wheels").glob("*.whl")}


def add_for(project, tag):
    """Make a wheel `tiny_native` that only the platform `tag` takes."""
    project.wheels.add("tiny_native")
    wheel = project.wheels.folder / "tiny_native-1.0-py3-none-any.whl"
    return wheel.rename(wheel.with_name(f"tiny_native-1.0-{tag}.whl")).name


def test_set_up_fetches_them(project, lab):
    outcome = project.lab("list")
    assert outcome.code == 0, outcome.stderr
    assert "fetching the wheels of 05_http" in outcome.stderr
    assert fetched(project) == {"tiny_http-1.0-py3-none-any.whl"}


def test_changed_lock_is_fetched_at_the_next_start(project, lab):
    project.lab("list")
    project.wheels.add("tiny_http", "2.0")
    (lab / "requirements.lock").write_text(project.wheels.line("tiny_http", "2.0"), encoding="utf-8")
    project.lab("list")
    assert "tiny_http-2.0-py3-none-any.whl" in fetched(project)


def test_wheels_that_are_here_need_no_index(project, lab):
    project.lab("list")
    (project.wheels.folder / "tiny_http-1.0-py3-none-any.whl").unlink()
    outcome = project.lab("setup")
    assert "cannot be run" not in outcome.stderr


@pytest.mark.parametrize(
    ("manifest", "tag"),
    [
        ("", "cp313-cp313-manylinux_2_34_x86_64"),
        ("[function]\narchitecture = 'arm64'\n", "cp313-cp313-manylinux_2_28_aarch64"),
        ("[function]\nruntime = 'python3.11'\n", "cp311-cp311-manylinux_2_17_x86_64"),
    ],
)
def test_wheels_are_those_of_the_manifests_lambda(project, lab, manifest, tag):
    name = add_for(project, tag)
    (lab / "lab.toml").write_text(manifest, encoding="utf-8")
    (lab / "requirements.lock").write_text(project.wheels.line("tiny_native"), encoding="utf-8")
    project.lab("list")
    assert name in fetched(project)


def test_lab_without_a_wheel_for_this_machine_stops_no_other(project, lab):
    add_for(project, "cp27-none-win32")
    (lab / "requirements.lock").write_text(project.wheels.line("tiny_native"), encoding="utf-8")
    outcome = project.lab("list")
    assert outcome.code == 0
    assert "05_http cannot be run here; the other labs can." in outcome.stderr


def test_manifest_that_is_no_toml_stops_no_other(project, lab):
    (lab / "lab.toml").write_text("title = \n", encoding="utf-8")
    outcome = project.lab("list")
    assert outcome.code == 0
    assert "lab.toml names no Lambda runtime" in outcome.stderr
