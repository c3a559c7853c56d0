"""AWS's own rules for what a manifest names. Each function returns the fault that it finds, or None."""

import re
from collections.abc import Mapping

from workbook.course.facts import limits
from workbook.course.table import Fault, quoted

# Lambda Developer Guide, "Defined runtime environment variables"; AWS_DEFAULT_REGION as Lambda's own emulator has it.
RESERVED_KEYS = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


def function_name_fault(name: str) -> Fault | None:
    longest = limits().function_name_length
    if re.fullmatch(rf"[a-zA-Z0-9_-]{{1,{longest}}}", name):
        return None
    return (
        f"{quoted(name)} is no name that Lambda takes",
        f"Write at most {longest} letters, digits, hyphens and underscores.",
    )


def handler_fault(handler: str) -> Fault | None:
    """A handler is `module.function`; the module may lie in folders, `src/collector.lambda_handler`."""
    longest = limits().handler_length
    if len(handler) > longest:
        return f"is longer than Lambda allows ({longest} characters)", "Shorten it."
    if "." not in handler:
        return f"{quoted(handler)} has no dot", "Write module.function, such as lambda_function.lambda_handler."
    if re.fullmatch(r"([\w-]+[/.])*[\w-]+\.[^\W\d]\w*", handler):
        return None
    return (
        f"{quoted(handler)} names no module and function",
        "Write module.function, such as lambda_function.lambda_handler.",
    )


def environment_key_fault(key: str) -> Fault | None:
    if key in RESERVED_KEYS:
        return "is reserved: Lambda sets it itself", "Choose another name."
    if re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_]+", key):
        return None
    return (
        "is no name that Lambda takes",
        "Write two or more letters, digits and underscores, beginning with a letter.",
    )


def environment_size_fault(environment: Mapping[str, str]) -> Fault | None:
    """All variables together may take 4 KB, measured as JSON."""
    import json

    most = limits().environment_bytes
    size = len(json.dumps(dict(environment), ensure_ascii=False, separators=(",", ":")).encode())
    if size <= most:
        return None
    return (
        f"takes {size} bytes, more than Lambda allows ({most} for all variables together)",
        "Shorten the values, or keep them in a file of the function.",
    )


def bucket_fault(name: str) -> Fault | None:
    """S3 User Guide, "General purpose bucket naming rules"."""
    problem = f"{quoted(name)} is no name that S3 takes"
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        return (
            problem,
            "Write 3 to 63 lower-case letters, digits and hyphens, with a letter or digit at both ends.",
        )
    if ".." in name or re.fullmatch(r"(\d{1,3}\.){3}\d{1,3}", name):
        return problem, "Leave out the dots: hyphens separate words well."
    reserved = name.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or name.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    )
    return (problem, "Choose another beginning and ending: S3 reserves this one.") if reserved else None


def service_fault(name: str) -> Fault | None:
    """Services are named as boto3 names them."""
    if re.fullmatch(r"[a-z][a-z0-9-]{1,39}", name):
        return None
    return f"{quoted(name)} is no name of a service", "Write it as boto3.client takes it, such as s3 or scheduler."


def schedule_fault(expression: str, service: str) -> Fault | None:
    """The outer form only: what stands in the brackets is judged where schedules are parsed."""
    forms = ("rate", "cron", "at") if service == "scheduler" else ("rate", "cron")
    if re.fullmatch(rf"({'|'.join(forms)})\([^()]+\)", expression):
        return None
    choices = " or ".join(f"{form}(...)" for form in forms)
    return f"{quoted(expression)} is no schedule of this service", f"Write {choices}."


def file_fault(name: str) -> Fault | None:
    """A file inside the lab's folder: relative, with `/`, and a name that every system can hold."""
    parts = name.split("/")
    if all(re.fullmatch(r"[\w.-]*[\w-]", part) for part in parts) and len(name) <= 200:
        return None
    return (
        f"{quoted(name)} is no plain path inside the lab's folder",
        "Write a name such as lambda_function.py or src/stations.py.",
    )
