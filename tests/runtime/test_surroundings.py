"""What a function finds round it: variables, files, packages, its context; and what it never finds."""

import os
import sys
from pathlib import Path

import pytest

HANDLER = "import os, sys\ndef lambda_handler(event, context):\n    {}\n"

ON_AWS = {
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION",
    "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API", "AWS_XRAY_CONTEXT_MISSING", "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT", "LANG", "LC_CTYPE", "PATH", "PWD", "PYTHONPATH", "SHLVL", "TZ", "_HANDLER", "_X_AMZN_TRACE_ID",
}  # fmt: skip
OURS = {
    "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_EC2_METADATA_DISABLED",
    "AWS_MAX_ATTEMPTS", "NO_PROXY", "TMPDIR",
}  # fmt: skip


def answer(deploy, statement: str, event=None, **settings):
    invocation = deploy(HANDLER.format(statement), **settings).invoke(event)
    assert invocation.error is None, invocation.log_text
    return invocation.payload


def error(deploy, statement: str, **settings) -> str:
    return str(deploy(HANDLER.format(statement), **settings).invoke().error)


@pytest.mark.skipif(os.name != "posix", reason="Windows needs some of its own")
def test_the_variables_are_lambdas_and_none_of_the_users(deploy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "canary")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("HTTPS_PROXY", "http://canary")
    found = answer(deploy, "return dict(os.environ)", environment={"BUCKET_NAME": "b"}, runtime="python3.12")
    assert found.keys() == ON_AWS | OURS | {"BUCKET_NAME"}
    assert "canary" not in " ".join(found.values())
    assert found["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.12"
    assert found["AWS_LAMBDA_FUNCTION_VERSION"] == "$LATEST"
    assert found["_HANDLER"] == "lambda_function.lambda_handler"
    assert found["_X_AMZN_TRACE_ID"].startswith("Root=1-")


def test_the_sdk_is_pointed_at_empty_files(deploy) -> None:
    names = "'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'"
    assert answer(deploy, f"return [open(os.environ[name]).read() for name in ({names})]") == ["", ""]


def test_the_clock_is_utc(deploy) -> None:
    assert answer(deploy, "import time; return [time.timezone, time.tzname[0]]") == [0, "UTC"]


def test_the_context(deploy) -> None:
    statement = (
        "return [context.aws_request_id, context.get_remaining_time_in_millis(), context.memory_limit_in_mb,"
        " context.log_stream_name, context.function_name, context.invoked_function_arn, hasattr(context, 'request_id')]"
    )
    function = deploy(HANDLER.format(statement), timeout=7, memory=256, name="harbour")
    invocation = function.invoke()
    request_id, remaining, memory, stream, name, arn, has_request_id = invocation.payload
    assert request_id == invocation.request_id
    assert 5000 < remaining <= 7000
    assert memory == "256"
    assert "[$LATEST]" in stream
    assert (name, arn) == ("harbour", "arn:aws:lambda:us-east-1:123456789012:function:harbour")
    assert not has_request_id


READ_ONLY = {
    "write": "open('out.json', 'w')",
    "append": "open(__file__, 'a')",
    "update": "open(__file__, 'r+')",
    "mkdir": "os.mkdir('d')",
    "rename": "os.rename(__file__, '/tmp/x')",
    "remove": "os.remove(__file__)",
    "outside": "open('/usr/out.json', 'w')",
    "link": "os.symlink('/tmp', 'link')",
    "chmod": "os.chmod(__file__, 0o777)",
    "relative to a descriptor": "os.unlink('lambda_function.py', dir_fd=os.open('.', os.O_RDONLY))",
}


@pytest.mark.skipif(os.name != "posix", reason="POSIX paths")
@pytest.mark.parametrize("how", READ_ONLY)
def test_the_file_system_is_read_only(how: str, deploy) -> None:
    invocation = deploy(HANDLER.format(READ_ONLY[how])).invoke()
    assert invocation.error is not None
    assert invocation.error.message.startswith("[Errno 30] Read-only file system: ")
    assert [frame.split('"')[1] for frame in invocation.error.stack_trace] == ["/var/task/lambda_function.py"]
    assert "read_only" not in invocation.log_text


WRITABLE = {
    "temporary file": "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
    "temporary folder": "import tempfile\n    with tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').close()",
    "tmp": "open('/tmp/workbook_test_a', 'w').write('x'); os.rename('/tmp/workbook_test_a', '/tmp/workbook_test_b')",
    "folder in tmp": "os.makedirs('/tmp/workbook_test_d/e'); open('/tmp/workbook_test_d/e/f', 'w').close()",
    "link in tmp": "os.symlink('/usr', '/tmp/workbook_test_l')",
    "tree in tmp": "import shutil; os.makedirs('/tmp/workbook_test_t/u'); shutil.rmtree('/tmp/workbook_test_t')",
    "null": "open(os.devnull, 'w').write('x')",
    "stdout": "open('/dev/stdout', 'a').write('x')",
}


@pytest.mark.skipif(os.name != "posix", reason="POSIX paths")
@pytest.mark.parametrize("how", WRITABLE)
def test_temporary_folders_are_writable_and_emptied(how: str, deploy) -> None:
    function = deploy(HANDLER.format(WRITABLE[how] + "\n    return 'done'"))
    assert function.invoke().payload == "done"
    function.close()
    assert list(Path("/tmp").glob("workbook_test_*")) == []
    assert Path("/usr").exists()


@pytest.mark.skipif(os.name != "posix", reason="POSIX paths")
def test_the_users_own_files_in_tmp_stay(deploy, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine")
    os.utime(kept, (1, 1))
    import time

    time.sleep(1.1)
    for statement in (f"os.remove({str(kept)!r})", f"open({str(kept)!r}, 'w')", f"os.rename({str(kept)!r}, '/tmp/z')"):
        assert error(deploy, statement).startswith("PermissionError: [Errno 13]")
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("name", ["requests", "moto", "pytest", "workbook", "flask", "pip", "_pytest", "runtime_api"])
def test_packages_of_the_bench_cannot_be_imported(name: str, deploy) -> None:
    invocation = deploy(f"import {name}\n").invoke()
    assert str(invocation.error) == (
        f"Runtime.ImportModuleError: Unable to import module 'lambda_function': No module named '{name}'"
    )


def test_boto3_and_what_it_needs_can(deploy) -> None:
    statement = (
        "import boto3, botocore, dateutil, jmespath, s3transfer, six, urllib3\n"
        "    from importlib.metadata import version\n"
        "    assert version('boto3') == boto3.__version__ and version('python-dateutil')\n"
        "    from importlib.metadata import distributions\n"
        "    return [d.metadata['Name'] for d in distributions()]"
    )
    names = answer(deploy, statement)
    assert "boto3" in names
    assert not {"moto", "pytest", "requests"} & set(names)


def test_the_codes_own_packages_come_first(deploy, tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    layer.mkdir()
    (layer / "six.py").write_text("WHOSE = 'the layer'")
    (layer / "extra.py").write_text("WHOSE = 'the layer'")
    files = {
        "lambda_function.py": "import boto3, extra, requests, six\ndef lambda_handler(event, context):\n"
        "    return [boto3.WHOSE, requests.WHOSE, six.WHOSE, extra.WHOSE]\n",
        "boto3/__init__.py": "WHOSE = 'the code'",
        "requests.py": "WHOSE = 'the code'",
    }
    assert deploy(files, layers=[layer]).invoke().payload == ["the code", "the code", "the layer", "the layer"]


def test_a_helper_named_like_a_standard_module_breaks_nothing_of_the_runtime(deploy) -> None:
    names = ("logging", "token", "json", "http", "queue", "decimal", "simplejson")
    files = {f"{name}.py": "raise RuntimeError('shadowed')" for name in names}
    files["lambda_function.py"] = (
        "import json, logging\ndef lambda_handler(event, context):\n    return json.dumps(event)\n"
    )
    assert deploy(files).invoke([1]).payload == "[1]"


def test_no_bytecode_is_written(deploy) -> None:
    files = {
        "lambda_function.py": "import helper\ndef lambda_handler(e, c):\n    import os; return os.listdir()\n",
        "helper.py": "",
    }
    assert sorted(deploy(files).invoke().payload) == ["helper.py", "lambda_function.py"]


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with credentials that look real."""
    home = tmp_path / "home"
    (home / ".aws" / "sso" / "cache").mkdir(parents=True)
    (home / ".aws" / "credentials").write_text(
        "[default]\naws_access_key_id = CANARY\naws_secret_access_key = CANARY\n"
        "[prod]\naws_access_key_id = CANARY\naws_secret_access_key = CANARY\n"
    )
    (home / ".boto").write_text("[Credentials]\naws_access_key_id = CANARY\naws_secret_access_key = CANARY\n")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.setenv(name, "CANARY")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(home / ".aws" / "credentials"))
    return home


CHAINS = {
    "default": "boto3.Session().get_credentials()",
    "profile": "boto3.Session(profile_name='prod').get_credentials()",
    "no variables": "[os.environ.pop(k) for k in list(os.environ) if k.startswith('AWS_')], boto3.Session("
    "region_name='us-east-1').get_credentials()",
    "home put back": "os.environ.update(HOME=event), [os.environ.pop(k) for k in list(os.environ) if 'FILE' in k],"
    " boto3.Session(profile_name='prod').get_credentials()",
    "boto 2": "os.environ.update(HOME=event), [os.environ.pop(k) for k in list(os.environ) if k.startswith('AWS_')],"
    " boto3.Session(region_name='us-east-1').get_credentials()",
}


@pytest.mark.parametrize("chain", CHAINS)
def test_real_credentials_are_not_found(chain: str, deploy, canary: Path) -> None:
    source = HANDLER.format(
        f"import boto3\n    os.environ['AWS_METADATA_SERVICE_NUM_ATTEMPTS'] = '1'\n    found = {CHAINS[chain]}\n"
        "    found = found[-1] if isinstance(found, tuple) else found\n"
        "    return found and found.access_key"
    )
    invocation = deploy(source, timeout=20).invoke(str(canary))
    assert "CANARY" not in str(invocation.payload) + invocation.log_text
    if chain == "default":
        assert invocation.payload == "ASIAWORKBOOKEXAMPLE0"
    if chain in ("profile", "home put back"):
        assert str(invocation.error) == "ProfileNotFound: The config profile (prod) could not be found"


def test_the_credential_files_look_absent(deploy, canary: Path) -> None:
    for statement in ("open(event + '/.aws/credentials')", "os.listdir(event + '/.aws')", "open(event + '/.boto')"):
        invocation = deploy(HANDLER.format(statement)).invoke(str(canary))
        assert invocation.error is not None
        assert invocation.error.type == "FileNotFoundError"


def test_no_call_leaves_without_a_cloud(deploy) -> None:
    source = "import boto3\ndef lambda_handler(event, context):\n    boto3.client('s3').list_buckets()\n"
    failed = deploy(source, timeout=20).invoke()
    assert failed.error is not None
    assert failed.error.type == "EndpointConnectionError"
    assert failed.error.message.endswith('"http://127.0.0.1:9/"')


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_standard_input_is_empty_and_descriptors_are_few(deploy) -> None:
    statement = "return [sys.stdin.read(), len(os.listdir('/proc/self/fd')) if os.path.exists('/proc') else 0]"
    text, descriptors = answer(deploy, statement)
    assert text == ""
    assert descriptors < 10
