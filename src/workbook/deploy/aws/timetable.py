"""A schedule of EventBridge Scheduler, with the function as its target."""

from dataclasses import dataclass
from typing import Any

from workbook.deploy.aws.account import TAG, Account
from workbook.deploy.aws.resource import Found, Resource


@dataclass(frozen=True)
class Timetable(Resource):
    """`function` and `role` are ARNs; Scheduler invokes the function in that role's name. Empty for a removal.

    A schedule takes no tags, only a group of schedules does (EventBridge Scheduler API, TagResource), so the mark
    stands in its description.
    """

    kind = "schedule"

    expression: str = ""
    timezone: str = "UTC"
    function: str = ""
    role: str = ""

    def describe(self) -> str:
        return f"{self.expression}, {self.timezone}, invokes the function"

    def find(self, account: Account) -> Found | None:
        schedule = account.find("scheduler", "get_schedule", Name=self.name)
        if schedule is None:
            return None
        key, equals, mark = str(schedule.get("Description") or "").partition("=")
        return Found(mark if key == TAG and equals else None, schedule)

    def compare(self, found: Found) -> tuple[str, ...]:
        is_now = found.facts
        pairs = {
            "expression": (is_now.get("ScheduleExpression"), self.expression),
            "time zone": (is_now.get("ScheduleExpressionTimezone", "UTC"), self.timezone),
            "state": (is_now.get("State"), "ENABLED"),
            "target": (is_now["Target"].get("Arn"), self.function),
            "role": (is_now["Target"].get("RoleArn"), self.role),
        }
        return tuple(f"{words}: {before} -> {after}" for words, (before, after) in pairs.items() if before != after)

    def create(self, account: Account) -> None:
        account.persist(lambda: account.call("scheduler", "create_schedule", **self._wanted))

    def update(self, account: Account, found: Found) -> None:
        account.persist(lambda: account.call("scheduler", "update_schedule", **self._wanted))

    def remove(self, account: Account, found: Found) -> None:
        account.find("scheduler", "delete_schedule", Name=self.name)

    @property
    def _wanted(self) -> dict[str, Any]:
        return {
            "Name": self.name,
            "Description": f"{TAG}={self.mark}",
            "ScheduleExpression": self.expression,
            "ScheduleExpressionTimezone": self.timezone,
            "State": "ENABLED",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": self.function, "RoleArn": self.role},
        }
