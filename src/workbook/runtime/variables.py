"""The environment of a function's process, built from nothing: Lambda's variables and the function's own.

Recorded on AWS for python3.13 (reference: LocalStack's validated snapshot test_introspection_invoke). None of
the user's variables pass; no credential of theirs can be found from here.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ACCOUNT = "123456789012"
REGION = "us-east-1"
NOWHERE = "http://127.0.0.1:9"  # nothing listens on the discard port: without a cloud no call can leave

RESERVED = re.compile(
    r"_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_FUNCTION_\w+"
    r"|AWS_LAMBDA_INITIALIZATION_TYPE|AWS_LAMBDA_LOG_(GROUP|STREAM)_NAME|AWS_ACCESS_KEY(_ID)?|AWS_SECRET_ACCESS_KEY"
    r"|AWS_SESSION_TOKEN|AWS_LAMBDA_RUNTIME_API|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR"
)
MAX_BYTES = 4096
KEY = re.compile(r"[a-zA-Z][a-zA-Z0-9_]+")
FAKE_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "ASIAWORKBOOKEXAMPLE0",
    "AWS_SECRET_ACCESS_KEY": "workbook-execution-role-secret-not-real",
    "AWS_SESSION_TOKEN": "workbook-execution-role-session-not-real",
}


def check_own(environment: Mapping[str, str]) -> None:
    """Raise ValueError for a variable that Lambda would not let a function set."""
    for key, value in environment.items():
        if RESERVED.fullmatch(key):
            raise ValueError(f"{key} is reserved: Lambda sets it, and refuses a function that tries to.")
        if not KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no variable name for Lambda: a letter, then letters, digits or _.")
        if not _is_text(value):
            raise ValueError(f"{key} must be a text: Lambda's environment variables hold nothing else.")
    measured = json.dumps(dict(environment), ensure_ascii=False, separators=(",", ":"))
    if len(measured.encode()) > MAX_BYTES:
        raise ValueError(
            "Lambda was unable to configure your environment variables because the environment variables you have "
            f"provided exceeded the 4KB limit. String measured: {measured}"
        )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value and not re.search("[\ud800-\udfff]", value)


def build(
    own: Mapping[str, str],
    *,
    name: str,
    handler: str,
    runtime: str,
    memory: int,
    log_stream: str,
    task_root: Path,
    temporary: Path,
    empty_file: Path,
    api_address: str,
    endpoint: str | None,
    credentials: Mapping[str, str] | None,
) -> dict[str, str]:
    """Every variable that the function's process starts with."""
    posix = sys.platform != "win32"
    variables = {
        "LANG": "en_US.UTF-8",
        "LC_CTYPE": "C.UTF-8",
        "TZ": ":UTC" if posix else "UTC",
        "PATH": "/usr/local/bin:/usr/bin/:/bin" if posix else os.environ.get("PATH", ""),
        "PYTHONPATH": "/var/runtime",
        **own,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        **(credentials or FAKE_CREDENTIALS),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": api_address,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": str(task_root),
        "PWD": str(task_root),
        "SHLVL": "0",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "_HANDLER": handler,
        # Not on AWS: they keep a function here from reaching anything real, and its failures short.
        "AWS_ENDPOINT_URL": endpoint or NOWHERE,
        "AWS_CONFIG_FILE": str(empty_file),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty_file),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "TMPDIR": str(temporary),
    }
    if not posix:
        variables |= {"TEMP": str(temporary), "TMP": str(temporary)}
        variables |= {key: os.environ[key] for key in ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC") if key in os.environ}
    return variables
