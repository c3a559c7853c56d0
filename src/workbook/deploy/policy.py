"""The execution role's policy: what a function needs, from its manifest or from the calls that it made."""

from collections.abc import Iterable, Sequence
from typing import Any

from workbook.cloud.permissions import ACCOUNT, REGION, Need

VERSION = "2012-10-17"

# What a small function does, as a rule, with each service: actions, and where they apply ({} is a bucket).
USUAL = {
    "dynamodb": (("GetItem", "PutItem", "Query", "UpdateItem"), f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/*"),
    "events": (("DescribeRule", "PutRule", "PutTargets"), f"arn:aws:events:{REGION}:{ACCOUNT}:rule/*"),
    "iam": (("PassRole",), f"arn:aws:iam::{ACCOUNT}:role/*"),
    "lambda": (("AddPermission", "GetFunction"), f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"),
    "scheduler": (
        ("CreateSchedule", "GetSchedule", "UpdateSchedule"),
        f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/*",
    ),
    "secretsmanager": (("GetSecretValue",), f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*"),
    "sns": (("Publish",), f"arn:aws:sns:{REGION}:{ACCOUNT}:*"),
    "sqs": (("SendMessage",), f"arn:aws:sqs:{REGION}:{ACCOUNT}:*"),
    "ssm": (("GetParameter",), f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/*"),
}


def grant_usual(function_name: str, services: Sequence[str], buckets: Sequence[str]) -> dict[str, Any]:
    """The policy document for the services that a manifest names: their usual actions on the lab's resources.
    Wider than need be: `grant_observed` narrows it."""
    statements = []
    for service in services:
        if service == "s3":
            for bucket in buckets or ["*"]:
                arn = f"arn:aws:s3:::{bucket}"
                statements.append(_allow(["s3:GetBucketLocation", "s3:ListBucket"], [arn]))
                statements.append(_allow(["s3:GetObject", "s3:PutObject"], [f"{arn}/*"]))
        elif service in USUAL:
            actions, resource = USUAL[service]
            statements.append(_allow([f"{service}:{action}" for action in actions], [resource]))
    return _document(function_name, statements)


def grant_observed(function_name: str, needs: Iterable[Need]) -> dict[str, Any]:
    """The policy document for exactly the needs that were seen; keys of one bucket become their common folder."""
    places: dict[str, set[str]] = {}
    for need in needs:
        places.setdefault(need.action, set()).add(need.resource)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for action, resources in sorted(places.items()):
        grouped.setdefault(tuple(_narrow(resources, action)), []).append(action)
    return _document(function_name, [_allow(actions, list(resources)) for resources, actions in grouped.items()])


def _document(function_name: str, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """The statements, after those with which a function writes its log (AWSLambdaBasicExecutionRole, narrowed)."""
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}"
    group = f"{logs}:log-group:/aws/lambda/{function_name}:*"
    own = [
        _allow(["logs:CreateLogGroup"], [f"{logs}:*"]),
        _allow(["logs:CreateLogStream", "logs:PutLogEvents"], [group]),
    ]
    return {"Version": VERSION, "Statement": [*own, *statements]}


def _allow(actions: list[str], resources: list[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": _one_or_all(actions), "Resource": _one_or_all(resources)}


def _one_or_all(texts: list[str]) -> str | list[str]:
    return texts[0] if len(texts) == 1 else texts


def _narrow(resources: set[str], action: str) -> list[str]:
    """Objects of one bucket as their common folder; everything else as it is. A single key that was read stays
    itself; one that was written stands for its top folder, since the next reading has another key."""
    folders: dict[str, set[str]] = {}
    others = set()
    for resource in resources:
        bucket, slash, key = resource.partition("/")
        if resource.startswith("arn:aws:s3:::") and slash:
            folders.setdefault(bucket, set()).add(key)
        else:
            others.add(resource)
    writes = action == "s3:PutObject"
    objects = [f"{bucket}/{_common(keys, writes)}" for bucket, keys in folders.items()]
    return sorted(others | set(objects))


def _common(keys: set[str], writes: bool) -> str:
    if len(keys) == 1:
        [key] = keys
        return f"{key.partition('/')[0]}/*" if writes and "/" in key else key
    shared = []
    for parts in zip(*(key.split("/")[:-1] for key in keys), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join([*shared, "*"])
