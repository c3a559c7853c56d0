"""The student edition: what is in it, what is not, and that it works."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from workbook.course.labs import Course
from workbook.release.edition import LEFT_OUT
from workbook.release.stock import FILES, FOLDERS

ROOT = Path(__file__).resolve().parents[2]
# Starts the command of a copy of the workbook, not of the one that is tested from.
START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from workbook.cli import main; main()"

Release = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.skipif(not (ROOT / "solutions").is_dir(), reason="an edition has no solutions to leave out")


def call(workbook: Path, *arguments: str, cwd: Path | None = None, **variables: str):
    """`lab ARGUMENTS` of the workbook in that folder."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "WORKBOOK_", "GIT_"))}
    return subprocess.run(
        [sys.executable, "-P", "-c", START, str(workbook / "src"), *arguments],
        cwd=cwd or workbook, env={**kept, **variables},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def git(folder: Path, *arguments: str) -> None:
    person = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *person, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook as a downloaded zip unpacks to: its own files, without git."""
    folder = tmp_path_factory.mktemp("plain") / "workbook"
    folder.mkdir()
    litter = shutil.ignore_patterns("__pycache__", "*.egg-info", ".*_cache", ".ipynb_checkpoints")
    for name in filter(lambda name: (ROOT / name).is_dir(), (*FOLDERS, "benchmarks")):
        shutil.copytree(ROOT / name, folder / name, ignore=litter)
    for name in (*FILES, "CONTRIBUTING.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def clone(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, committed."""
    if not shutil.which("git"):
        pytest.skip("git is not here")
    folder = tmp_path_factory.mktemp("clone") / "workbook"
    shutil.copytree(plain, folder)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder


@pytest.fixture(scope="module")
def edition(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition, which tests leave as it is."""
    folder = tmp_path_factory.mktemp("edition") / "student-edition"
    done = call(clone, "release", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "of commit " in done.stdout
    assert "solutions/" in done.stdout.partition("Left out:")[2]
    assert "Not committed" not in done.stdout
    return folder


def test_it_is_what_git_keeps_but_for_what_is_left_out(clone: Path, edition: Path) -> None:
    kept = {
        name: digest
        for name, digest in contents(clone).items()
        if not name.startswith((".git/", *LEFT_OUT)) and name != "README.md"
    }
    given = contents(edition)
    assert given.pop("README.md") != contents(clone)["README.md"]
    assert given == kept
    assert [path.name for path in edition.iterdir() if path.is_file() and path.stat().st_mode & stat.S_IXUSR] == ["lab"]


def test_every_name_at_the_top_is_given_away_or_left_out() -> None:
    """So that an edition made without git lacks nothing, and one made with git names what is an instructor's own."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode or "lab" not in listed.stdout.split("\0"):
        pytest.skip("git does not keep the workbook here")
    tops = {name.partition("/")[0] for name in listed.stdout.split("\0") if name}
    assert tops - {*FOLDERS, *FILES} == {
        name.rstrip("/") for name in LEFT_OUT if name.count("/") == (name[-1] == "/")
    } - {"solutions"}


def test_everything_that_is_left_out_is_there_to_be_left_out() -> None:
    assert [name for name in LEFT_OUT if not (ROOT / name).exists()] == []


def test_nothing_in_it_gives_an_answer_away(edition: Path) -> None:
    """No file of solutions/ is in it, and no file that shares more than a line or two with the hidden checks or with a
    solution, but for what students have anyway."""
    ours = {digest for name, digest in contents(ROOT / "solutions").items() if name.endswith((".py", ".toml", ".json"))}
    public = {path for name in ("labs", "notebooks") for path in (ROOT / name).rglob("*") if path.is_file()}
    known = {line for path in public for line in lines_of(path)}
    secret = {line for path in (ROOT / "solutions").rglob("*.py") for line in lines_of(path)} - known
    assert len(secret) > 500
    given = [path for path in edition.rglob("*") if path.is_file() and path.relative_to(edition).parts[0] != "labs"]
    assert [path.name for path in given if hashlib.sha256(path.read_bytes()).hexdigest() in ours] == []
    shared = {path.relative_to(edition).as_posix(): sorted(lines_of(path) & secret) for path in given}
    assert {name: lines for name, lines in shared.items() if len(lines) > 2} == {}
    assert len(lines_of(ROOT / "benchmarks" / "naive" / "test_s3_writes.py") & secret) > 2


def lines_of(path: Path) -> set[str]:
    text = path.read_text("utf-8", "replace")
    return {line.strip() for line in text.splitlines() if len(line.strip()) > 35}


def test_its_readme_begins_with_the_first_check_and_links_to_what_is_there(edition: Path) -> None:
    readme = (edition / "README.md").read_text("utf-8")
    commands = [line for line in readme.splitlines() if line.startswith("$ ")]
    assert commands[0] == "$ ./lab check 1"
    links = [part.partition(")")[0] for part in readme.split("](")[1:]]
    assert len(links) == len(list((edition / "labs").glob("[0-9]*")))
    assert [link for link in links if not (edition / link).exists()] == []
    assert "{" not in readme


def test_the_same_commit_gives_the_same_bytes_as_a_folder_and_as_a_zip(
    clone: Path, edition: Path, tmp_path: Path
) -> None:
    call(clone, "release", "again", cwd=tmp_path)
    assert contents(tmp_path / "again") == contents(edition)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        assert call(clone, "release", "workbook.zip", cwd=tmp_path / name).returncode == 0
    packed = tmp_path / "one" / "workbook.zip"
    assert packed.read_bytes() == (tmp_path / "other" / "workbook.zip").read_bytes()
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "unpacked")
        assert archive.getinfo("workbook/lab").external_attr >> 16 == 0o100755
    assert contents(tmp_path / "unpacked" / "workbook") == contents(edition)


def test_what_is_not_committed_is_not_given_away_and_told(clone: Path, tmp_path: Path) -> None:
    """An instructor's own try of a lab above all."""
    folder = tmp_path / "clone"
    shutil.copytree(clone, folder)
    starter = folder / "labs" / "01_handler_basics" / "lambda_function.py"
    before = starter.read_text()
    starter.write_text("# the answer\n")
    (folder / "roster.csv").write_text("id,name\n")
    (folder / "labs" / "01_handler_basics" / "notes.txt").write_text("to do\n")
    done = call(folder, "release", str(tmp_path / "out"))
    given = tmp_path / "out"
    assert (given / "labs" / "01_handler_basics" / "lambda_function.py").read_text() == before
    assert not (given / "roster.csv").exists()
    said = done.stdout.partition("Not committed")[2]
    for name in ("lambda_function.py", "notes.txt", "roster.csv"):
        assert name in said
    git(folder, "add", "roster.csv")
    git(folder, "commit", "--quiet", "--message", "by mistake")
    done = call(folder, "release", str(tmp_path / "more"))
    assert "Also in it, and not of the workbook: roster.csv." in done.stdout


def test_without_git_it_is_what_lies_there_with_the_starters_as_they_came(
    plain: Path, edition: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "plain"
    shutil.copytree(plain, folder)
    call(folder, "list")
    subprocess.run(
        [sys.executable, "-m", "workbook.course.starters"], cwd=folder, check=True,
        env={**os.environ, "PYTHONPATH": str(folder / "src")},
    )  # fmt: skip
    (folder / "labs" / "01_handler_basics" / "lambda_function.py").write_text("# the answer\n")
    (folder / "labs" / "06_packaging" / "lambda_deploy.zip").write_bytes(b"mine")
    (folder / "submissions").mkdir()
    (folder / "submissions" / "ada.py").write_text("mine")
    done = call(folder, "release", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "since git does not keep them" in done.stdout
    assert "Look through it before you give it away" in done.stdout
    assert contents(tmp_path / "out") == contents(edition)


def test_an_edition_of_an_edition_is_the_same(edition: Path, tmp_path: Path) -> None:
    done = call(edition, "release", str(tmp_path / "again"), PYTHONDONTWRITEBYTECODE="1")
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "again") == {
        name: digest for name, digest in contents(edition).items() if ".workbook/" not in name
    }


@pytest.mark.parametrize("where", ["inside", "around", "itself", "full", "file.zip", "link"])
def test_no_place_that_is_taken(clone: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file.zip").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    places = {"inside": clone / "labs" / "out", "around": clone.parent, "itself": clone}
    before = contents(clone)
    done = call(clone, "release", str(places.get(where, tmp_path / where)), PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Name another" in done.stderr
    assert {name for name in contents(clone) if ".workbook/" not in name} == set(before)
    assert (tmp_path / "full" / "mine.txt").read_text() == (tmp_path / "file.zip").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_folder_is_filled(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert call(clone, "release", str(tmp_path / "empty")).returncode == 0
    assert (tmp_path / "empty" / "lab").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_an_update_overwrites_nothing_that_students_write(clone: Path, edition: Path, tmp_path: Path) -> None:
    work = tmp_path / "work" / "student-edition"
    shutil.copytree(edition, work)
    theirs = [f"labs/{lab.id}/{file}" for lab in Course(ROOT).labs for file in lab.manifest.files]
    for name in theirs:
        (work / name).write_text("# mine\n")
    (work / "labs" / "01_handler_basics" / "test_handler_basics.py").write_text("# old\n")
    assert call(clone, "release", "--update", str(tmp_path / "student-edition.zip")).returncode == 0
    command = [sys.executable, "-m", "zipfile", "-e", str(tmp_path / "student-edition.zip"), "."]
    subprocess.run(command, cwd=work.parent, check=True)
    assert {(work / name).read_text() for name in theirs} == {"# mine\n"}
    rest, given = contents(work), contents(edition)
    assert rest == given | {name: rest[name] for name in theirs}
    assert os.access(work / "lab", os.X_OK)


def test_another_course_is_not_given_away(clone: Path, make_lab, tmp_path: Path) -> None:
    make_lab()
    done = call(clone, "--course", str(tmp_path / "course"), "release", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "is another course" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture
def packing(plain: Path, tmp_path: Path) -> Path:
    """A workbook that asks for little, and an index of three wheels made here."""
    folder = tmp_path / "packing"
    shutil.copytree(plain, folder)
    shutil.rmtree(folder / "labs")
    shutil.copytree(plain / "labs" / "05_exceptions", folder / "labs" / "05_exceptions")
    for name in ("index", "packing/.workbook/wheels"):
        (tmp_path / name).mkdir(parents=True)
    older, newer, both = (make_wheel(tmp_path / "index", *one) for one in (("tide", "1"), ("tide", "2"), ("quay", "1")))
    http = make_wheel(folder / ".workbook" / "wheels", "http", "1")
    split = f"{sys.version_info.major}.{sys.version_info.minor}.5"
    pins = {
        "student": f"{both}# a comment\nwharf==9 ; python_version < '3' \\\n    --hash=sha256:{'0' * 64}\n",
        "docs": older.replace("==1", f"==1 ; python_full_version < '{split}'")
        + newer.replace("==2", f"==2 ; python_full_version >= '{split}'"),
        "notebook": both,
    }
    for group, text in pins.items():
        (folder / "requirements" / f"{group}.txt").write_text(text)
    (folder / "labs" / "05_exceptions" / "requirements.lock").write_text(http)
    return folder


def make_wheel(folder: Path, name: str, version: str) -> str:
    """A wheel with nothing in it; gives the line that pins it."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        about = f"{name}-{version}.dist-info"
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    return f"{name}=={version} \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def release_wheels(packing: Path):
    index = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packing.parent / "index"), "PIP_CONFIG_FILE": os.devnull}
    return call(packing, "release", "--wheels", str(packing.parent / "out"), **index)


def test_wheels_are_added_for_every_patch_of_this_python(packing: Path) -> None:
    done = release_wheels(packing)
    assert done.returncode == 0, done.stderr
    given = packing.parent / "out"
    names = sorted(path.name.partition("-py3")[0] for path in (given / "wheels").iterdir())
    assert names == ["http-1", "quay-1", "tide-1", "tide-2"]
    system = f"Python {sys.version_info.major}.{sys.version_info.minor} on "
    assert f"wheels/: 4 packages, 0 MB, for {system}" in done.stdout
    assert f"{system}" in (given / "README.md").read_text("utf-8")


def change(wheel: Path) -> None:
    wheel.write_bytes(wheel.read_bytes() + b"\0")


@pytest.mark.parametrize(
    ("spoil", "wheel", "words"),
    [
        (Path.unlink, "index/quay-1", "could not be fetched"),
        (change, "index/tide-1", "could not be fetched"),
        (
            Path.unlink,
            "packing/.workbook/wheels/http-1",
            "The wheel of http, which labs/05_exceptions/requirements.lock",
        ),
        (change, "packing/.workbook/wheels/http-1", "The wheel of http"),
    ],
)
def test_without_every_wheel_there_is_no_edition(packing: Path, spoil, wheel: str, words: str) -> None:
    spoil(packing.parent / f"{wheel}-py3-none-any.whl")
    done = release_wheels(packing)
    assert done.returncode == 3
    assert words in done.stderr
    assert not (packing.parent / "out").exists()


@pytest.fixture(scope="module")
def used(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition as a student has it, and works in it."""
    folder = tmp_path_factory.mktemp("used") / "workbook"
    shutil.copytree(edition, folder)
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["list"], 0, "01  Handler basics"),
        (["check", "1", "--task", "1"], 1, "Next: task 1"),
        (["hint", "1", "--task", "1"], 0, "Hint 1 of 3"),
        (["submit", "1"], 0, "hand-in/01_handler_basics.zip"),
        (["diff", "1"], 3, "no solutions"),
        (["prove", "1"], 3, "solutions/ is not here"),
        (["check", "1", "--solution"], 3, "solutions/01_handler_basics is not here"),
        (["package", "1", "--solution"], 3, "solutions/01_handler_basics is not here"),
        (["invoke", "1", "--solution"], 3, "is not here"),
        (["policy", "1", "--observed", "--solution"], 3, "is not here"),
        (["grade", "1", "labs"], 3, "solutions/01_handler_basics is not here"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_verbs_work_or_say_what_they_need(used: Path, arguments: list[str], code: int, words: str) -> None:
    done = call(used, *arguments)
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == code


def test_its_tests_are_found(used: Path) -> None:
    """They are all run where the edition is made: here, that each of them can be read and none needs what is gone."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=used, env={**os.environ, "PYTHONPATH": str(used / "src")},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
