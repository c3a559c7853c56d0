"""What a role in the account may do: its policies, put together."""

from collections.abc import Iterator
from typing import Any

from workbook.cloud.permissions import Policy
from workbook.deploy.aws.account import Account


def read_grants(account: Account, role: str) -> Policy:
    """All policies of the role of that name as one: a statement that denies counts wherever it stands. Permissions
    boundaries and an organisation's rules are not seen. Raises Trouble, and PolicyError for a document that cannot
    be read here."""
    statements = [statement for document in _read_documents(account, role) for statement in _statements(document)]
    nothing = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    return Policy({"Version": "2012-10-17", "Statement": statements or [nothing]})


def _read_documents(account: Account, role: str) -> Iterator[Any]:
    for name in account.list("iam", "list_role_policies", "PolicyNames", RoleName=role):
        yield account.call("iam", "get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]
    for attached in account.list("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=role):
        arn = attached["PolicyArn"]
        version = account.call("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
        answer = account.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
        yield answer["PolicyVersion"]["Document"]


def _statements(document: Any) -> list[Any]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]
