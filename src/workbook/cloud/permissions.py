"""The execution role's policy: what a call needs, and whether the policy allows it.

Evaluation follows AWS (docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): refused
unless a statement allows it, and refused whenever one denies it. moto's own evaluation is not used: it takes a
statement without a Resource for one that allows everything, `?` for a letter and upper case for another action.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"

# IAM actions that are not named like the operation (Service Authorization Reference).
ACTIONS = {
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:CopyObject": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:UploadPart": "s3:PutObject",
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:DeleteObjects": "s3:DeleteObject",
    "lambda:Invoke": "lambda:InvokeFunction",
}

# service: the parameters that name a resource, in order, and the ARN that each makes.
RESOURCES = {
    "dynamodb": {"TableName": "table/{}"},
    "events": {"Rule": "rule/{}", "Name": "rule/{}"},
    "iam": {"RoleName": "role/{}", "UserName": "user/{}"},
    "lambda": {"FunctionName": "function:{}"},
    "logs": {"logGroupName": "log-group:{}:*"},
    "scheduler": {"Name": "schedule/default/{}"},
    "secretsmanager": {"SecretId": "secret:{}", "Name": "secret:{}"},
    "sns": {"TopicArn": "{}", "Name": "{}"},
    "sqs": {"QueueUrl": "{}", "QueueName": "{}"},
    "ssm": {"Name": "parameter/{}"},
    "sts": {"RoleArn": "{}"},
}


MAX_CHARACTERS = 10_240  # of the policies in a role, white space not counted (IAM User Guide, IAM and AWS STS quotas)


class PolicyError(ValueError):
    """The document is no policy that AWS would take; the text says what is wrong and what to write."""


@dataclass(frozen=True)
class Need:
    """What one call asks of the policy: an action ("s3:PutObject") on a resource (an ARN, or "*")."""

    action: str
    resource: str


def find_needs(service: str, operation: str, parameters: Mapping[str, Any]) -> tuple[Need, ...]:
    """The permissions that AWS asks for this call; `parameters` are boto3's keyword arguments."""
    action = ACTIONS.get(f"{service}:{operation}", f"{service}:{operation}")
    if service == "s3":
        return tuple(_s3_needs(action, operation, parameters))
    for name, pattern in RESOURCES.get(service, {}).items():
        value = parameters.get(name)
        if isinstance(value, str) and value:
            return (Need(action, value if value.startswith("arn:") else _arn(service, pattern, value)),)
    return (Need(action, "*"),)


def _s3_needs(action: str, operation: str, parameters: Mapping[str, Any]) -> Iterator[Need]:
    bucket, key = parameters.get("Bucket"), parameters.get("Key")
    if not bucket:
        yield Need(action, "*")
        return
    if operation == "DeleteObjects":
        for entry in (parameters.get("Delete") or {}).get("Objects", []):
            yield Need(action, f"arn:aws:s3:::{bucket}/{entry.get('Key', '')}")
        return
    yield Need(action, f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}")
    if copied := find_copied(parameters):
        yield Need("s3:GetObject", f"arn:aws:s3:::{'/'.join(copied)}")


def find_copied(parameters: Mapping[str, Any]) -> tuple[str, str] | None:
    """Bucket and key of the object that a call copies, None for one that copies nothing."""
    source = parameters.get("CopySource")
    if not source:
        return None
    if isinstance(source, str):
        bucket, _, key = source.lstrip("/").partition("/")
        return bucket, key
    return str(source.get("Bucket")), str(source.get("Key"))


def _arn(service: str, pattern: str, value: str) -> str:
    name = value.rsplit("/", 1)[-1] if service == "sqs" else value.lstrip("/") if service == "ssm" else value
    region = "" if service == "iam" else REGION
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{pattern.format(name)}"


@dataclass(frozen=True)
class Statement:
    """One statement; `other_actions` and `other_resources` say that the lists name what it is not about."""

    allows: bool
    actions: tuple[str, ...]
    other_actions: bool
    resources: tuple[str, ...]
    other_resources: bool
    conditional: bool

    def concerns(self, need: Need) -> bool:
        action = any(_matches(pattern.lower(), need.action.lower()) for pattern in self.actions)
        resource = any(_matches(pattern, need.resource) for pattern in self.resources)
        return action is not self.other_actions and resource is not self.other_resources


