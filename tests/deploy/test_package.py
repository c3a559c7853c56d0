"""Building a package: what goes in, what stays out, what is refused, and that it is the same every time."""

import hashlib
import io
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest

from workbook.deploy.package import PackageError, Target, Unreachable, build, resolution

LAMBDA = Target("python3.13", "x86_64")
ARM = Target("python3.13", "arm64")
NATIVE = "tidal_core"


def names(package) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        return archive.namelist()


def read(package, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        return archive.read(name).decode()


@pytest.fixture
def native(make_wheel):
    """A compiled package without a pure-Python fallback: wheels for several Pythons, systems and CPUs."""
    tags = {
        "cp313-cp313-manylinux_2_28_x86_64": "cpython-313-x86_64-linux-gnu.so",
        "cp313-cp313-manylinux_2_17_aarch64.manylinux2014_aarch64": "cpython-313-aarch64-linux-gnu.so",
        "cp311-cp311-manylinux_2_17_x86_64": "cpython-311-x86_64-linux-gnu.so",
        "cp313-cp313-macosx_11_0_arm64": "cpython-313-darwin.so",
        "cp313-cp313-win_amd64": "cp313-win_amd64.pyd",
    }
    for tag, ending in tags.items():
        make_wheel(NATIVE, tag=tag, files={f"{NATIVE}/_core.{ending}": tag})


def test_code_alone(source: Path) -> None:
    package = build(source, LAMBDA)
    assert names(package) == ["lambda_function.py"]
    assert package.warnings == ()
    assert package.inspection.findings == ()


def test_dependencies_lie_beside_the_handler(source: Path, wheels: Path, make_wheel) -> None:
    make_wheel("tide", requires=("moon>=1",), scripts="tide = tide:main")
    make_wheel("moon", "1.5")
    (source / "requirements.txt").write_text("tide==1.0  # high\n")
    package = build(source, LAMBDA, wheels=wheels)
    assert names(package) == [
        "lambda_function.py",
        "moon-1.5.dist-info/METADATA",
        "moon-1.5.dist-info/WHEEL",
        "moon/__init__.py",
        "tide-1.0.dist-info/METADATA",
        "tide-1.0.dist-info/WHEEL",
        "tide-1.0.dist-info/entry_points.txt",
        "tide/__init__.py",
    ]
    reasons = {one.what: one.reason for one in package.left_out}
    assert "this machine" in reasons["bin/"]
    assert "this machine" in reasons["RECORD, INSTALLER and the like"]
    assert "what they name is inside" in reasons["requirements.txt"]


def test_two_builds_are_byte_identical_whatever_the_times_and_the_folder(
    source: Path, wheels: Path, make_wheel
) -> None:
    make_wheel("tide", scripts="tide = tide:main")
    (source / "requirements.txt").write_text("tide==1.0\n")
    first = build(source, LAMBDA, wheels=wheels)
    elsewhere = source.parent / "elsewhere"
    source.rename(elsewhere)
    os.utime(elsewhere / "lambda_function.py", (time.time() + 90, time.time() + 90))
    if os.name == "posix":
        (elsewhere / "lambda_function.py").chmod(0o600)
    second = build(elsewhere, LAMBDA, wheels=wheels)
    assert first.content == second.content
    assert first.sha256 == second.sha256 == hashlib.sha256(second.content).hexdigest()
    (elsewhere / "lambda_function.py").write_text("def lambda_handler(event, context): ...\n")
    third = build(elsewhere, LAMBDA, wheels=wheels)
    assert third.digest != second.digest == first.digest


def test_the_digest_is_that_of_names_modes_and_contents(source: Path) -> None:
    (source / "run.sh").write_bytes(b"#!/bin/sh\n")
    handler = (source / "lambda_function.py").read_bytes()
    lines = [
        f"lambda_function.py\0{0o644:o}\0{hashlib.sha256(handler).hexdigest()}\n",
        f"run.sh\0{0o755:o}\0{hashlib.sha256(b'#!/bin/sh' + bytes([10])).hexdigest()}\n",
    ]
    assert build(source, LAMBDA).digest == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_entries_have_posix_modes_and_no_times(source: Path, wheels: Path, native) -> None:
    (source / "requirements.txt").write_text("tidal_core==1.0\n")
    package = build(source, LAMBDA, wheels=wheels)
    with zipfile.ZipFile(io.BytesIO(package.content)) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.create_system for entry in archive.infolist()} == {3}
    assert modes["lambda_function.py"] == 0o100644
    assert modes["tidal_core/_core.cpython-313-x86_64-linux-gnu.so"] == 0o100755


