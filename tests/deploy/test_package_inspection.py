"""Judging a zip made by hand: each typical fault is found, with its cure, and a sound zip has none."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbook.deploy.package.archive import Archive
from workbook.deploy.package.expectation import Expectation
from workbook.deploy.package.finding import Severity
from workbook.deploy.package.inspection import inspect
from workbook.deploy.package.requirement import read_requirements
from workbook.deploy.package.target import Target

HANDLER = "def lambda_handler(event, context):\n    return 1\n"
ELF = b"\x7fELF\x02\x01\x01" + bytes(11)
X86_64, ARM64 = ELF + b"\x3e\x00", ELF + b"\xb7\x00"
LAMBDA = Target("python3.13")


def metadata(name: str, version: str = "1.0", *more: str) -> str:
    return "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *more]) + "\n\nA text: more.\n"


def package(name: str, version: str = "1.0", tag: str = "py3-none-any", *more: str) -> dict[str, str | bytes]:
    notes = f"{name}-{version}.dist-info"
    return {
        f"{name}/__init__.py": "",
        f"{notes}/METADATA": metadata(name, version, *more),
        f"{notes}/WHEEL": f"Wheel-Version: 1.0\nTag: {tag}\n",
    }


@pytest.fixture
def judge(make_zip, tmp_path: Path):
    """Judges a zip of `files`, by code to finding."""

    def judge(
        files: Mapping[str, object],
        *,
        code: Mapping[str, bytes] | None = None,
        requirements: str = "",
        handler: str = "lambda_function.lambda_handler",
        target: Target = LAMBDA,
    ):
        recipe = tmp_path / "requirements.txt"
        recipe.write_text(requirements)
        code = {"lambda_function.py": HANDLER.encode()} if code is None else code
        expected = Expectation(target, handler, code, read_requirements(recipe, target))
        with Archive(make_zip(files)) as archive:
            found = inspect(archive, expected).findings
        assert all(one.problem and one.cure for one in found)
        return {one.code: one for one in found}

    return judge


def test_a_sound_zip_has_no_findings(judge) -> None:
    files = {
        "lambda_function.py": HANDLER,
        **package("tide", "1.0", "py3-none-any", "Requires-Dist: moon>=1", 'Requires-Dist: sun; extra == "all"'),
        **package("moon", "2.0", "cp313-cp313-manylinux_2_28_x86_64"),
        "moon/_core.cpython-313-x86_64-linux-gnu.so": X86_64,
        "moon/_stable.abi3.so": X86_64,
        "moon.libs/libtide-3f.so.1.2": X86_64,
        **package("ocean", "1.0", "cp39-abi3-manylinux_2_17_x86_64", "Requires-Dist: urllib3"),
        "certificates/cacert.pem": "-----BEGIN CERTIFICATE-----",
    }
    assert judge(files, requirements="tide==1.0\nwin-only==1; sys_platform == 'win32'\n") == {}


def test_a_wrapping_folder(judge) -> None:
    found = judge({"function/lambda_function.py": HANDLER, "function/tide/__init__.py": ""})
    assert found.keys() == {"wrapping-folder"}
    assert "No module named 'lambda_function'" in found["wrapping-folder"].problem
    assert found["wrapping-folder"].cure == "Zip what is inside function/, not the folder itself."


def test_the_labs_own_folder_is_not_to_be_zipped_at_all(judge) -> None:
    found = judge({"06_packaging/lambda_function.py": HANDLER, "06_packaging/lab.toml": ""})
    assert "holds nothing but the function" in found["wrapping-folder"].cure


def test_backslash_names(judge) -> None:
    found = judge({"lambda_function.py": HANDLER, "tide\\__init__.py": "", "tide\\sub\\": ("", 0o40755)})
    assert found.keys() == {"backslash-names"}
    assert "PowerShell 5.1" in found["backslash-names"].cure


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o200, 0o711])
def test_what_others_may_not_read(mode: int, judge) -> None:
    found = judge({"lambda_function.py": (HANDLER, mode)})
    assert found.keys() == {"unreadable"}
    assert "chmod -R a+rX" in found["unreadable"].cure


def test_a_folder_that_others_may_not_enter(judge) -> None:
    assert judge({"lambda_function.py": HANDLER, "tide/": ("", 0o40700)}).keys() == {"unreadable"}
    assert judge({"lambda_function.py": HANDLER, "tide/": ("", 0o40755)}) == {}


def test_a_zip_from_windows_has_no_modes_to_judge(judge, make_zip) -> None:
    path = make_zip({"lambda_function.py": HANDLER})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 5] = 0  # made by FAT
    data[entry + 38 : entry + 42] = b"\x20\0\0\0"
    with Archive(bytes(data)) as archive:
        assert inspect(archive, Expectation(LAMBDA)).findings == ()
        assert archive.members[0].mode is None


def test_an_older_handler(judge) -> None:
    found = judge({"lambda_function.py": HANDLER + "# old\n"})
    assert found.keys() == {"stale"}
    assert "lambda_function.py is not what the lab's folder holds now" in found["stale"].problem


def test_line_ends_alone_make_nothing_stale(judge) -> None:
    assert judge({"lambda_function.py": HANDLER.replace("\n", "\r\n")}) == {}


def test_a_forgotten_module(judge) -> None:
    code = {"lambda_function.py": HANDLER.encode(), "stations.py": b""}
    found = judge({"lambda_function.py": HANDLER}, code=code)
    assert found.keys() == {"file-missing"}
    assert found["file-missing"].severity is Severity.ADVICE


@pytest.mark.parametrize("prefix", ["python/", "python/lib/python3.13/site-packages/"])
@pytest.mark.parametrize("handler_at_root", [True, False])
def test_the_layout_of_a_layer(prefix: str, handler_at_root: bool, judge) -> None:
    files = {prefix + name: content for name, content in package("tide").items()}
    files["lambda_function.py" if handler_at_root else prefix + "lambda_function.py"] = HANDLER
    found = judge(files)
    assert "layer-layout" in found
    assert "wrapping-folder" not in found


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("tide/_core.cpython-311-x86_64-linux-gnu.so", b"", "Python 3.11"),
        ("tide/_core.cpython-313t-x86_64-linux-gnu.so", b"", "Python 3.13 without the GIL"),
        ("tide/_core.cpython-313-aarch64-linux-gnu.so", b"", r"another CPU \(aarch64\)"),
        ("tide/_core.cpython-313-darwin.so", b"", "macOS"),
        ("tide/_core.abi3.so", b"\xcf\xfa\xed\xfe\x0c\0\0\1", "macOS"),
        ("tide/_core.cpython-313-x86_64-linux-musl.so", b"", r"Alpine's C library \(musl\)"),
        ("tide/_core.cp313-win_amd64.pyd", b"", "Windows"),
        ("tide/.dylibs/libtide.dylib", b"", "macOS"),
        ("tide/_core.abi3.so", ARM64, r"another CPU \(aarch64\)"),
        ("tide.libs/libtide.so.3", ARM64, r"another CPU \(aarch64\)"),
        ("tide/tool", ARM64, r"another CPU \(aarch64\)"),
        ("tide/_core.pypy310-pp73-x86_64-linux-gnu.so", b"", "PyPy"),
    ],
)
def test_a_compiled_file_of_another_system(file: str, content: bytes, words: str, judge) -> None:
    found = judge({"lambda_function.py": HANDLER, file: content})
    assert found.keys() == {"wrong-platform"}
    assert re.search(
        f"compiled for {words}; the function runs under python3.13 on x86_64", found["wrong-platform"].problem
    )


def test_the_same_file_may_be_right_for_another_target(judge) -> None:
    files = {"lambda_function.py": HANDLER, "tide/_core.cpython-311-aarch64-linux-gnu.so": ARM64}
    assert judge(files, target=Target("python3.11", "arm64")) == {}


@pytest.mark.parametrize(
    "tag",
    [
        "cp311-cp311-manylinux_2_17_x86_64", "cp313-cp313-macosx_11_0_arm64", "cp313-cp313-win_amd64",
        "cp313-cp313-manylinux_2_28_aarch64", "cp313-cp313-musllinux_1_2_x86_64", "cp313-cp313-manylinux_2_39_x86_64",
        "cp314-abi3-manylinux_2_17_x86_64", "py2-none-any",
    ],
)  # fmt: skip
def test_a_wheel_for_another_system(tag: str, judge) -> None:
    found = judge({"lambda_function.py": HANDLER, **package("tide", "1.0", tag)})
    assert found.keys() == {"wrong-wheel"}
    assert f"tide 1.0 ({tag})" in found["wrong-wheel"].problem


@pytest.mark.parametrize("name", ["__pycache__/lambda_function.cpython-311.pyc", "tide/__pycache__/x.pyc", "x.pyc"])
def test_bytecode(name: str, judge) -> None:
    assert judge({"lambda_function.py": HANDLER, name: b""}).keys() == {"bytecode"}


@pytest.mark.parametrize("name", [".env", ".env.production", "keys/server.pem", ".aws/credentials", "id_ed25519"])
def test_secrets(name: str, judge) -> None:
    found = judge({"lambda_function.py": HANDLER, name: "x"})
    assert found.keys() == {"secrets"}
    assert name in found["secrets"].problem


def test_a_missing_dependency(judge) -> None:
    found = judge({"lambda_function.py": HANDLER}, requirements="Tide_Table[all]==1.0\n")
    assert found.keys() == {"dependency-missing"}
    assert found["dependency-missing"].severity is Severity.PROBLEM


def test_a_dependency_of_a_dependency_that_is_missing(judge) -> None:
    files = {"lambda_function.py": HANDLER, **package("tide", "1.0", "py3-none-any", "Requires-Dist: moon")}
    assert "tide needs moon" in judge(files, requirements="tide==1.0\n")["dependency-missing"].problem


def test_a_dependency_without_its_dist_info(judge) -> None:
    found = judge({"lambda_function.py": HANDLER, "tide/__init__.py": ""}, requirements="tide==1.0\n")
    assert found["version-unknown"].severity is Severity.ADVICE


def test_another_version_than_the_pin(judge) -> None:
    files = {"lambda_function.py": HANDLER, **package("tide", "1.1")}
    found = judge(files, requirements="tide==1.0\n")
    assert found.keys() == {"version-differs"}
    assert "tide 1.1 is inside; requirements.txt asks for tide==1.0" in found["version-differs"].problem


def test_a_renamed_handler(judge) -> None:
    found = judge({"handler.py": HANDLER})
    assert found.keys() == {"handler-renamed"}
    assert "handler.py" in found["handler-renamed"].cure


def test_no_handler_at_all(judge) -> None:
    assert judge({"notes.txt": "x"}).keys() == {"handler-missing"}


@pytest.mark.parametrize(
    ("text", "is_there"),
    [
        ("def handler(event, context): ...\n", False),
        ("class A:\n    def lambda_handler(self, event, context): ...\n", False),
        ("# lambda_handler\n", False),
        ("from app import lambda_handler\n", True),
        ("from app import *\n", True),
        ("try:\n    import x\nexcept ImportError:\n    x = None\nlambda_handler = lambda e, c: x\n", True),
        ("async def lambda_handler(e, c): ...\n", True),
        ("\ufefflambda_handler = print\n", True),
    ],
)
def test_a_function_that_the_handler_names(text: str, is_there: bool, judge) -> None:
    found = judge({"lambda_function.py": text}, code={})
    assert ("function-missing" in found) is not is_there


def test_a_handler_that_is_no_python(judge) -> None:
    older = f"python3.{min(sys.version_info.minor, 13)}"
    found = judge({"lambda_function.py": "def lambda_handler(:\n"}, code={}, target=Target(older))
    assert "line 1" in found["handler-syntax"].problem
    assert "handler-syntax" in judge({"lambda_function.py": b"\xff\xfe\0x"}, code={})


def test_a_package_in_place_of_the_handler(judge) -> None:
    found = judge({"lambda_function.py": HANDLER, "lambda_function/__init__.py": ""})
    assert found.keys() == {"handler-shadowed"}


def test_a_handler_in_a_package(judge) -> None:
    files = {"src/collector.py": HANDLER, "src/__init__.py": ""}
    assert judge(files, handler="src/collector.lambda_handler", code={}) == {}
    assert judge(files, handler="src.collector.lambda_handler", code={}) == {}


def test_a_virtual_environment(judge) -> None:
    found = judge({"lambda_function.py": HANDLER, "myenv/pyvenv.cfg": "", "myenv/lib/x.py": ""})
    assert found.keys() == {"virtual-environment"}


def test_a_link(judge) -> None:
    assert "links" in judge({"lambda_function.py": HANDLER, "data": ("/etc", 0o120777)})


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice(judge) -> None:
    assert judge({"lambda_function.py": HANDLER, "./lambda_function.py": HANDLER}).keys() == {"duplicate-names"}


def test_advice(judge) -> None:
    found = judge({
        "lambda_function.py": HANDLER, "README.md": "", "test_it.py": "", "events/a.json": "", ".DS_Store": "",
        "lambda_deploy.zip": "",
        "__MACOSX/._a": "", **package("boto3"), "package/tide-1.0.dist-info/METADATA": metadata("tide"),
    })  # fmt: skip
    assert found.keys() == {"course-files", "litter", "zip-inside", "boto3-packed", "packages-in-folder"}
    assert {one.severity for one in found.values()} == {Severity.ADVICE}
    assert "boto3-packed" not in judge({"lambda_function.py": HANDLER, **package("boto3")}, requirements="boto3==1.0\n")


def test_too_large_for_a_direct_upload(judge, monkeypatch) -> None:
    from workbook.course.facts import limits
    from workbook.deploy.package import inspection

    monkeypatch.setattr(inspection, "limits", lambda: limits()._replace(zip_upload_bytes=100))
    assert "S3" in judge({"lambda_function.py": HANDLER})["too-large"].cure


def test_what_states_nonsense_is_passed_over(judge) -> None:
    files = {
        "lambda_function.py": HANDLER,
        "a.dist-info/METADATA": b"\xff\0",
        "b.dist-info/METADATA": "Name: b\n",
        "c.dist-info/METADATA": metadata("c", "1", "Requires-Dist: d; python_version ~= 'x'"),
        "c.dist-info/WHEEL": f"Tag: {'a.' * 2000}-{'a.' * 2000}-{'a.' * 2000}\n",
    }
    found = judge(files)
    assert found.keys() == {"dependency-missing", "wrong-wheel"}
    assert len(found["wrong-wheel"].problem) < 300


def test_the_heaviest_parts_come_first(make_zip) -> None:
    path = make_zip({"big/a.txt": bytes(range(256)) * 40, "big/b.txt": "x", "small.py": "x"})
    with Archive(path) as archive:
        found = inspect(archive, Expectation(LAMBDA))
    assert [(part.name, part.unzipped) for part in found.parts] == [("big/", 10_241), ("small.py", 1)]
    assert found.unzipped == 10_242
    assert found.zipped == path.stat().st_size
