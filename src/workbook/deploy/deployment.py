"""A deployment: what a lab's function needs in AWS, the plan that leads there, and carrying it out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workbook.course.manifest import Manifest, ScheduleSetting
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.bucket import Bucket
from workbook.deploy.aws.function import Function, Settings
from workbook.deploy.aws.log_group import LogGroup
from workbook.deploy.aws.permission import Permission
from workbook.deploy.aws.place import Place
from workbook.deploy.aws.resource import Found, Resource
from workbook.deploy.aws.role import Role
from workbook.deploy.aws.rule import Rule
from workbook.deploy.aws.timetable import Timetable
from workbook.deploy.aws.trouble import Kind, Trouble

LONGEST_NAME = 64  # of functions, roles, rules and schedules alike

State = Mapping[tuple[str, str], Found]
"""What is in the account, by kind and name; what is not there is not in it."""


class Action(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    KEEP = "keep"
    REMOVE = "remove"
    CONFLICT = "conflict"  # the name is taken
    STAY = "stay"  # made by the workbook, and something is in the way of its removal


@dataclass(frozen=True)
class Step:
    """What becomes of one resource; `details` say what is made or what differs."""

    resource: Resource
    action: Action
    details: tuple[str, ...] = ()
    found: Found | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.resource.kind,
            "name": self.resource.name,
            "action": str(self.action),
            "details": list(self.details),
        }


@dataclass(frozen=True)
class Plan:
    steps: tuple[Step, ...]

    @property
    def conflicts(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action is Action.CONFLICT)

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that do something, in order."""
        idle = (Action.KEEP, Action.CONFLICT, Action.STAY)
        return tuple(step for step in self.steps if step.action not in idle)


@dataclass(frozen=True)
class Design:
    """What there shall be, each resource after those that it names, and what there shall not be."""

    wanted: tuple[Resource, ...]
    unwanted: tuple[Resource, ...] = ()

    def inverted(self) -> "Design":
        """The design of the removal: nothing of it shall be there, the last made being the first to go."""
        return Design((), self.unwanted + tuple(reversed(self.wanted)))