@pytest.mark.parametrize(
    ("target", "file"),
    [
        (LAMBDA, "_core.cpython-313-x86_64-linux-gnu.so"),
        (ARM, "_core.cpython-313-aarch64-linux-gnu.so"),
        (Target("python3.11"), "_core.cpython-311-x86_64-linux-gnu.so"),
    ],
    ids=str,
)
def test_wheels_are_the_targets_not_the_hosts(target: Target, file: str, source: Path, wheels: Path, native) -> None:
    (source / "requirements.txt").write_text("tidal_core==1.0\n")
    package = build(source, target, wheels=wheels)
    assert [name for name in names(package) if "_core." in name] == [f"{NATIVE}/{file}"]


def test_no_wheel_for_the_target_says_so(source: Path, wheels: Path, native, monkeypatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    (source / "requirements.txt").write_text("tidal_core==1.0\n")
    with pytest.raises(PackageError, match=r"cannot be installed for python3.12 on x86_64.*(?s:.)Choose a version"):
        build(source, Target("python3.12"), wheels=wheels)


@pytest.mark.parametrize("runtime", ["python3.11", "python3.12", "python3.13", "python3.14"])
def test_markers_are_read_as_lambda_reads_them(runtime: str, source: Path, wheels: Path, make_wheel) -> None:
    version = runtime.removeprefix("python")
    right, wrong = f"python_version == '{version}'", f"python_version != '{version}'"
    make_wheel("tide", requires=(f"moon; {right}", f"sun; {wrong}", "star; sys_platform == 'win32'"))
    for name in ("moon", "sun", "star", "wind"):
        make_wheel(name)
    (source / "requirements.txt").write_text(f"tide==1.0\nwind==1.0; {wrong}\n")
    package = build(source, Target(runtime), wheels=wheels)
    tops = {name.partition("/")[0] for name in names(package)}
    assert {"tide", "moon"} <= tops
    assert not tops & {"sun", "star", "wind"}


def test_the_lock_beside_the_requirements_is_what_is_installed(source: Path, wheels: Path, make_wheel) -> None:
    old = make_wheel("tide", "1.0")
    make_wheel("tide", "2.0")
    (source / "requirements.txt").write_text("tide\n")
    lock = source / "requirements.lock"
    lock.write_text(f"tide==1.0 \\\n    --hash=sha256:{hashlib.sha256(old.read_bytes()).hexdigest()}\n")
    package = build(source, LAMBDA, wheels=wheels)
    assert read(package, "tide/__init__.py") == "VERSION = '1.0'\n"
    assert package.warnings == ()
    (source / "requirements.txt").write_text("tide==2.0\n")
    package = build(source, LAMBDA, wheels=wheels)
    assert read(package, "tide/__init__.py") == "VERSION = '2.0'\n"
    assert "requirements.lock does not hold tide==2.0" in package.warnings[0]


def test_a_wheel_that_is_not_the_locks_is_refused(source: Path, wheels: Path, make_wheel, monkeypatch) -> None:
    monkeypatch.setenv("UV_NO_INDEX", "1")
    make_wheel("tide")
    (source / "requirements.txt").write_text("tide==1.0\n")
    (source / "requirements.lock").write_text(f"tide==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(PackageError, match=r"(?i)hash"):
        build(source, LAMBDA, wheels=wheels)


def test_an_open_version_is_pointed_out(source: Path, wheels: Path, make_wheel) -> None:
    make_wheel("tide")
    (source / "requirements.txt").write_text("tide\n")
    assert "no version of tide" in build(source, LAMBDA, wheels=wheels).warnings[0]


def test_the_source_folder_is_not_touched(source: Path, wheels: Path, make_wheel) -> None:
    make_wheel("tide")
    (source / "requirements.txt").write_text("tide==1.0\n")
    (source / ".pytest_cache").mkdir()
    before = {path: path.stat().st_mtime_ns for path in (source, *source.rglob("*"))}
    build(source, LAMBDA, wheels=wheels)
    assert {path: path.stat().st_mtime_ns for path in (source, *source.rglob("*"))} == before


def test_what_is_left_out_of_the_folder(source: Path) -> None:
    for name in ("README.md", "test_it.py", "events/one.json", "policy.json", "old.zip", "pkg/__pycache__/a.pyc",
                 ".venv/bin/python", "pkg/helper.py"):  # fmt: skip
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("x = 1\n")
    package = build(source, LAMBDA, settings={"policy.json"})
    assert names(package) == ["lambda_function.py", "pkg/helper.py"]
    assert {one.what: one.reason.split(",")[0] for one in package.left_out} == {
        "README.md": "the lab's own",
        "test_it.py": "the lab's own",
        "events/": "the lab's own",
        "policy.json": "settings of the function",
        "old.zip": "a package itself",
        "pkg/__pycache__/": "bytecode of this machine's Python",
        ".venv/": "left by tools",
    }


def test_bytecode_of_a_dependency_stays_out(source: Path, wheels: Path, make_wheel) -> None:
    make_wheel("tide", files={"tide/__pycache__/x.cpython-311.pyc": b"x", "tide/data/bin/tool": b"x"})
    (source / "requirements.txt").write_text("tide==1.0\n")
    found = names(build(source, LAMBDA, wheels=wheels))
    assert "tide/data/bin/tool" in found
    assert not [name for name in found if name.endswith(".pyc")]


@pytest.mark.parametrize("name", [".env", "server.pem", "credentials", ".aws/config", "deploy.key", "id_rsa"])
def test_a_secret_is_refused(name: str, source: Path) -> None:
    (source / name).parent.mkdir(exist_ok=True)
    (source / name).write_text("API_KEY=1")
    with pytest.raises(PackageError, match=r"looks like a secret.*Take it out") as refused:
        build(source, LAMBDA)
    assert [found.code for found in refused.value.findings] == ["secrets"]


def test_certificates_and_a_dependencys_own_files_are_no_secrets(source: Path, wheels: Path, make_wheel) -> None:
    (source / "authority.pem").write_text("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n")
    (source / ".env.example").write_text("API_KEY=\n")
    make_wheel("tide", files={"tide/test/test.key": "-----BEGIN PRIVATE KEY-----"})
    (source / "requirements.txt").write_text("tide==1.0\n")
    assert build(source, LAMBDA, wheels=wheels).inspection.findings == ()


@pytest.mark.parametrize("file", ["lambda_function.py", "lambda_function/__init__.py"])
def test_a_dependency_that_shadows_the_handler_is_refused(file: str, source: Path, wheels: Path, make_wheel) -> None:
    make_wheel("tide", files={file: "evil = True"})
    (source / "requirements.txt").write_text("tide==1.0\n")
    with pytest.raises(PackageError, match=r"Your lambda_function\.py and a dependency's"):
        build(source, LAMBDA, wheels=wheels)


@pytest.mark.skipif(os.name != "posix", reason="links need a right on Windows")
def test_a_link_is_refused(source: Path) -> None:
    (source / "shared").symlink_to("/etc")
    with pytest.raises(PackageError, match="shared is a link"):
        build(source, LAMBDA)


def test_a_vendored_file_of_another_system_is_refused(source: Path) -> None:
    (source / "fast.cpython-313-darwin.so").write_bytes(b"\xcf\xfa\xed\xfe")
    with pytest.raises(PackageError, match=r"compiled for macOS; the function runs under python3\.13 on x86_64"):
        build(source, LAMBDA)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"requests = 2.0\n", "line 1: 'requests = 2.0' names no package"),
        ("tide==1.0\n".encode("utf-16"), "is not UTF-8 text"),
    ],
)
def test_requirements_that_cannot_be_read(text: bytes, words: str, source: Path) -> None:
    (source / "requirements.txt").write_bytes(text)
    with pytest.raises(PackageError, match=words):
        build(source, LAMBDA)


