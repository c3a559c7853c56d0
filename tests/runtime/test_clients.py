"""One table of functions, each run through awslambdaric's native runtime client, through the pure-Python one, and
(where the function lets its process live) inside this process: equal in payload, error and log.

The expectations are Lambda's own: error types, messages and JSON as recorded on AWS or as awslambdaric writes them.
"""

import importlib.util
import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest

from workbook.runtime import Invocation, Platform, RuntimeClient, processes
from workbook.runtime.launch import Launcher
from workbook.runtime.launchers.fork import ForkLauncher
from workbook.runtime.launchers.inline import InlineLauncher
from workbook.runtime.launchers.spawn import SpawnLauncher

NONE = object()


@dataclass(frozen=True)
class Case:
    """`payload` is the last invocation's, or (`error`, `message`) its error. `fatal`: it ends its process."""

    source: str
    payload: Any = NONE
    error: str | None = None
    message: str | None = None
    events: tuple[Any, ...] = ({},)
    fatal: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


def returns(expression: str, payload: Any, *, first: str = "", **options: Any) -> Case:
    return Case(f"{first}\ndef lambda_handler(event, context):\n    return {expression}\n", payload, **options)


def refuses(expression: str, message: str, *, first: str = "", **options: Any) -> Case:
    case = returns(expression, NONE, first=first, **options)
    return Case(case.source, error="Runtime.MarshalError", message=f"Unable to marshal response: {message}")


def raises(statement: str, error: str, message: str | None, *, first: str = "") -> Case:
    return Case(f"{first}\ndef lambda_handler(event, context):\n    {statement}\n", error=error, message=message)


def ends(statement: str, reason: str, *, first: str = "") -> Case:
    source = f"import os, sys\n{first}\ndef lambda_handler(event, context):\n    {statement}\n"
    return Case(source, error="Runtime.ExitError", message=f"RequestId: ID Error: {reason}", fatal=True)


def breaks(source: str, error: str, message: str | None, **options: Any) -> Case:
    return Case(source, error=error, message=message, **options)


COUNT = "n = 0\ndef lambda_handler(event, context):\n    global n\n    n += 1\n"
ECHO = "def lambda_handler(event, context):\n    return event\n"
EXITED = "Runtime exited without providing a reason"
STATUS = "Runtime exited with error: exit status "
TOO_LARGE = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."