@dataclass(frozen=True)
class Parts:
    """What a deployment is made of beside the manifest. `code` is the zip, `variables` the function's with their
    values, `policy` the execution role's document; `role` is the ARN of a role to use instead of making any;
    `former_buckets` are those that the function as it is deployed now writes into."""

    code: bytes = field(default=b"", repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    policy: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = None
    former_buckets: tuple[str, ...] = ()


def design(lab: str, manifest: Manifest, parts: Parts, place: Place) -> Design:
    """The resources of the lab's function. `lab` is the lab's id, with which each is marked."""
    settings = manifest.function
    name = settings.name
    arn = place.arn("lambda", f"function:{name}")
    role = Role(named(name, "-role"), lab, policy=parts.policy)
    function = Function(
        name,
        lab,
        Settings(
            handler=settings.handler,
            runtime=settings.runtime,
            architecture=settings.architecture,
            timeout=settings.timeout,
            memory=settings.memory,
            role=parts.role or place.arn("iam", f"role/{role.name}"),
        ),
        parts.code,
        parts.variables,
    )
    names = rename_buckets(manifest, parts.variables)
    buckets = [Bucket(actual, lab, find_variable(manifest, bucket)) for bucket, actual in names.items()]
    former = [Bucket(name, lab) for name in parts.former_buckets if name not in names.values()]
    roles = () if parts.role else (role,)
    triggers = _triggers(lab, manifest, parts, place, arn)
    chosen = triggers.pop(settings.schedule.service) if settings.schedule else ()
    wanted = (*buckets, *roles, LogGroup(log_group_name(name), lab), function, *chosen)
    others = [one for trigger in triggers.values() for one in reversed(trigger)]
    return Design(wanted, (*others, *former))


def survey(design: Design, account: Account) -> State:
    """Looks for everything that the design names. Raises Trouble.

    What an earlier manifest may have left is taken for absent where the user may not even look: it was not this user
    who made it.
    """
    found = {}
    for resource in (*design.unwanted, *design.wanted):
        try:
            is_there = resource.find(account)
        except Trouble as trouble:
            if trouble.kind is Kind.DENIED and design.wanted and resource in design.unwanted:
                continue
            raise
        if is_there is not None:
            found[resource.kind, resource.name] = is_there
    return found


def plan(design: Design, state: State) -> Plan:
    """What has to be done for the account to be as designed: first what goes, then what comes."""
    going = (_plan_removal(one, state.get((one.kind, one.name))) for one in design.unwanted)
    coming = (_plan_presence(one, state.get((one.kind, one.name))) for one in design.wanted)
    return Plan((*(step for step in going if step), *coming))


def apply(plan: Plan, account: Account) -> Iterator[Step]:
    """Carries the plan out, and gives each step when it is done. Raises Trouble; running again then goes on from
    there. ValueError for a plan with conflicts."""
    if plan.conflicts:
        raise ValueError("a plan with conflicts cannot be carried out")
    for step in plan.changes:
        if step.action is Action.CREATE:
            step.resource.create(account)
        elif step.found is not None:
            change = step.resource.remove if step.action is Action.REMOVE else step.resource.update
            change(account, step.found)
        yield step


def rename_buckets(manifest: Manifest, variables: Mapping[str, str]) -> dict[str, str]:
    """The manifest's buckets, each with its name in the account: that of the variable which names it."""
    return {
        bucket: (variables.get(variable) or bucket) if (variable := find_variable(manifest, bucket)) else bucket
        for bucket in manifest.buckets
    }


def find_variable(manifest: Manifest, bucket: str) -> str | None:
    """The function's variable that names the bucket."""
    return next((key for key, value in manifest.function.environment.items() if value == bucket), None)


def log_group_name(function: str) -> str:
    return f"/aws/lambda/{function}"


def named(function: str, suffix: str) -> str:
    """The name of something that belongs to the function, cut to what AWS takes."""
    return f"{function[: LONGEST_NAME - len(suffix)]}{suffix}"


def _triggers(
    lab: str, manifest: Manifest, parts: Parts, place: Place, function: str
) -> dict[str, tuple[Resource, ...]]:
    """What invokes the function on a schedule, for each of the services that can."""
    settings = manifest.function
    wanted = settings.schedule or ScheduleSetting("")
    name = named(settings.name, "-schedule")
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    invoker = Role(named(settings.name, "-scheduler-role"), lab, "scheduler.amazonaws.com", policy)
    role = parts.role or place.arn("iam", f"role/{invoker.name}")
    timetable = Timetable(name, lab, wanted.expression, wanted.timezone, function, role)
    return {
        "rules": (
            Rule(name, lab, wanted.expression, function),
            Permission(name, lab, settings.name, place.arn("events", f"rule/{name}")),
        ),
        "scheduler": (timetable,) if parts.role else (invoker, timetable),
    }


def _plan_presence(resource: Resource, found: Found | None) -> Step:
    if found is None:
        what = resource.describe()
        return Step(resource, Action.CREATE, (what,) if what else ())
    if objection := resource.object_to(found):
        return Step(resource, Action.CONFLICT, (objection,))
    if found.mark != resource.mark:
        return Step(resource, Action.KEEP, ("there already, not made by the workbook: used as it is",))
    differences = resource.compare(found)
    return Step(resource, Action.CHANGE if differences else Action.KEEP, differences, found)


def _plan_removal(resource: Resource, found: Found | None) -> Step | None:
    if found is None:
        return None
    if found.mark != resource.mark:
        return Step(resource, Action.KEEP, (f"not made by the workbook for {resource.mark}: not touched",))
    if hindrance := resource.hinder_removal(found):
        return Step(resource, Action.STAY, (hindrance,))
    return Step(resource, Action.REMOVE, (), found)