def test_a_zip_is_no_source(make_zip) -> None:
    with pytest.raises(PackageError, match="is a package already"):
        build(make_zip({"a.py": ""}), LAMBDA)


def test_an_index_out_of_reach_says_so(source: Path, wheels: Path, monkeypatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    (source / "requirements.txt").write_text("tide==1.0\n")
    with pytest.raises(Unreachable, match=r"cannot be reached. Try again with the network"):
        build(source, LAMBDA, wheels=wheels)


def test_the_users_settings_do_not_leak_in(source: Path, wheels: Path, make_wheel, monkeypatch) -> None:
    make_wheel("tide", "1.0")
    make_wheel("tide", "2.0")
    constraint = source.parent / "constraint.txt"
    constraint.write_text("tide<2\n")
    monkeypatch.setenv("UV_CONSTRAINT", str(constraint))
    monkeypatch.setenv("PYTHONPATH", str(source))
    (source / "requirements.txt").write_text("tide\n")
    assert read(build(source, LAMBDA, wheels=wheels), "tide/__init__.py") == "VERSION = '2.0'\n"


def test_without_uv_pip_does_it_with_a_warning_and_the_same_bytes(
    source: Path, wheels: Path, native, make_wheel, monkeypatch
) -> None:
    make_wheel("tide", scripts="tide = tide:main")
    (source / "requirements.txt").write_text("tidal_core==1.0\ntide==1.0\n")
    with_uv = build(source, LAMBDA, wheels=wheels)
    find_spec = resolution.find_spec
    monkeypatch.setattr(resolution, "find_spec", lambda name: None if name == "uv" else find_spec(name))
    if find_spec("pip") is None:
        pytest.skip("no pip here")
    with_pip = build(source, LAMBDA, wheels=wheels)
    assert with_pip.content == with_uv.content
    assert "Packed with pip" in with_pip.warnings[0]
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert ("pip reads markers" in with_pip.warnings[0]) == (here != "3.13")


def test_without_either_it_says_what_to_do(source: Path, monkeypatch) -> None:
    (source / "requirements.txt").write_text("tide==1.0\n")
    monkeypatch.setattr(resolution, "find_spec", lambda name: None)
    with pytest.raises(Unreachable, match=r"Run \./lab setup"):
        build(source, LAMBDA)


def test_writing_replaces_what_was_there(source: Path, tmp_path: Path) -> None:
    package = build(source, LAMBDA)
    path = tmp_path / "new" / "lambda_deploy.zip"
    package.write(path)
    package.write(path)
    assert path.read_bytes() == package.content
    assert os.listdir(path.parent) == ["lambda_deploy.zip"]


KEPT = Path(__file__).parents[2] / ".workbook" / "wheels"


@pytest.mark.skipif(not list(KEPT.glob("requests-*.whl")), reason="set-up has fetched no wheels of requests")
def test_the_real_requests_from_the_wheels_of_set_up(source: Path, monkeypatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    version = next(KEPT.glob("requests-*.whl")).name.split("-")[1]
    (source / "requirements.txt").write_text(f"requests=={version}\n")
    package = build(source, LAMBDA, wheels=KEPT)
    found = {one.key for one in package.inspection.distributions}
    assert {"requests", "urllib3", "idna", "certifi", "charset-normalizer"} <= found
    assert package.content == build(source, LAMBDA, wheels=KEPT).content
