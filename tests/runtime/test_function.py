"""A function's life: warm and cold, changed copies, asynchronous delivery, events, the gate."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.runtime import Code, Configuration, Function, InvalidEvent, Platform, Stage, parse_event
from workbook.runtime.events import MAX_EVENT_BYTES, encode_event
from workbook.runtime.launchers.inline import InlineLauncher

COUNTER = "import os\nn = 0\ndef lambda_handler(event, context):\n    global n\n    n += 1\n    {}\n"


def test_state_stays_while_warm_and_is_fresh_after_a_change(deploy) -> None:
    function = deploy(COUNTER.format("return [n, os.environ.get('AA'), os.environ.get('BB')]"), environment={"AA": "1"})
    assert function.invoke().payload == [1, "1", None]
    changed = function.configure(environment={"AA": None, "BB": "2"})
    assert changed.invoke().payload == [1, None, "2"]
    assert changed.invoke().payload == [2, None, "2"]
    warm = function.invoke()
    assert warm.payload == [2, "1", None]
    assert not warm.cold


def test_every_setting_can_be_changed_and_none_is_lost(deploy) -> None:
    function = deploy(COUNTER.format(""), name="harbour", environment={"AA": "1"})
    changed = function.configure(timeout=9, memory=512, handler="a.b").configuration
    assert changed == Configuration("a.b", "harbour", "python3.13", 9, 512, {"AA": "1"})
    assert function.configure().configuration == function.configuration


def test_files_can_be_laid_over_the_code(deploy) -> None:
    function = deploy("def lambda_handler(event, context):\n    return 'own'\n")
    other = (
        "import lambda_function\ndef run(event, context):\n    return [lambda_function.lambda_handler(0, 0), 'other']\n"
    )
    with function.configure(handler="other.run", files={"other.py": other.encode()}) as copy:
        assert copy.invoke().payload == ["own", "other"]
    assert function.invoke().payload == "own"
    assert "other.py" not in function.code


def test_the_code_can_be_changed(deploy) -> None:
    function = deploy("def lambda_handler(event, context):\n    return 'own'\n")
    other = Code(function.code.path, {"lambda_function.py": b"import new\ndef lambda_handler(*_):\n    return new.X"})
    with function.configure(code=other, files={"new.py": b"X = 'new'"}) as copy:
        assert copy.invoke().payload == "new"
        assert sorted(copy.code) == ["lambda_function.py", "new.py"]
    assert function.invoke().payload == "own"


def test_files_in_tmp_survive_while_warm(deploy) -> None:
    body = "import tempfile; p = tempfile.gettempdir() + '/x'; open(p, 'a').write('x'); return open(p).read()"
    function = deploy(COUNTER.format(body))
    assert [function.invoke().payload for _ in range(3)] == ["x", "xx", "xxx"]


def test_asynchronous_delivery_tries_three_times_under_one_id(deploy) -> None:
    function = deploy(COUNTER.format("print(context.aws_request_id); return 1 / (n - 3)"))
    attempts = function.deliver({})
    assert [attempt.error and attempt.error.type for attempt in attempts] == [None]
    attempts = deploy(COUNTER.format("raise ValueError(context.aws_request_id)")).deliver({})
    assert len(attempts) == 3
    assert len({attempt.request_id for attempt in attempts}) == 1
    assert {attempt.error.message for attempt in attempts} == {attempts[0].request_id}


def test_the_gate_is_open_only_while_the_function_is_awake(deploy) -> None:
    class Gate:
        def __init__(self) -> None:
            self.calls: list[str] = []

        def open(self) -> None:
            self.calls.append("open")

        def close(self) -> None:
            self.calls.append("close")

    gate, seen = Gate(), []
    function = deploy(COUNTER.format("return n"), platform=Platform(gate=gate, observe=seen.append))
    assert gate.calls == []
    first = function.invoke()
    assert gate.calls == ["open", "close", "close"]  # the moment it answered, and when the invocation was over
    assert seen == [first]


def test_an_event_that_lambda_refuses_never_reaches_the_function(deploy) -> None:
    seen: list = []
    function = deploy(COUNTER.format("return n"), platform=Platform(observe=seen.append))
    for event in (object(), float("nan"), {"a": {1, 2}}, "x" * MAX_EVENT_BYTES):
        with pytest.raises(InvalidEvent):
            function.invoke(event)
    assert seen == []
    assert function.invoke().payload == 1


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "NaN", '{"a": Infinity}', "1 2", "[" * 100_000, "9" * 5000])
def test_a_text_that_is_no_event(text: str) -> None:
    with pytest.raises(InvalidEvent, match="Could not parse request body into json: "):
        parse_event(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_events_survive_the_way(event: object) -> None:
    assert parse_event(encode_event(event).decode()) == event


def test_a_closed_function_says_so(deploy) -> None:
    function = deploy(COUNTER.format("return n"))
    function.invoke()
    function.close()
    function.close()
    with pytest.raises(RuntimeError, match="was closed"):
        function.invoke()


def test_functions_share_a_stage(tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text(COUNTER.format("return n"))
    stage = Stage(Code.open(tmp_path))
    with Function(stage) as one, Function(stage) as other:
        assert [one.invoke().payload, one.invoke().payload, other.invoke().payload] == [1, 2, 1]
        assert one.code["lambda_function.py"].startswith(b"import os")
    assert stage.root.exists()
    stage.close()
    assert not stage.root.exists()


WRONG = [
    ({"timeout": 0}, "timeout of 0"),
    ({"timeout": 901}, "900"),
    ({"memory": 127}, "memory of 127"),
    ({"memory": 10_241}, "10,240"),
    ({"name": "with space"}, "no function name"),
    ({"handler": "two words"}, "no handler"),
    ({"runtime": "nodejs20.x"}, "no Python runtime"),
    ({"environment": {"AWS_REGION": "x"}}, "AWS_REGION is reserved"),
    ({"environment": {"_HANDLER": "x"}}, "_HANDLER is reserved"),
    ({"environment": {"AWS_LAMBDA_FUNCTION_NAME": "x"}}, "is reserved"),
    ({"environment": {"A": "x"}}, "'A' is no variable name"),
    ({"environment": {"1A": "x"}}, "no variable name"),
    ({"environment": {"A-B": "x"}}, "no variable name"),
    ({"environment": {"AB": 1}}, "AB must be a text"),
    ({"environment": {"AB": "\0"}}, "AB must be a text"),
    ({"environment": {"AB": "\ud800"}}, "AB must be a text"),
    ({"environment": {"AB": "x" * 4096}}, "exceeded the 4KB limit. String measured: {"),
]


@pytest.mark.parametrize(("settings", "words"), WRONG)
def test_what_lambda_refuses_is_refused(settings: dict, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        Configuration(**settings)


def test_inline_puts_everything_back(deploy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import logging
    import os
    import tempfile
    import time

    monkeypatch.setenv("MINE", "1")
    root = logging.getLogger()

    def state() -> list:
        return [
            (dict(os.environ), os.getcwd(), sys.path[:], "helper" in sys.modules),
            (sys.stdin, sys.stdout, sys.stderr),
            (root.handlers[:], root.level, logging.Formatter.converter),
            (tempfile.tempdir, time.timezone),
        ]

    files = {
        "lambda_function.py": "import helper, logging, os, sys\nlogging.getLogger().setLevel('DEBUG')\n"
        "def lambda_handler(event, context):\n    os.environ['THEIRS'] = '1'; os.chdir('/'); sys.path.clear()\n"
        "    logging.debug('d')\n    if event: raise SystemExit(event)\n"
        "    return [os.environ.get('MINE'), helper.N]\n",
        "helper.py": "N = 7\n",
    }
    before = state()
    function = deploy(files, platform=Platform(launcher=InlineLauncher()))
    assert function.invoke().payload == [None, 7]
    assert state() == before
    again = function.invoke()
    assert [record.message for record in again.logs] == ["d"]
    assert not again.cold
    assert function.invoke(3).error.message.endswith("exit status 3")
    assert state() == before


def test_inline_stops_at_a_breakpoint(tmp_path: Path) -> None:
    (tmp_path / "lambda_function.py").write_text(
        "def lambda_handler(event, context):\n    breakpoint()\n    return 'on'\n"
    )
    program = (
        "import sys\nfrom pathlib import Path\nfrom workbook.runtime import Function, Platform\n"
        "from workbook.runtime.launchers.inline import InlineLauncher\n"
        "with Function(Path(sys.argv[1]), platform=Platform(launcher=InlineLauncher())) as function:\n"
        "    print(function.invoke({'station': 'north-quay'}).payload)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, input="p event['station']\nc\n", capture_output=True, text=True, timeout=60)
    assert "(Pdb) 'north-quay'" in done.stderr
    assert done.stdout == "on\n"


def test_payloads_are_plain_data(deploy) -> None:
    invocation = deploy("def lambda_handler(event, context):\n    return {'statusCode': 200}\n").invoke({"a": 1})
    assert json.loads(json.dumps(invocation.payload)) == {"statusCode": 200}
    assert invocation.event == {"a": 1}
    assert (invocation.status_code, invocation.function_error) == (200, None)


def test_an_endless_error_document_is_cut(deploy) -> None:
    function = deploy(
        """
        import json, os, urllib.request
        def lambda_handler(event, context):
            address = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation/"
            document = {"errorType": "E", "errorMessage": "m" * 2_000_000, "stackTrace": list(map(str, range(100_000)))}
            request = urllib.request.Request(f"{address}{context.aws_request_id}/error", json.dumps(document).encode())
            urllib.request.urlopen(request)
        """,
        timeout=10,
    )
    error = function.invoke({}).error
    assert (len(error.message), len(error.stack_trace)) == (1024 * 1024, 2_000)
    assert (error.stack_trace[0], error.stack_trace[-1]) == ("0", "99999")
