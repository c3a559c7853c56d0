"""An IAM role with one policy of its own: the function's execution role, or the one that Scheduler invokes with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.deploy.aws.account import Account
from workbook.deploy.aws.resource import Found, Resource, read_mark


@dataclass(frozen=True)
class Role(Resource):
    """`service` may assume it, such as lambda.amazonaws.com; `policy` is the document of what it may then do."""

    kind = "role"

    service: str = "lambda.amazonaws.com"
    policy: Mapping[str, Any] = field(default_factory=dict)

    def describe(self) -> str:
        return f"assumed by {self.service}, {len(self.policy.get('Statement', ()))} statements"

    def find(self, account: Account) -> Found | None:
        answer = account.find("iam", "get_role", RoleName=self.name)
        if answer is None:
            return None
        role = answer["Role"]
        mark = read_mark(role.get("Tags", ()))
        if mark != self.mark:
            return Found(mark)
        own = account.find("iam", "get_role_policy", RoleName=self.name, PolicyName=self._policy_name)
        inline = account.list("iam", "list_role_policies", "PolicyNames", RoleName=self.name)
        attached = account.list("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=self.name)
        others = [name for name in inline if name != self._policy_name] + [one["PolicyName"] for one in attached]
        facts = {"trust": role["AssumeRolePolicyDocument"], "policy": own and own["PolicyDocument"], "others": others}
        return Found(mark, facts)

    def compare(self, found: Found) -> tuple[str, ...]:
        trust = ("trust policy",) if found.facts["trust"] != self._trust else ()
        return (*trust, "policy") if found.facts["policy"] != self.policy else trust

    def hinder_removal(self, found: Found) -> str | None:
        if others := found.facts["others"]:
            return (
                f"has policies that the workbook did not make ({', '.join(others)}). Detach them, then run this again"
            )
        return None

    def create(self, account: Account) -> None:
        account.call(
            "iam",
            "create_role",
            RoleName=self.name,
            AssumeRolePolicyDocument=json.dumps(self._trust),
            Description="Made by Lambda Workbook.",
            Tags=self.tag_list,
        )
        self._grant(account)

    def update(self, account: Account, found: Found) -> None:
        if found.facts["trust"] != self._trust:
            trust = json.dumps(self._trust)
            account.call("iam", "update_assume_role_policy", RoleName=self.name, PolicyDocument=trust)
        if found.facts["policy"] != self.policy:
            self._grant(account)

    def remove(self, account: Account, found: Found) -> None:
        account.find("iam", "delete_role_policy", RoleName=self.name, PolicyName=self._policy_name)
        account.find("iam", "delete_role", RoleName=self.name)

    def _grant(self, account: Account) -> None:
        document = json.dumps(self.policy)
        account.call(
            "iam", "put_role_policy", RoleName=self.name, PolicyName=self._policy_name, PolicyDocument=document
        )

    @property
    def _policy_name(self) -> str:
        return f"{self.name}-policy"

    @property
    def _trust(self) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Principal": {"Service": self.service}, "Action": "sts:AssumeRole"}
        return {"Version": "2012-10-17", "Statement": [statement]}
