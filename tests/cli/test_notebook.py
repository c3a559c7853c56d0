"""`lab notebook`: which notebook it opens, how, and what it says when it can't."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = 'import os\n\n\ndef main(arguments):\n    print(*arguments, os.environ["JUPYTER_PATH"], sep="\\n")\n'


@pytest.fixture
def notebook(make_lab) -> Path:
    """The notebook of lab 1 in a course of its own."""
    path = make_lab().folder.parents[1] / "notebooks" / "01_greeting.ipynb"
    path.parent.mkdir()
    shutil.copy(ROOT / "notebooks" / "01_handler_basics.ipynb", path)
    return path


@pytest.fixture
def jupyter(tmp_path) -> str:
    """A PYTHONPATH with a stand-in for Jupyter that prints what it was started with."""
    package = tmp_path / "stand-in" / "notebook"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "app.py").write_text(STAND_IN)
    return str(package.parent)


@pytest.mark.parametrize("name", [["1"], ["greeting"], []])
def test_opens_the_notebook_within_its_course(notebook, jupyter, run, name) -> None:
    done = run("notebook", *name, PYTHONPATH=jupyter)
    assert done.returncode == 0, done.stderr
    assert "--JupyterNotebookApp.default_url=/notebooks/notebooks/01_greeting.ipynb" in done.stdout
    assert f"--ServerApp.root_dir={notebook.parents[1]}" in done.stdout
    assert "Opening notebooks/01_greeting.ipynb" in done.stdout
    assert "--no-browser" not in done.stdout


def test_finds_it_from_any_folder(notebook, jupyter, run, tmp_path) -> None:
    done = run("--course", str(notebook.parents[1]), "notebook", "1", cwd=tmp_path, PYTHONPATH=jupyter)
    assert f"--ServerApp.root_dir={notebook.parents[1]}" in done.stdout


def test_passes_on_what_jupyter_is_to_do(notebook, jupyter, run) -> None:
    done = run("notebook", "1", "--no-browser", "--port", "9999", PYTHONPATH=jupyter)
    assert {"--no-browser", "--port=9999"} <= set(done.stdout.splitlines())


def test_the_workbooks_kernel_comes_before_the_users(notebook, jupyter, run) -> None:
    done = run("notebook", "1", PYTHONPATH=jupyter, JUPYTER_PATH="/elsewhere")
    own, elsewhere = done.stdout.splitlines()[-1].split(os.pathsep)
    assert (Path(own), elsewhere) == (Path(sys.prefix, "share", "jupyter"), "/elsewhere")


def test_a_lab_without_a_notebook_names_those_that_are_here(notebook, make_lab, jupyter, run) -> None:
    make_lab(name="02_parting")
    done = run("notebook", "2", PYTHONPATH=jupyter)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "02_parting has no notebook. Those that are here: 01_greeting.\n"
    notebook.unlink()
    assert "holds none" in run("notebook", "2", PYTHONPATH=jupyter).stderr


def test_an_unknown_lab_is_refused_with_the_labs_there_are(notebook, jupyter, run) -> None:
    done = run("notebook", "7", PYTHONPATH=jupyter)
    assert done.returncode == 2
    assert "There is no lab '7'" in done.stderr


def test_without_jupyter_it_says_what_to_type(notebook, jupyter, run) -> None:
    Path(jupyter, "notebook", "app.py").unlink()
    done = run("notebook", "1", PYTHONPATH=jupyter)
    assert (done.returncode, done.stdout) == (3, "")
    assert len(done.stderr.splitlines()) == 1
    assert "lab setup --all" in done.stderr


@pytest.mark.slow
@pytest.mark.skipif(find_spec("notebook") is None, reason="Jupyter comes with the group `notebook`")
def test_the_kernel_that_jupyter_starts_is_the_workbooks(notebook, tmp_path) -> None:
    impostor = tmp_path / "users" / "kernels" / "python3" / "kernel.json"
    impostor.parent.mkdir(parents=True)
    impostor.write_text(json.dumps({"argv": ["nothing"], "display_name": "mine", "language": "python"}))
    own = {"JUPYTER_PATH": str(tmp_path / "users"), "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "workbook", "notebook", "1", "--no-browser", "--port", "0"],
        cwd=notebook.parents[1],
        env={**os.environ, **own, "JUPYTER_CONFIG_DIR": str(tmp_path / "config")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = next(
            found for line in server.stderr if (found := re.search(r"(http://127\S+?)(/notebooks\S*)", line))
        )
        with open_when_ready(address.group()) as page:
            assert page.url.partition("?")[0].endswith("/notebooks/notebooks/01_greeting.ipynb")
        body = {"path": "notebooks/01_greeting.ipynb", "name": "", "type": "notebook", "kernel": {"name": "python3"}}
        token = address.group().partition("token=")[2]
        request = urllib.request.Request(
            f"{address.group(1)}/api/sessions",
            json.dumps(body).encode(),
            {"Authorization": f"token {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            kernel = json.load(answer)["kernel"]["id"]
        assert ask(tmp_path / "runtime" / f"kernel-{kernel}.json") == [sys.prefix, str(notebook.parent), "OpenLab"]
    finally:
        server.terminate()
        server.communicate(timeout=30)


def open_when_ready(address: str):
    """The page at the address, which Jupyter prints a moment before it listens there."""
    for _ in range(100):
        try:
            return urllib.request.urlopen(address)
        except urllib.error.URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise
            time.sleep(0.1)
    return urllib.request.urlopen(address)


def ask(connection: Path) -> list[str]:
    """The kernel's installation, its working folder, and what opens a lab there."""
    from jupyter_client import BlockingKernelClient

    client = BlockingKernelClient()
    client.load_connection_file(str(connection))
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        said: list[str] = []
        client.execute_interactive(
            "import os, sys\nfrom workbook.lab import open_lab\n"
            "print(sys.prefix, os.getcwd(), type(open_lab(1)).__name__, sep='\\n')",
            timeout=60,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
        return "".join(said).split()
    finally:
        client.stop_channels()
