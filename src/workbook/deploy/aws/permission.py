"""The statement in a function's own policy that lets one rule invoke it."""

import json
from dataclasses import dataclass
from typing import Any

from workbook.deploy.aws.account import TAG, Account
from workbook.deploy.aws.resource import Found, Resource

ACTION = "lambda:InvokeFunction"
PRINCIPAL = "events.amazonaws.com"


def read_statements(account: Account, function: str) -> list[dict[str, Any]]:
    """The statements of the function's own policy, [] when it has none. Raises Trouble."""
    answer = account.find("lambda", "get_policy", FunctionName=function)
    if answer is None:
        return []
    found = json.loads(answer["Policy"])["Statement"]
    return found if isinstance(found, list) else [found]


@dataclass(frozen=True)
class Permission(Resource):
    """`name` is the statement's id, `source` the rule's ARN. It bears no tag: it belongs to its function's."""

    kind = "permission"

    function: str = ""
    source: str = ""

    def describe(self) -> str:
        return "the rule, and no other, may invoke the function"

    def find(self, account: Account) -> Found | None:
        answer = account.find("lambda", "get_function", FunctionName=self.function)
        if answer is None:
            return None
        statements = read_statements(account, self.function)
        mine = next((statement for statement in statements if statement.get("Sid") == self.name), None)
        return Found(answer.get("Tags", {}).get(TAG), mine) if mine else None

    def compare(self, found: Found) -> tuple[str, ...]:
        sources = found.facts.get("Condition", {}).get("ArnLike", {})
        is_same = (
            found.facts.get("Effect") == "Allow"
            and found.facts.get("Action") == ACTION
            and found.facts.get("Principal") == {"Service": PRINCIPAL}
            and {name.lower(): value for name, value in sources.items()} == {"aws:sourcearn": self.source}
        )
        return () if is_same else ("who may invoke",)

    def create(self, account: Account) -> None:
        account.call(
            "lambda",
            "add_permission",
            FunctionName=self.function,
            StatementId=self.name,
            Action=ACTION,
            Principal=PRINCIPAL,
            SourceArn=self.source,
        )

    def update(self, account: Account, found: Found) -> None:
        self.remove(account, found)
        self.create(account)

    def remove(self, account: Account, found: Found) -> None:
        account.find("lambda", "remove_permission", FunctionName=self.function, StatementId=self.name)
