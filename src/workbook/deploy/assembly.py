"""What a lab's deployment is put together from: its package, its variables and its role's policy."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workbook.cloud.permissions import Policy, PolicyError
from workbook.course.labs import Lab
from workbook.course.rules import environment_key_fault, environment_size_fault
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.place import Place
from workbook.deploy.aws.trouble import Kind, Trouble
from workbook.deploy.deployment import Parts, find_variable, rename_buckets
from workbook.deploy.package import Package, build
from workbook.deploy.package.recipe import find_requirements, find_wheels, name_settings
from workbook.deploy.package.target import Target
from workbook.deploy.policy import grant_usual

POLICY_BYTES = 10_240  # of all policies within a role together (IAM User Guide, quotas)


class AssemblyError(ValueError):
    """The lab cannot be deployed as it is; the text says what is wrong and what to do."""


def assemble(
    lab: Lab, source: Path, variables: Mapping[str, str | None], account: Account, role: str | None = None
) -> Parts:
    """Builds the package of the code in `source` and reads the policy there. `variables` lie over the manifest's;
    None takes one away.

    Raises AssemblyError, Trouble, and PackageError and Unreachable as `build` does.
    """
    own = merge_variables(lab, variables)
    policy = {} if role else read_policy(lab, source, own, account.place)
    former = recall_buckets(lab, lab.manifest.function.name, account).values()
    return Parts(build_package(lab, source).content, own, policy, role, tuple(former))


def build_package(lab: Lab, source: Path) -> Package:
    """The package of the code in `source`, for the manifest's function. Raises PackageError, Unreachable."""
    settings = lab.manifest.function
    return build(
        source,
        Target(settings.runtime, settings.architecture),
        handler=settings.handler,
        requirements=find_requirements(lab, source),
        wheels=find_wheels(lab),
        settings=name_settings(lab),
    )


def merge_variables(lab: Lab, variables: Mapping[str, str | None]) -> dict[str, str]:
    """The manifest's variables with the given ones over them. Raises AssemblyError; it quotes no value."""
    for name in variables:
        if fault := environment_key_fault(name):
            raise AssemblyError(f"The variable {name!a} {fault[0]}. {fault[1]}")
    both = {**lab.manifest.function.environment, **variables}
    merged = {name: value for name, value in both.items() if value is not None}
    if fault := environment_size_fault(merged):
        raise AssemblyError(f"The function's environment {fault[0]}. {fault[1]}")
    return merged


def recall_buckets(lab: Lab, function: str, account: Account) -> dict[str, str]:
    """The variables which name the lab's buckets, with the values that the deployed function has in them; {} where
    they are not to be seen. Raises Trouble."""
    manifest = lab.manifest
    names = {find_variable(manifest, bucket) for bucket in manifest.buckets}
    try:
        found = account.find("lambda", "get_function_configuration", FunctionName=function)
    except Trouble as trouble:
        if trouble.kind is not Kind.DENIED:
            raise
        return {}
    values = (found or {}).get("Environment", {}).get("Variables", {})
    return {name: value for name, value in values.items() if name in names}


def find_unset(lab: Lab, variables: Mapping[str, str]) -> tuple[str, ...]:
    """What the function finds in its environment on the bench and would not find in AWS."""
    return ("API_URL",) if lab.manifest.api_responses and not variables.get("API_URL") else ()


def read_policy(lab: Lab, source: Path, variables: Mapping[str, str], place: Place) -> dict[str, Any]:
    """The execution role's policy: the file that the manifest names, from `source` or else from the lab's folder;
    without one, the usual actions of the services that the manifest names. For `place`. Raises AssemblyError."""
    manifest = lab.manifest
    settings = manifest.function
    buckets = rename_buckets(manifest, variables)
    if settings.policy is None:
        document = grant_usual(settings.name, settings.services, manifest.buckets)
    else:
        own = source / settings.policy
        document = _read(own if own.is_file() else lab.folder / settings.policy)
    moved: dict[str, Any] = place.move(document, buckets)
    if (size := len(json.dumps(moved, separators=(",", ":")))) > POLICY_BYTES:
        raise AssemblyError(f"The role's policy takes {size} characters; IAM takes {POLICY_BYTES}. Shorten it.")
    return moved


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"))
        Policy(document)
    except OSError as error:
        raise AssemblyError(f"{path.name} cannot be read: {error.strerror}. It is the role's policy.") from error
    except PolicyError as error:
        raise AssemblyError(f"{path.name}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise AssemblyError(f"{path.name} is no JSON: {error}. It is the role's policy.") from error
    return dict(document)
