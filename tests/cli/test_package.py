"""`lab package`: the zip to upload, built or judged, as a real command."""

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pytest

KEYS = {
    "lab", "path", "status", "message", "handler", "runtime", "architecture", "sha256", "digest", "files",
    "zipped_bytes", "unzipped_bytes", "limits", "parts", "left_out", "warnings", "findings", "run",
}  # fmt: skip
IMPORTS_TIDE = "import tide\n\n\ndef lambda_handler(event, context):\n    return tide.HIGH\n"


@pytest.fixture
def lab(make_lab, tmp_path: Path):
    """A lab whose function needs `tide`, the wheel of which set-up has fetched; nothing else can be reached."""
    lab = make_lab(starter=IMPORTS_TIDE)
    wheels = tmp_path / "course" / ".workbook" / "wheels"
    wheels.mkdir(parents=True)
    wheel = wheels / "tide-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("tide/__init__.py", "HIGH = 7\n")
        archive.writestr("tide-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tide\nVersion: 1.0\n")
        archive.writestr("tide-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr("tide-1.0.dist-info/RECORD", "tide/__init__.py,,\n")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (lab.folder / "requirements.txt").write_text("tide==1.0\n")
    (lab.folder / "requirements.lock").write_text(f"tide==1.0 \\\n    --hash=sha256:{digest}\n")
    return lab


@pytest.fixture
def package(run):
    """Runs `lab package ARGUMENTS --json`; its one document and its exit code."""

    def call(*arguments: str):
        done = run("package", *arguments, "--json", UV_OFFLINE="1")
        document = json.loads(done.stdout)
        assert document["schema"] == 1
        assert all(one.keys() == KEYS for one in document["packages"])
        return document["packages"], done.returncode

    return call


def test_it_builds_and_runs_and_says_how_to_go_on(lab, run) -> None:
    done = run("package", "1", UV_OFFLINE="1")
    assert done.returncode == 0, done.stderr
    assert "labs/01_greeting/lambda_deploy.zip: built, ready to upload" in done.stdout.replace(os.sep, "/")
    for words in ("for python3.13 on x86_64", "of 50.0 MB", "of 250.0 MB", "of  3.0 MB", "tide/", "Left out",
                  "requirements.lock, requirements.txt", "Run: it starts under Lambda's runtime client",
                  "  1. Code tab, Upload from, .zip file", "  2. Runtime settings", "handler",
                  "  3. Test tab", "Next: ./lab invoke 1 --code "):  # fmt: skip
        assert words.replace("./lab", "py lab" if os.name == "nt" else "./lab") in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    invoked = run("invoke", "1", "--code", str(lab.folder / "lambda_deploy.zip"))
    assert "7" in invoked.stdout


def test_the_document(lab, package) -> None:
    (found,), code = package("1")
    content = (lab.folder / "lambda_deploy.zip").read_bytes()
    assert code == 0
    assert (found["status"], found["lab"], found["runtime"]) == ("built", "01_greeting", "python3.13")
    assert found["sha256"] == hashlib.sha256(content).hexdigest()
    assert found["zipped_bytes"] == len(content)
    assert found["run"] == {"outcome": "started", "reason": ""}
    assert found["limits"] == {
        "zipped_bytes": 52_428_800,
        "unzipped_bytes": 262_144_000,
        "console_editor_bytes": 3_145_728,
    }
    assert {part["name"] for part in found["parts"]} == {"lambda_function.py", "tide/", "tide-1.0.dist-info/"}


def test_twice_is_the_same(lab, package) -> None:
    (first,), _ = package("1")
    (second,), _ = package("1")
    assert first["sha256"] == second["sha256"]


def test_output_code_and_target(lab, package, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "lambda_function.py").write_text("def lambda_handler(event, context):\n    return 1\n")
    (found,), code = package(
        "1", "--code", str(other), "--output", str(tmp_path / "a.zip"), "--runtime", "python3.12", "--arch", "arm64"
    )
    assert code == 0
    assert (found["runtime"], found["architecture"]) == ("python3.12", "arm64")
    assert os.listdir(other) == ["lambda_function.py"]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert "return 1" in archive.read("lambda_function.py").decode()
        assert "tide/__init__.py" in archive.namelist(), "the lab's own requirements are deployed with any code"
    assert not (lab.folder / "lambda_deploy.zip").exists()


def test_the_solution(lab, package) -> None:
    package("1", "--solution")
    with zipfile.ZipFile(lab.folder / "lambda_deploy.zip") as archive:
        assert "hello" in archive.read("lambda_function.py").decode()
        assert "test_greeting_hidden.py" not in archive.namelist()
    assert not (lab.solution / "lambda_deploy.zip").exists()


def test_every_lab(make_lab, lab, run, package) -> None:
    make_lab(name="02_second")
    found, code = package("--all")
    assert [one["lab"] for one in found] == ["01_greeting", "02_second"]
    assert code == 0
    (lab.folder / ".env").write_text("API_KEY=x")
    done = run("package", "--all", UV_OFFLINE="1")
    assert done.returncode == 1
    refused, built = done.stdout.splitlines()
    assert refused.split()[:2] == ["01_greeting", "refused"]
    assert built.split()[:2] == ["02_second", "built"]
    assert built.endswith("started")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_refusal_names_the_cure_and_writes_nothing(lab, run, package) -> None:
    (lab.folder / ".env").write_text("API_KEY=x")
    done = run("package", "1", UV_OFFLINE="1")
    assert done.returncode == 1
    assert "Take it out" in done.stdout
    (found,), code = package("1")
    assert (found["status"], code) == ("refused", 1)
    assert found["findings"][0]["code"] == "secrets"
    assert not (lab.folder / "lambda_deploy.zip").exists()


def test_what_does_not_start_is_faulty(lab, package) -> None:
    (lab.folder / "lambda_function.py").write_text("import moon\n" + IMPORTS_TIDE)
    (found,), code = package("1")
    assert (found["status"], code) == ("faulty", 1)
    assert "No module named 'moon'" in found["run"]["reason"]


def test_what_was_not_fetched_needs_the_network(lab, run) -> None:
    (lab.folder / "requirements.txt").write_text("moon==1.0\n")
    done = run("package", "1", UV_DEFAULT_INDEX="http://127.0.0.1:9/simple", UV_NO_CACHE="1", UV_HTTP_RETRIES="0")
    assert done.returncode == 3
    assert "Try again with the network" in done.stderr


def test_check_finds_what_a_hand_made_zip_has(lab, run, package, tmp_path: Path) -> None:
    path = tmp_path / "hand.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(lab.folder / "lambda_function.py", "function/lambda_function.py")
        archive.writestr("function/__pycache__/x.pyc", "")
    (found,), code = package("1", "--check", str(path))
    assert (found["status"], code) == ("faulty", 1)
    assert {one["code"] for one in found["findings"]} >= {"wrapping-folder", "bytecode", "dependency-missing"}
    done = run("package", "1", "--check", str(path))
    assert done.returncode == 1
    assert "x function/lambda_function.py" not in done.stdout
    assert "one folder too deep" in done.stdout
    assert "Zip what is inside function/" in done.stdout


def test_check_of_what_was_built_finds_nothing(lab, run, package) -> None:
    package("1")
    (found,), code = package("1", "--check", "lambda_deploy.zip")
    assert (found["status"], code, found["findings"]) == ("sound", 0, [])
    (lab.folder / "lambda_function.py").write_text(IMPORTS_TIDE + "# later\n")
    (found,), code = package("1", "--check", "lambda_deploy.zip")
    assert (found["status"], code, found["findings"][0]["code"]) == ("faulty", 1, "stale")


def test_check_refuses_a_hostile_zip_in_one_line(lab, run, tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../evil.py", "")
    done = run("package", "1", "--check", str(path))
    assert done.returncode == 1
    assert "leaves the folder" in done.stdout.replace("\n", " ").replace("  ", " ")
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("1", "--all"),
        ("1", "--solution", "--code", "."),
        ("1", "--check", "x.zip", "--output", "y.zip"),
        ("1", "--check", "nowhere.zip"),
        ("1", "--code", "nowhere"),
        ("1", "--runtime", "python2.7"),
        ("1", "--arch", "sparc"),
        ("1", "--output", "."),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], lab, run) -> None:
    done = run("package", *arguments)
    assert done.returncode == 2
    assert "Error:" in done.stderr
