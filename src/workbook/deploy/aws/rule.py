"""An EventBridge rule that fires on a schedule, with the function as its one target."""

from dataclasses import dataclass
from typing import Any

from workbook.deploy.aws.account import Account
from workbook.deploy.aws.resource import Found, Resource, read_mark
from workbook.deploy.aws.trouble import Trouble

TARGET = "function"


@dataclass(frozen=True)
class Rule(Resource):
    """`expression` is AWS's, `function` the target's ARN. Both are empty for a removal."""

    kind = "rule"

    expression: str = ""
    function: str = ""

    def describe(self) -> str:
        return f"{self.expression}, invokes the function"

    def find(self, account: Account) -> Found | None:
        rule = account.find("events", "describe_rule", Name=self.name)
        if rule is None:
            return None
        mark = read_mark(account.call("events", "list_tags_for_resource", ResourceARN=rule["Arn"])["Tags"])
        targets = list(account.list("events", "list_targets_by_rule", "Targets", Rule=self.name))
        return Found(mark, {**rule, "targets": {target["Id"]: target["Arn"] for target in targets}})

    def compare(self, found: Found) -> tuple[str, ...]:
        before = found.facts.get("ScheduleExpression")
        expression = () if before == self.expression else (f"{before} -> {self.expression}",)
        state = () if found.facts.get("State") == "ENABLED" else ("disabled -> enabled",)
        target = () if found.facts["targets"].get(TARGET) == self.function else ("target",)
        return (*expression, *state, *target)

    def hinder_removal(self, found: Found) -> str | None:
        if others := found.facts["targets"].keys() - {TARGET}:
            return f"has targets that the workbook did not make ({', '.join(sorted(others))}). Remove them first"
        return None

    def create(self, account: Account) -> None:
        self._put(account, {"Tags": self.tag_list})

    def update(self, account: Account, found: Found) -> None:
        self._put(account, {})

    def remove(self, account: Account, found: Found) -> None:
        if found.facts["targets"]:
            account.call("events", "remove_targets", Rule=self.name, Ids=[TARGET])
        account.find("events", "delete_rule", Name=self.name)

    def _put(self, account: Account, tags: dict[str, Any]) -> None:
        account.call("events", "put_rule", Name=self.name, ScheduleExpression=self.expression, State="ENABLED", **tags)
        target = {"Id": TARGET, "Arn": self.function}
        answer = account.call("events", "put_targets", Rule=self.name, Targets=[target])
        for entry in answer.get("FailedEntries", ()):
            raise Trouble(
                f"EventBridge did not take the target: {entry.get('ErrorMessage')} ({entry.get('ErrorCode')})"
            )
