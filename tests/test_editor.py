"""What an editor finds when it opens the folder: settings, tasks, the debugger, types for the context."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import click
import pytest

from workbook.cli.app import lab

ROOT = Path(__file__).resolve().parents[1]
EDITOR = ROOT / ".vscode"
FOLDER, FILE = "${relativeFileDirname}", "${file}"


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def parse(words: list[str]) -> None:
    """Raises click's UsageError for what the CLI does not know."""
    context = click.Context(lab, info_name="lab")
    command = lab.get_command(context, words[0])
    assert command is not None, words
    _, rest, _ = command.make_parser(click.Context(command, context)).parse_args(words[1:])
    assert rest == []


def test_the_settings_name_what_is_there_on_every_system() -> None:
    settings = load(EDITOR / "settings.json")
    assert settings["python.defaultInterpreterPath"] == "${workspaceFolder}/.venv"  # a folder: the same on Windows
    assert all((ROOT / folder).is_dir() for folder in settings["python.testing.pytestArgs"])


def test_the_container_recommends_what_the_folder_does() -> None:
    container = load(ROOT / ".devcontainer" / "devcontainer.json")
    recommended = load(EDITOR / "extensions.json")["recommendations"]
    assert set(container["customizations"]["vscode"]["extensions"]) <= set(recommended)
    assert container["postCreateCommand"] == "./lab setup"
    assert re.fullmatch(r"python:3\.\d+", container["image"])


TASKS = load(EDITOR / "tasks.json")["tasks"]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task["label"])
def test_a_task_is_a_command_on_every_system(task: dict[str, Any]) -> None:
    assert task["command"] == "${workspaceFolder}/lab"
    assert task["windows"] == {"command": "py", "args": ["lab", *task["args"]]}
    assert task["options"]["cwd"] == "${workspaceFolder}"
    parse(task["args"])


LAUNCHES = load(EDITOR / "launch.json")["configurations"]
OWN = load(ROOT / "src/workbook/course/own/files/.vscode/launch.json.txt")["configurations"]


@pytest.mark.parametrize("launch", [*LAUNCHES, *OWN], ids=lambda launch: launch["name"])
def test_a_launch_invokes_in_the_debuggers_own_process(launch: dict[str, Any]) -> None:
    assert (launch["type"], launch["module"]) == ("debugpy", "workbook")
    assert launch["args"][0] == "invoke"
    assert "--debug" in launch["args"]
    parse(launch["args"])


def test_the_lab_of_a_file_in_the_editor_is_found(make_lab, tmp_path: Path) -> None:
    events = make_lab(starter="def lambda_handler(event, context):\n    return event\n").folder / "events"
    events.mkdir()
    (events / "mine.json").write_text('["mine"]')
    given = {FOLDER: os.path.join("labs", "01_greeting", "events"), FILE: str(events / "mine.json")}
    arguments = [given.get(word, word) for word in LAUNCHES[1]["args"]]
    done = subprocess.run(
        [sys.executable, "-m", "workbook", *arguments], cwd=tmp_path / "course", capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert '"mine"' in done.stdout


LISTED = """\
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from awslambdaric.lambda_context import LambdaContext


def lambda_handler(event: object, context: "LambdaContext") -> None:
    reveal_type(context.memory_limit_in_mb)
    reveal_type(context.get_remaining_time_in_millis())
    reveal_type(context.identity.cognito_identity_id)
    context.aws_request
"""


def test_the_context_completes(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="mypy comes with the group `dev`")
    (tmp_path / "lambda_function.py").write_text(LISTED)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "lambda_function.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT / "typings")},
        capture_output=True,
        encoding="utf-8",
    )
    assert re.findall(r'Revealed type is "([^"]*)"', done.stdout) == ["str", "int", "str | None"]
    assert 'maybe "aws_request_id"?' in done.stdout


def test_the_types_have_the_names_that_lambda_has(tmp_path: Path) -> None:
    import ast

    from awslambdaric import lambda_context

    stub = ast.parse((ROOT / "typings/awslambdaric/lambda_context.pyi").read_text("utf-8"))
    told = {
        kind.name: {
            node.target.id if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) else node.name
            for node in kind.body
            if isinstance(node, ast.AnnAssign | ast.FunctionDef)
        }
        for kind in stub.body
        if isinstance(kind, ast.ClassDef)
    }
    context = lambda_context.LambdaContext("id", {"client": {}}, None, 0)
    real = {"LambdaContext": context, "Client": context.client_context.client}
    real |= {"ClientContext": context.client_context, "CognitoIdentity": context.identity}
    assert told == {name: {each for each in dir(found) if each[0] != "_"} for name, found in real.items()}


def test_a_breakpoint_of_the_editors_is_met(make_lab, tmp_path: Path) -> None:
    pytest.importorskip("debugpy", reason="debugpy comes with the group `dev`")
    made = make_lab(starter="def lambda_handler(event, context):\n    secret = 41\n    return secret + 1\n")
    source = str(made.folder / "lambda_function.py")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = [word.replace(FOLDER, str(made.folder)) for word in LAUNCHES[0]["args"]]
    command = [sys.executable, "-m", "debugpy", "--listen", f"127.0.0.1:{port}", "--wait-for-client", "-m", "workbook"]
    said = (tmp_path / "said").open("w+", encoding="utf-8")
    with said, subprocess.Popen([*command, *arguments], cwd=tmp_path / "course", stdout=said, stderr=said) as process:
        try:
            ask, wait = connect(port)
            ask("initialize", adapterID="tests", pathFormat="path", linesStartAt1=True)
            wait("response", "initialize")
            ask("attach", justMyCode=True)
            wait("event", "initialized")
            ask("setBreakpoints", source={"path": source}, breakpoints=[{"line": 3}])
            ask("configurationDone")
            stopped = wait("event", "stopped")
            ask("stackTrace", threadId=stopped["threadId"])
            frame = wait("response", "stackTrace")["stackFrames"][0]
            assert (frame["name"], frame["line"], frame["source"]["path"]) == ("lambda_handler", 3, source)
            ask("evaluate", expression="secret = 50", context="repl", frameId=frame["id"])
            wait("response", "evaluate")
            ask("continue", threadId=stopped["threadId"])
            wait("event", "terminated")
            ask("disconnect")
            process.wait(30)
        finally:
            process.kill()
        said.seek(0)
        assert "\n  51\n" in said.read()


def connect(port: int) -> tuple[Callable[..., None], Callable[[str, str], Any]]:
    """A client of the Debug Adapter Protocol: what asks, and what waits for an answer or an event."""
    deadline = time.monotonic() + 60
    while True:
        try:
            door = socket.create_connection(("127.0.0.1", port), 60)
            break
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    stream, numbers = door.makefile("rb"), count(1)

    def ask(command: str, **arguments: object) -> None:
        body = json.dumps(
            {"seq": next(numbers), "type": "request", "command": command, "arguments": arguments}
        ).encode()
        door.sendall(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def wait(kind: str, name: str) -> Any:
        while True:
            length = 0
            while line := stream.readline().strip():
                if line.startswith(b"Content-Length"):
                    length = int(line.split(b":")[1])
            told = json.loads(stream.read(length))
            if told["type"] == kind and name in (told.get("command"), told.get("event")):
                return told.get("body")

    return ask, wait
