"""The folder of a function of one's own, as it is written."""

import ast
import json
from pathlib import Path

import pytest

from workbook.course.own import NotMade, make

FILES = [
    ".gitignore", ".vscode/launch.json", ".vscode/settings.json", "README.md", "events/ada.json", "events/nobody.json",
    "lab", "lab.toml", "lambda_function.py", "test_my_own_weather.py",
]  # fmt: skip


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    return tmp_path / 'the wörkbook\'s "own" folder'


def test_every_file_is_there_and_can_be_read(tmp_path: Path, workbook: Path) -> None:
    lab = make(tmp_path / "my-own-weather", workbook)
    found = sorted(path.relative_to(lab.folder).as_posix() for path in lab.folder.rglob("*") if path.is_file())
    assert [name for name in found if not name.startswith(".workbook/")] == FILES
    for name in FILES:
        text = (lab.folder / name).read_bytes().decode("utf-8")
        assert "\r" not in text
        assert "$" not in text.replace("${workspaceFolder}", "")
        if name.endswith(".py") or name == "lab":
            ast.parse(text)
        if name.endswith(".json"):
            json.loads(text)
    settings = json.loads((lab.folder / ".vscode" / "settings.json").read_text("utf-8"))
    assert settings["python.defaultInterpreterPath"] == str(workbook / ".venv")
    assert settings["python.analysis.stubPath"] == str(workbook / "typings")


def test_its_manifest_is_what_a_lab_has(tmp_path: Path, workbook: Path) -> None:
    lab = make(tmp_path / "my-own-weather", workbook)
    assert lab.manifest.function.name == "my-own-weather"
    assert dict(lab.manifest.function.environment) == {"GREETING": "hello"}
    assert lab.suite.name == "test_my_own_weather.py"
    assert [event.name for event in lab.events] == ["ada.json", "nobody.json"]
    commented = (lab.folder / "lab.toml").read_text("utf-8")
    (lab.folder / "lab.toml").write_text(commented.replace("\n# ", "\n"), "utf-8")
    whole = type(lab)(1, lab.id, lab.folder, alone=True).manifest
    assert (whole.buckets, whole.function.policy, whole.function.schedule.expression) == (
        ("my-bucket",),
        "policy.json",
        "rate(1 hour)",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("my weather", "Such as: my-weather"),
        ("wetter-für-alle", "Such as: wetter-f-r-alle"),
        ("w" * 65, "at most 64 letters"),
        ("..", "is no name that Lambda takes"),
        ("Aux", "is a device on Windows"),
        ("no/such/weather", "such is no folder"),
        ("there", "there is there already, and stays as it is"),
        ("empty", "empty is there already"),
        ("dangling", "dangling is there already"),
        ("labs/weather", "is for a course's labs"),
        ("there/file/weather", "file is no folder"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_changes(tmp_path, workbook, name: str, words: str) -> None:
    for folder in ("labs", "there", "empty"):
        (tmp_path / folder).mkdir()
    (tmp_path / "there" / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(NotMade) as refused:
        make(tmp_path / name, workbook)
    assert words in str(refused.value)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "there" / "file").read_text() == "mine"


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path, workbook: Path, monkeypatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(NotMade, match=r"could not be written \(No space left on device\)"):
        make(tmp_path / "weather", workbook)
