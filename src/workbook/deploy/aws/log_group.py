"""The log group that Lambda writes the function's log into."""

from dataclasses import dataclass

from workbook.deploy.aws.account import TAG, Account
from workbook.deploy.aws.resource import Found, Resource

RETENTION_DAYS = 14  # without one, CloudWatch keeps every line for ever, and bills it


def find_group(account: Account, name: str) -> dict[str, object] | None:
    """What CloudWatch Logs says of the log group of just that name. Raises Trouble."""
    groups = account.list("logs", "describe_log_groups", "logGroups", logGroupNamePrefix=name)
    return next((group for group in groups if group["logGroupName"] == name), None)


@dataclass(frozen=True)
class LogGroup(Resource):
    kind = "log group"
    is_shared = True

    def describe(self) -> str:
        return f"lines are kept for {RETENTION_DAYS} days"

    def find(self, account: Account) -> Found | None:
        group = find_group(account, self.name)
        if group is None:
            return None
        arn = str(group["arn"]).removesuffix(":*")
        tags = account.call("logs", "list_tags_for_resource", resourceArn=arn).get("tags", {})
        return Found(tags.get(TAG), {"retention": group.get("retentionInDays")})

    def compare(self, found: Found) -> tuple[str, ...]:
        before = found.facts["retention"]
        return () if before == RETENTION_DAYS else (f"kept for {before or 'ever'} -> {RETENTION_DAYS} days",)

    def create(self, account: Account) -> None:
        account.call("logs", "create_log_group", logGroupName=self.name, tags=self.tags)
        self._keep(account)

    def update(self, account: Account, found: Found) -> None:
        self._keep(account)

    def remove(self, account: Account, found: Found) -> None:
        account.find("logs", "delete_log_group", logGroupName=self.name)

    def _keep(self, account: Account) -> None:
        account.call("logs", "put_retention_policy", logGroupName=self.name, retentionInDays=RETENTION_DAYS)