class Policy:
    """An identity-based policy document (already read from JSON). Raises PolicyError.

    Conditions are not evaluated here: a statement that allows something under a condition does not allow it, one
    that denies something under a condition denies it.
    """

    def __init__(self, document: object) -> None:
        if not isinstance(document, Mapping):
            raise PolicyError("A policy is a JSON object with Version and Statement.")
        if document.get("Version") not in ("2012-10-17", "2008-10-17"):
            raise PolicyError('A policy needs "Version": "2012-10-17", the version of the policy language.')
        size = len("".join(json.dumps(document, separators=(",", ":"), ensure_ascii=False).split()))
        if size > MAX_CHARACTERS:
            raise PolicyError(f"It has {size:,} characters; a role's own policies have {MAX_CHARACTERS:,} at most.")
        statements = document.get("Statement")
        listed = statements if isinstance(statements, list) else [statements]
        if not listed or statements is None:
            raise PolicyError('A policy needs a "Statement": a list of statements.')
        self.statements = tuple(_read_statement(number, given) for number, given in enumerate(listed, 1))

    @classmethod
    def read(cls, text: bytes) -> "Policy":
        """The policy that a file holds. Raises PolicyError, also for what is no JSON."""
        try:
            document = json.loads(text)
        except RecursionError as error:
            raise PolicyError("It is nested too deeply for a policy.") from error
        except ValueError as error:
            where = "Look there, and at the end of the line before, for a comma, a quote or a bracket."
            if "control character" in str(error):
                where = "A text runs over the end of that line: join it with the next, without a space."
            raise PolicyError(f"It is no JSON: {error}. {where}") from error
        return cls(document)

    def allows(self, need: Need) -> bool:
        """Whether some statement allows the need and none denies it."""
        granted = any(each.allows and not each.conditional and each.concerns(need) for each in self.statements)
        return granted and not self.denies(need)

    def denies(self, need: Need) -> bool:
        """Whether some statement denies the need, whatever the others say."""
        return any(not each.allows and each.concerns(need) for each in self.statements)


def _read_statement(number: int, given: object) -> Statement:
    where = f"Statement {number}"
    if not isinstance(given, Mapping):
        raise PolicyError(f"{where} is no object; write Effect, Action and Resource.")
    if given.get("Effect") not in ("Allow", "Deny"):
        raise PolicyError(f'{where}: Effect is "Allow" or "Deny", spelt just so.')
    if "Principal" in given or "NotPrincipal" in given:
        raise PolicyError(f"{where}: a role's policy names no Principal; that belongs to the trust policy.")
    actions, other_actions = _patterns(where, given, "Action")
    for action in actions:
        if action != "*" and not re.fullmatch(r"[\w-]+:[\w*?]+", action, re.ASCII):
            raise PolicyError(f"{where}: {action!r} is no action; write SERVICE:OPERATION, such as s3:PutObject.")
    resources, other_resources = _patterns(where, given, "Resource")
    for resource in resources:
        if resource != "*" and resource.count(":") < 5:
            raise PolicyError(f"{where}: {resource!r} is no ARN; an object's is arn:aws:s3:::BUCKET/KEY.")
    return Statement(
        allows=given["Effect"] == "Allow",
        actions=actions,
        other_actions=other_actions,
        resources=resources,
        other_resources=other_resources,
        conditional=bool(given.get("Condition")),
    )


def _patterns(where: str, given: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], bool]:
    """The patterns of Action or Resource, and whether they came as NotAction or NotResource."""
    named = [key for key in (name, f"Not{name}") if key in given]
    if len(named) != 1:
        raise PolicyError(f"{where} needs one of {name} and Not{name}.")
    value = given[named[0]]
    patterns = value if isinstance(value, list) else [value]
    if not patterns or not all(isinstance(pattern, str) and pattern for pattern in patterns):
        raise PolicyError(f"{where}: {named[0]} is a text or a list of texts.")
    return tuple(patterns), named[0] != name


def _matches(pattern: str, value: str) -> bool:
    """IAM's wildcards: `*` is any text, `?` one letter. Never goes back further than to the last star, so that
    no pattern takes long."""
    at, seen, star, resume = 0, 0, -1, 0
    while seen < len(value):
        letter = pattern[at] if at < len(pattern) else ""
        if letter == "*":
            star, resume, at = at, seen, at + 1
        elif letter and letter in ("?", value[seen]):
            at, seen = at + 1, seen + 1
        elif star >= 0:
            resume += 1
            at, seen = star + 1, resume
        else:
            return False
    return not pattern[at:].strip("*")


GRANTS_NOTHING = Policy(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": "*", "Resource": "*"}]}
)