CASES: dict[str, Case] = {
    # what may be returned
    "none": returns("None", None),
    "text": returns("'good'", "good"),
    "non_ascii": returns("{'sted': 'Tromsø ☂ 𝄞'}", {"sted": "Tromsø ☂ 𝄞"}),
    "nested": returns("{'a': [1, 2.5, True, {'b': None}]}", {"a": [1, 2.5, True, {"b": None}]}),
    "tuple": returns("(1, (2, 3))", [1, [2, 3]]),
    "namedtuple": returns("P(1, 2)", {"x": 1, "y": 2}, first="import collections as c\nP = c.namedtuple('P', 'x y')"),
    "int_enum": returns("[E.A]", [7], first="import enum\nclass E(enum.IntEnum):\n    A = 7"),
    "odd_keys": returns("{3: 1, None: 2, True: 3}", {"3": 1, "null": 2, "true": 3}),
    "nan": returns("float('nan')", float("nan")),
    "infinity": returns("[float('inf'), float('-inf')]", [float("inf"), float("-inf")]),
    "decimal": returns("[D('1.10'), D('1E+3')]", [1.1, 1000.0], first="from decimal import Decimal as D"),
    "decimal_nan": returns("D('NaN')", float("nan"), first="from decimal import Decimal as D"),
    "nested_bytes": returns("{'a': 'ø'.encode()}", {"a": "ø"}),
    "bytes_of_json": returns("b'{\"a\": 1}'", {"a": 1}),
    "bytes_that_are_no_json": returns("b'plain words'", "plain words"),
    "bytes_that_are_no_text": returns("b'\\xff\\x00x'", "\N{REPLACEMENT CHARACTER}\0x"),
    "empty_bytes": returns("b''", ""),
    "at_the_cap": returns("'x' * (6 * 1024 * 1024 + 98)", "x" * (6 * 1024 * 1024 + 98)),
    # what may not
    "datetime": refuses(
        "d.datetime(2026, 1, 1)", "Object of type datetime is not JSON serializable", first="import datetime as d"
    ),
    "set": refuses("{1}", "Object of type set is not JSON serializable"),
    "generator": refuses("(x for x in 'ab')", "Object of type generator is not JSON serializable"),
    "object": refuses("context", "Object of type LambdaContext is not JSON serializable"),
    "circular": refuses("l", "Circular reference detected", first="l = []\nl.append(l)"),
    "coroutine": breaks(
        "async def lambda_handler(event, context):\n    return 1\n",
        "Runtime.MarshalError",
        "Unable to marshal response: Object of type coroutine is not JSON serializable",
    ),
    "over_the_cap": Case(
        "def lambda_handler(event, context):\n    return 'x' * (6 * 1024 * 1024 + 99)\n",
        error="Function.ResponseSizeTooLarge",
        message=TOO_LARGE,
        fatal=True,
    ),
    "far_over_the_cap": Case(
        "def lambda_handler(event, context):\n    return 'x' * 30_000_000\n",
        error="Function.ResponseSizeTooLarge",
        message=TOO_LARGE,
        fatal=True,
    ),
    "lone_surrogate": ends("return '\\ud800'", STATUS + "1"),
    # what may be raised
    "key_error": raises("event['x']", "KeyError", "'x'"),
    "empty_error": raises("raise ValueError", "ValueError", ""),
    "own_error": raises("raise N.Sensor('north')", "Sensor", "north", first="class N:\n class Sensor(Exception): pass"),
    "chained_error": raises("raise ValueError('b') from KeyError('a')", "ValueError", "b"),
    "long_error": raises("raise ValueError('é☂𝄞\"\\n\\\\' * 100_000)", "ValueError", 'é☂𝄞"\n\\' * 100_000),
    "error_over_the_cap": Case(
        "def lambda_handler(event, context):\n    raise ValueError('x' * 8_000_000)\n",
        error="Function.ResponseSizeTooLarge",
        message=TOO_LARGE,
        fatal=True,
    ),
    "surrogate_in_error": ends("raise ValueError('\\ud800')", STATUS + "1"),
    "recursion": raises("lambda_handler(event, context)", "RecursionError", None),
    "wrong_arity": breaks(
        "def lambda_handler(event):\n    pass\n",
        "TypeError",
        "lambda_handler() takes 1 positional argument but 2 were given",
    ),
    "no_function": breaks("lambda_handler = 3\n", "TypeError", "'int' object is not callable"),
    "read_only": raises("open('out.json', 'w')", "OSError", "[Errno 30] Read-only file system: 'out.json'"),
    # what ends the process
    "exit_0": ends("sys.exit()", EXITED),
    "exit_3": ends("sys.exit(3)", STATUS + "3"),
    "exit_words": ends("sys.exit('no more')", STATUS + "1"),
    "exit_builtin": ends("exit(4)", STATUS + "4"),
    "exit_at_once": ends("os._exit(5)", STATUS + "5"),
    "exit_at_import": ends("pass", STATUS + "6", first="sys.exit(6)"),
    "abort": ends("os.abort()", "Runtime exited with error: signal: aborted"),
    "timeout": Case(
        "import time\ndef lambda_handler(event, context):\n    time.sleep(60)\n",
        error="Sandbox.Timedout",
        message="RequestId: ID Error: Task timed out after 0.30 seconds",
        fatal=True,
        settings={"timeout": 0.3},
    ),
    # what fails before the first event
    "no_dot": breaks(
        ECHO,
        "Runtime.MalformedHandlerName",
        "Bad handler 'lambda_function': not enough values to unpack (expected 2, got 1)",
        settings={"handler": "lambda_function"},
    ),
    "no_module": breaks(
        ECHO,
        "Runtime.ImportModuleError",
        "Unable to import module 'lambda_funktion': No module named 'lambda_funktion'",
        settings={"handler": "lambda_funktion.lambda_handler"},
    ),
    "no_dependency": breaks(
        "import requestz\n",
        "Runtime.ImportModuleError",
        "Unable to import module 'lambda_function': No module named 'requestz'",
    ),
    "no_name": breaks(
        "from json import nothing\n",
        "Runtime.ImportModuleError",
        None,
    ),
    "syntax": breaks(
        "def lambda_handler(event, context):\n    return {'a'\n",
        "Runtime.UserCodeSyntaxError",
        "Syntax error in module 'lambda_function': '{' was never closed (lambda_function.py, line 2)",
    ),
    "no_handler": breaks(
        "def handler(event, context):\n    pass\n",
        "Runtime.HandlerNotFound",
        "Handler 'lambda_handler' missing on module 'lambda_function'",
    ),
    "builtin_module": breaks(
        ECHO,
        "Runtime.BuiltInModuleConflict",
        "Cannot use built-in module sys as a handler module",
        settings={"handler": "sys.exit"},
    ),
    "error_at_import": breaks("import os\nos.environ['BUCKET_NAME']\n", "KeyError", "'BUCKET_NAME'"),
    # events
    "event_object": Case(ECHO, {"a": [1, None, "ø"]}, events=({"a": [1, None, "ø"]},)),
    "event_null": Case(ECHO, None, events=(None,)),
    "event_list": Case(ECHO, [1, 2], events=([1, 2],)),
    "event_text": Case(ECHO, "x", events=("x",)),
    "event_number": Case(ECHO, 1e300, events=(1e300,)),
    "event_big": Case(
        "def lambda_handler(event, context):\n    return len(event)\n", 6_000_000, events=("x" * 6_000_000,)
    ),
    "event_deep": Case(
        "def lambda_handler(event, context):\n    depth = 0\n    while event:\n"
        "        event, depth = event[0], depth + 1\n    return depth\n",
        400,
        events=(json.loads("[" * 401 + "]" * 401),),
    ),
    # state
    "warm": Case(COUNT + "    return n\n", 3, events=(1, 2, 3)),
    "warm_after_error": Case(COUNT + "    return 1 / (n - 1)\n", 1.0, events=(1, 2)),
    "fresh_after_exit": Case(
        COUNT + "    if n == 2: raise SystemExit\n    return n\n",
        1,
        events=(1, 2, 3),
    ),
    "package": Case("", "inside", settings={"handler": "pkg/sub.handle"}),
    "package_dotted": Case("", "inside", settings={"handler": "pkg.sub.handle"}),
    "answered_by_itself": Case(
        "import http.client, os\n"
        + ECHO.replace(
            "return event",
            "connection = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n"
            "    path = f'/2018-06-01/runtime/invocation/{context.aws_request_id}/response'\n"
            "    connection.request('POST', path, b'\"forged\"')\n    connection.getresponse()\n    return 'late'",
        ),
        "forged",
        events=(1, 2),
        fatal=True,
    ),
    # logs
    "levels": Case(
        "import logging\nlog = logging.getLogger(__name__)\ndef lambda_handler(event, context):\n"
        "    for level in (10, 20, 30, 40, 50): log.log(level, 'at %d', level)\n",
        None,
    ),
    "level_set": Case(
        "import logging\nlogging.getLogger().setLevel('DEBUG')\ndef lambda_handler(event, context):\n"
        "    logging.debug('d'); logging.info({'a': 1}); logging.info('two\\nlines')\n",
        None,
        events=(1, 2),
    ),
    "printed_and_logged": Case(
        "import logging, sys\nprint('at import')\nlogging.error('at import too')\ndef lambda_handler(event, context):\n"
        "    for n in range(20):\n        print('printed', n)\n        logging.warning('logged %s', n)\n"
        "    print('no end', end='')\n    context.log('said\\n')\n    print('on stderr', file=sys.stderr)\n",
        None,
    ),
    "exception_logged": Case(
        "import logging\ndef lambda_handler(event, context):\n    try:\n        1 / 0\n"
        "    except ZeroDivisionError:\n        logging.exception('failed')\n",
        None,
    ),
    "context": Case(
        "def lambda_handler(event, context):\n"
        "    return [context.function_name, context.function_version, context.memory_limit_in_mb,\n"
        "            context.invoked_function_arn, context.log_group_name, context.client_context,\n"
        "            context.identity.cognito_identity_id, context.tenant_id]\n",
        [
            "function",
            "$LATEST",
            "128",
            "arn:aws:lambda:us-east-1:123456789012:function:function",
            "/aws/lambda/function",
            None,
            None,
            None,
        ],
    ),
}

