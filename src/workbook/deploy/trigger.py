"""What invokes a function on a schedule, as it is found in the account: rules and schedules of Scheduler."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from workbook.cloud.permissions import Need
from workbook.course.manifest import ScheduleSetting
from workbook.deploy.aws.account import Account
from workbook.deploy.aws.permission import ACTION, PRINCIPAL, read_statements
from workbook.deploy.grants import read_grants
from workbook.deploy.schedule import ScheduleError, parse


@dataclass(frozen=True)
class Trigger:
    """`service` is `rules` or `scheduler`; `role` is the one that Scheduler invokes with, None for a rule."""

    service: str
    name: str
    arn: str
    expression: str
    timezone: str
    is_enabled: bool
    role: str | None = None

    def __str__(self) -> str:
        kind = "rule" if self.service == "rules" else "schedule"
        zone = "" if self.timezone == "UTC" else f" {self.timezone}"
        return f"{kind} {self.name}, {self.expression}{zone}, {'enabled' if self.is_enabled else 'disabled'}"

    def fires_as(self, wanted: ScheduleSetting) -> bool:
        """Whether it means the same, however it is written and whichever service it is."""
        try:
            mine, other = parse(self.expression, self.service), parse(wanted.expression, wanted.service)
        except ScheduleError:
            return False
        return mine.rule == other.rule and self.timezone == wanted.timezone


def find_rules(account: Account, function: str) -> Iterator[Trigger]:
    """The scheduled rules that have the function, an ARN, for a target. Raises Trouble."""
    for name in account.list("events", "list_rule_names_by_target", "RuleNames", TargetArn=function):
        rule = account.call("events", "describe_rule", Name=name)
        if expression := rule.get("ScheduleExpression"):
            yield Trigger("rules", name, rule["Arn"], expression, "UTC", rule.get("State") == "ENABLED")


def find_timetables(account: Account, function: str) -> Iterator[Trigger]:
    """The schedules of Scheduler that have the function, an ARN, for their target. Raises Trouble."""
    for summary in account.list("scheduler", "list_schedules", "Schedules"):
        if summary.get("Target", {}).get("Arn") != function:
            continue
        found = account.call("scheduler", "get_schedule", Name=summary["Name"], GroupName=summary["GroupName"])
        yield Trigger(
            "scheduler",
            found["Name"],
            found["Arn"],
            found["ScheduleExpression"],
            found.get("ScheduleExpressionTimezone", "UTC"),
            found.get("State") == "ENABLED",
            found["Target"].get("RoleArn"),
        )


def may_invoke(account: Account, trigger: Trigger, function: str) -> bool:
    """Whether AWS lets the trigger invoke the function, an ARN. Raises Trouble, PolicyError."""
    if trigger.service == "rules":
        return any(_admits(statement, trigger.arn) for statement in read_statements(account, function))
    if trigger.role is None:
        return False
    return read_grants(account, trigger.role.rpartition("/")[2]).allows(Need(ACTION, function))


def _admits(statement: dict[str, Any], rule: str) -> bool:
    """Whether it lets the rule in. Conditions other than on the rule's ARN are taken to hold."""
    principal = statement.get("Principal")
    service = principal.get("Service") if isinstance(principal, dict) else principal
    if statement.get("Effect") != "Allow" or (PRINCIPAL not in _list(service) and service != "*"):
        return False
    if not {ACTION, "lambda:*", "*"} & set(_list(statement.get("Action"))):
        return False
    tests = (test for test in (statement.get("Condition") or {}).values())
    sources = [_list(value) for test in tests for key, value in test.items() if key.lower() == "aws:sourcearn"]
    return all(any(fnmatchcase(rule, pattern) for pattern in patterns) for patterns in sources)


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [str(value)]
