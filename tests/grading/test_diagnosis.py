"""Every entry of the table of diagnoses, made to appear by a function that fails that way."""

import string
from pathlib import Path

import pytest

from workbook.cloud import Cloud
from workbook.grading.diagnosis import Diagnosis, Symptoms, diagnose, table
from workbook.runtime import Code, Configuration, Function, FunctionError, Invocation, Platform

HANDLER = "def lambda_handler(event, context):\n"
S3 = "import boto3\ns3 = boto3.client('s3')\n" + HANDLER

# id: (code, words in what it means, words in what to try)
CASES = {
    "handler-missing": ("def handler(event, context): pass", "defines no lambda_handler", "def lambda_handler("),
    "module-not-found": ("import requests\n" + HANDLER + " pass", "import of requests", "packed with the function"),
    "import-failed": ("from json import nothing\n" + HANDLER + " pass", "cannot import name 'nothing'", "import lines"),
    "syntax-error": (HANDLER + "    return {'a'\n", "line 2", "a missing bracket"),
    "lambda-as-name": (
        "import boto3\nlambda = boto3.client('lambda')\n" + HANDLER + "    pass",
        "a word of Python's own, so nothing can have that name: invalid syntax (lambda_function.py, line 2)",
        "functions = boto3.client",
    ),
    "exit": ("import sys\n" + HANDLER + "    sys.exit(1)", "ended the whole process", "Return an answer"),
    "crash": ("import os, signal\n" + HANDLER + "    os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "ctypes"),
    "killed": ("import os, signal\n" + HANDLER + "    os.kill(os.getpid(), signal.SIGKILL)", "memory", "grows"),
    "timeout": ("import time\n" + HANDLER + "    time.sleep(9)", "after 1.00 seconds", "a loop that never ends"),
    "response-too-large": (HANDLER + "    return 'x' * 7_000_000", "6 MB", "return its key"),
    "wrong-arity": ("def lambda_handler(event):\n    return 1", "yours takes 1", "def lambda_handler(event, context)"),
    "async-handler": ("async " + HANDLER + "    return 1", "async def", "plain `def`"),
    "not-serialisable": (HANDLER + "    return {1, 2}", "holds a set", "turn a set into"),
    "not-serialisable-other": (
        HANDLER + "    a = []\n    a.append(a)\n    return a",
        "cannot be written",
        "inside itself",
    ),
    "dumps-not-serialisable": (
        "import json, datetime\n" + HANDLER + "    return json.dumps(datetime.datetime.now())",
        "a datetime in lambda_function.py, line 3",
        ".isoformat()",
    ),
    "environment-missing": (
        "import os\n" + HANDLER + "    return os.environ['BUCKET_NAME']",
        "variable BUCKET_NAME was read in lambda_function.py, line 3",
        "os.environ.get('BUCKET_NAME')",
    ),
    "variable-unset": (
        "import os\n" + HANDLER + "    return os.environ.get('API_KEY').strip()",
        "not set was used in lambda_function.py, line 3",
        "a blank text",
    ),
    "number-from-nothing": (
        HANDLER + "    limit = event.get('limit')\n    return int(limit)",
        "A NoneType was to",
        "first",
    ),
    "number-from-blank": (HANDLER + "    return int('  ')", "A blank text", ".strip()"),
    "variable-in-event": (
        HANDLER + "    return event['BUCKET_NAME']",
        "BUCKET_NAME was looked up in the event in lambda_function.py, line 2",
        "os.environ.get('BUCKET_NAME')",
    ),
    "exception-not-defined": (
        HANDLER + "    raise SensorError('north-quay')",
        "no exception of that name",
        "class SensorError(Exception): pass",
    ),
    "exception-class-without-base": (
        "class SensorError:\n    pass\n\n" + HANDLER + "    raise SensorError('north-quay')",
        "a plain class",
        "class SensorError(Exception):",
    ),
    "local-without-value": (
        HANDLER + "    if not event:\n        level = 'good'\n    return level",
        "level is used in lambda_function.py, line 4",
        "add an else",
    ),
    "request-id-in-event": (HANDLER + "    return event['request_id']", "not there", "context.aws_request_id"),
    "datetime-module": (
        "import datetime\n" + HANDLER + "    return datetime.fromisoformat('2026-01-15')",
        "fromisoformat belongs to the class",
        "from datetime import",
    ),
    "logging-module": (
        "import logging\nlogging.setLevel('INFO')\n" + HANDLER + "    return 1",
        "setLevel belongs to a logger",
        "logging.getLogger().setLevel",
    ),
    "number-from-text": (
        HANDLER + "    return int(event['station'])",
        "'north-quay' was to become",
        "Catch ValueError",
    ),
    "log-level-unknown": (
        "import logging\n" + HANDLER + "    logging.getLogger().setLevel('loud')",
        "the level 'loud' in",
        "in capitals",
    ),
    "raise-outside-except": (HANDLER + "    raise", "nothing behind it", "inside the except block"),
    "event-key-missing": (HANDLER + "    return event['pm25']", "pm25 was looked up in", ".get('pm25')"),
    "context-attribute": (HANDLER + "    return context.request_id", "no request_id", "aws_request_id"),
    "event-wrong-kind": (HANDLER + "    return event['station']['name']", "A str came", "isinstance"),
    "context-not-subscriptable": (HANDLER + "    return context['aws_request_id']", "is an object", "Use a dot"),
    "text-not-datetime": (
        HANDLER + "    return '2026'.astimezone()",
        "only a datetime has astimezone",
        "fromisoformat(text)",
    ),
    "time-not-text": (
        "from datetime import datetime\n" + HANDLER + "    return datetime.fromisoformat(None)",
        "no text in lambda_function.py, line 3",
        "TypeError beside ValueError",
    ),
    "event-already-decoded": ("import json\n" + HANDLER + "    return json.loads(event)", "a dict in", "as it is"),
    "swallowed-denied": (
        "import boto3\nsqs = boto3.client('sqs')\n"
        + HANDLER
        + "    try:\n        sqs.list_queues()\n    except Exception:\n        return 1",
        "ListQueues: AccessDenied",
        "Leave out the call",
    ),
    "botocore-exception-not-imported": (
        HANDLER + "    raise ClientError",
        "one of boto3's exceptions",
        "from botocore.exceptions import ClientError",
    ),
    "log-text-without-place": (HANDLER + "    return 'refused' % 'PutObject'", "no `%s`", "one `%s` for each"),
    "name-not-defined": (HANDLER + "    return os.environ", "os is used in", "import os"),
    "local-module-not-found": (HANDLER + "    import requests", "import of requests failed in", "packed"),
    "read-only-file-system": (HANDLER + "    open('out.json', 'w')", "out.json' was opened", "tempfile.gettempdir()"),
    "no-such-bucket": (
        S3 + "    s3.put_object(Bucket='none-here', Key='k', Body=b'')",
        "does not exist",
        "BUCKET_NAME",
    ),
    "no-such-key": (S3 + "    s3.get_object(Bucket='quay-readings', Key='k')", "not in the bucket", "leading /"),
    "explicit-deny": (
        "from botocore.exceptions import ClientError\n"
        + HANDLER
        + "    said = 'not authorized to perform: s3:PutObject with an explicit deny in an identity-based policy'\n"
        + "    raise ClientError({'Error': {'Code': 'AccessDenied', 'Message': said}}, 'PutObject')",
        "PutObject was refused",
        "what the README says of a refused call",
    ),
    "access-denied": (
        "import boto3\nsqs = boto3.client('sqs')\n" + HANDLER + "    sqs.list_queues()",
        "ListQueues was refused",
        "take the call out",
    ),
    "parameter-validation": (
        S3 + "    s3.put_object(Bucket='quay-readings', Key='k', Body={'a': 1})",
        "before anything was sent",
        "json.dumps",
    ),
    "parameter-missing": (
        S3 + "    s3.put_object(Bucket='quay-readings', Body=b'')",
        "its argument Key is missing",
        "Key=...",
    ),
    "positional-argument": (
        S3 + "    s3.put_object('quay-readings')",
        "put_object was given an argument without its name",
        "by its name",
    ),
    "endpoint-unreachable": (
        "import boto3\ns3 = boto3.client('s3', endpoint_url='http://127.0.0.1:9')\n"
        + HANDLER
        + "    s3.list_buckets()",
        "nothing answers",
        "endpoint_url",
    ),
    "credentials": (
        "import boto3\n" + HANDLER + "    boto3.Session(profile_name='prod')",
        "credentials of its own",
        "profile",
    ),
    "request-timed-out": (
        "class ReadTimeout(OSError): pass\n" + HANDLER + "    raise ReadTimeout('HTTPConnectionPool: Read timed out.')",
        "in its time in lambda_function.py, line 3",
        "requests.Timeout",
    ),
    "request-refused": (
        "import urllib.request\n" + HANDLER + "    urllib.request.urlopen('http://127.0.0.1:9')",
        "nobody listens in lambda_function.py, line 3",
        "URLError",
    ),
    "request-answered-with-error": (
        "import urllib.error\n" + HANDLER + "    raise urllib.error.HTTPError('', 503, 'down', {}, None)",
        "status 503 in",
        "Catch HTTPError",
    ),
    "request-timeout-no-number": (
        HANDLER + "    import urllib3\n    urllib3.Timeout(connect='2')",
        "in lambda_function.py, line 3 is the text 2",
        "float(...)",
    ),
    "address-without-scheme": (
        "import urllib.request\n" + HANDLER + "    urllib.request.urlopen('None/readings/north-quay')",
        "None/readings/north-quay",
        "http:// or https://",
    ),
    "bad-json": ("import json\n" + HANDLER + "    json.loads(\"{'a': 1}\")", "no JSON was read", "not what you expect"),
    "returned-nothing": (HANDLER + "    print('done')", "returned nothing", "`return`"),
    "body-not-text": (HANDLER + "    return {'statusCode': 200, 'body': {'a': 1}}", "not a text", "json.dumps"),
    "body-not-json": (HANDLER + "    return {'body': str({'a': 1})}", "no JSON", "json.dumps"),
    "info-lost": (
        "import logging\nlogging.basicConfig(level=logging.INFO)\n" + HANDLER + "    logging.info('x')\n    return 1",
        "no INFO record arrived",
        "setLevel(logging.INFO)",
    ),
    "root-logs": (
        "import logging\nlogger = logging.getLogger('harbour')\nlogger.setLevel('INFO')\n"
        + HANDLER
        + "    logging.info('x')\n    return 1",
        "use the root logger",
        "logger.info(...) in place of logging.info(...)",
    ),
    "swallowed": (
        S3 + "    try:\n        s3.get_object(Bucket='none-here', Key='k')\n    except Exception:\n        return 1",
        "GetObject: NoSuchBucket",
        "hides the error",
    ),
}

# What these need is given as data: another handler setting, or a moment that is hard to time.
GIVEN = {
    "handler-malformed": FunctionError(
        "Runtime.MalformedHandlerName", "Bad handler 'lambda_handler': not enough values"
    ),
    "handler-module-missing": FunctionError(
        "Runtime.ImportModuleError", "Unable to import module 'lambda_function': No module named 'lambda_function'"
    ),
    "builtin-conflict": FunctionError(
        "Runtime.BuiltInModuleConflict", "Cannot use built-in module time as a handler module"
    ),
    "target-no-arn": FunctionError(
        "ClientError",
        "An error occurred (ValidationException) when calling the PutTargets operation: Parameter harbour-collector is "
        "not valid. Reason: Provided Arn is not in correct format.",
    ),
    "frozen": FunctionError(
        "ClientError", "An error occurred (503) when calling the PutObject operation: Service Unavailable"
    ),
}


@pytest.fixture(scope="module")
def cloud():
    with Cloud(services=["s3"], buckets=["quay-readings"]) as found:
        yield found


def fail(code: str, cloud: Cloud, folder: Path) -> Diagnosis | None:
    (folder / "lambda_function.py").write_text(code)
    settings = Configuration(timeout=1 if "sleep" in code else 10)
    platform = Platform(endpoint=cloud.function_endpoint, gate=cloud.gate)
    with Function(folder, settings, platform=platform) as function:
        invocation = function.invoke({"station": "north-quay"})
    failed = [f"{call.operation}: {call.error}" for call in cloud.calls if call.error]
    cloud.reset()
    return diagnose(Symptoms(invocation, Code.open(folder), about_logs="logging" in code, failed_calls=failed))


@pytest.mark.parametrize("name", CASES)
def test_a_failing_function_is_diagnosed(name: str, cloud: Cloud, tmp_path: Path) -> None:
    code, means, cure = CASES[name]
    found = fail(code, cloud, tmp_path)
    assert found is not None
    assert (found.id, means in found.means, cure in found.cure) == (name, True, True), str(found)


def an_invocation(error: FunctionError | None, **changes) -> Invocation:
    fields = {
        "request_id": "1", "event": {}, "payload": {}, "error": error, "logs": (), "log_text": "", "cold": True,
        "duration_ms": 1.0, "init_ms": 1.0, "billed_ms": 2, "memory_mb": 128, "max_memory_mb": 30,
    }  # fmt: skip
    return Invocation(**fields | changes)


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_error_is_diagnosed(name: str) -> None:
    found = diagnose(Symptoms(an_invocation(GIVEN[name])))
    assert found is not None
    assert found.id == name


def test_an_init_phase_without_end_is_told_from_a_slow_handler() -> None:
    error = FunctionError("Sandbox.Timedout", "RequestId: 1 Error: Task timed out after 3.00 seconds")
    found = diagnose(Symptoms(an_invocation(error, timed_out=True, in_init=True)))
    assert found is not None
    assert found.id == "timeout-init"


def test_every_entry_has_a_case_and_two_plain_lines() -> None:
    assert {entry.id for entry in table()} == {*CASES, *GIVEN, "timeout-init"}
    assert len({entry.id for entry in table()}) == len(table())
    for entry in table():
        for text in (entry.means, entry.cure):
            assert "\n" not in text
            assert text.endswith((".", "{reason}")), entry.id
            words = "".join(literal for literal, _, _, _ in string.Formatter().parse(text))
            assert "!" not in words
            assert "simply" not in words


def test_a_missing_key_on_a_variables_line_is_not_called_a_variable(cloud: Cloud, tmp_path: Path) -> None:
    found = fail("import os\n" + HANDLER + "    return {'a': os.environ['PATH']}['Contents']", cloud, tmp_path)
    assert found is not None
    assert (found.id, "Contents was looked up" in found.means) == ("event-key-missing", True)


def test_a_list_taken_for_a_dict_is_told(cloud: Cloud, tmp_path: Path) -> None:
    found = fail(HANDLER + "    return [1]['station']", cloud, tmp_path)
    assert found is not None
    assert found.means.startswith("A list came where the code expects a dict")


@pytest.mark.parametrize(
    ("name", "line"),
    [("", "logging.info('x')"), ("'harbour'", "logger.info('x')  # not logging.info('x')")],
)
def test_a_logger_used_by_whoever_set_its_level_is_right(name: str, line: str, cloud: Cloud, tmp_path: Path) -> None:
    top = f"import logging\nlogger = logging.getLogger({name})\nlogger.setLevel('INFO')\n"
    assert fail(top + HANDLER + f"    {line}\n    return 1", cloud, tmp_path) is None


DENIED = "An error occurred (AccessDenied) when calling the PutObject operation: with an explicit deny"


@pytest.mark.parametrize(
    ("invocation", "expected"),
    [
        (an_invocation(FunctionError("ClientError", DENIED)), "explicit-deny"),
        (an_invocation(None, payload={}), "swallowed-denied"),
    ],
)
def test_an_error_that_the_check_called_forth_is_not_explained(invocation: Invocation, expected: str) -> None:
    failed = ["PutObject: AccessDenied"]
    for provoked in (None, "NoSuchBucket"):
        found = diagnose(Symptoms(invocation, failed_calls=failed, provoked=provoked))
        assert found is not None
        assert found.id == expected
    assert diagnose(Symptoms(invocation, failed_calls=failed, provoked="AccessDenied")) is None


def test_another_error_is_explained_where_one_was_called_forth() -> None:
    found = diagnose(Symptoms(an_invocation(FunctionError("KeyError", "'pm25'")), provoked="AccessDenied"))
    assert found is not None
    assert found.id == "event-key-missing"


def test_a_right_answer_has_no_diagnosis(cloud: Cloud, tmp_path: Path) -> None:
    assert fail(HANDLER + "    return {'statusCode': 200, 'body': '{}'}", cloud, tmp_path) is None


def test_hostile_text_in_an_error_fills_no_template() -> None:
    found = diagnose(Symptoms(an_invocation(FunctionError("KeyError", "'{means} {0.__class__} %s'"))))
    assert found is not None
    assert "{means} {0.__class__} %s was looked up" in found.means