NOT_INLINE = ("read_only", "recursion")  # there the file system is writable, and the stack already deep


@pytest.fixture
def launcher() -> Launcher:
    """The cases below bring their own."""
    return SpawnLauncher()


def ways(name: str) -> list[Platform]:
    """awslambdaric's native part is built for Linux only, and only there can be forked."""
    clients = [RuntimeClient.PURE]
    if importlib.util.find_spec("runtime_client"):
        clients.append(RuntimeClient.NATIVE)
    launchers = [SpawnLauncher(), *([ForkLauncher()] if processes.LINUX else [])]
    platforms = [Platform(launcher=launcher, client=client) for launcher in launchers for client in clients]
    if not CASES[name].fatal and name not in NOT_INLINE:
        platforms.append(Platform(launcher=InlineLauncher()))
    return platforms


def run(case: Case, deploy, platform: Platform) -> list[Invocation]:
    files = {"lambda_function.py": case.source, "pkg/sub.py": "def handle(event, context):\n    return 'inside'\n"}
    function = deploy(files, platform=platform, **case.settings)
    return [function.invoke(event) for event in case.events]


def facts(invocation: Invocation) -> str:
    """What two runs must have in common, as text (so that NaN equals NaN)."""
    text = json.dumps(
        [
            invocation.payload,
            str(invocation.error),
            invocation.error and invocation.error.stack_trace,
            invocation.cold,
            [(record.level, record.message) for record in invocation.logs],
        ]
    )
    return re.sub(r"line \d+", "line N", text.replace(invocation.request_id, "ID"))


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("name", CASES)
def test_every_way_of_running_is_equal_and_as_on_aws(name: str, deploy) -> None:
    case = CASES[name]
    first, *others = (run(case, deploy, platform) for platform in ways(name))
    check(case, first[-1])
    for other in others:
        assert list(map(facts, other)) == list(map(facts, first))


def check(case: Case, invocation: Invocation) -> None:
    if case.error is None:
        assert invocation.error is None, invocation.log_text
        assert json.dumps(invocation.payload) == json.dumps(case.payload)
        return
    assert invocation.error is not None, invocation.payload
    assert invocation.error.type == case.error
    if case.message is not None:
        assert invocation.error.message.replace(invocation.request_id, "ID") == case.message
    assert invocation.function_error == "Unhandled"
    assert invocation.status_code == 200
