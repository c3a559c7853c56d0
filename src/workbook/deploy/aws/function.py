"""The function itself: its code, its settings and its variables."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbook.deploy.aws.account import TAG, Account
from workbook.deploy.aws.resource import Found, Resource
from workbook.deploy.aws.trouble import Trouble


def digest(code: bytes) -> str:
    """The SHA-256 of a zip as Lambda writes it: in base64."""
    return base64.b64encode(hashlib.sha256(code).digest()).decode("ascii")


@dataclass(frozen=True)
class Settings:
    """What one sets in the console: timeout in seconds, memory in MB; `role` is an ARN."""

    handler: str
    runtime: str
    architecture: str
    timeout: int
    memory: int
    role: str


@dataclass(frozen=True)
class Function(Resource):
    """`code` is the zip; `variables` are not shown anywhere but by their names. Both are empty for a removal."""

    kind = "function"

    settings: Settings | None = None
    code: bytes = field(default=b"", repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    def describe(self) -> str:
        assert self.settings
        names = f"; variables {', '.join(sorted(self.variables))}" if self.variables else ""
        wanted = self.settings
        return (
            f"{wanted.runtime} on {wanted.architecture}, handler {wanted.handler}, {wanted.timeout} s, "
            f"{wanted.memory} MB, zip of {len(self.code):,} bytes{names}"
        )

    def find(self, account: Account) -> Found | None:
        answer = account.find("lambda", "get_function", FunctionName=self.name)
        if answer is None:
            return None
        if "TagsError" in answer:
            raise Trouble(f"The tags of the function {self.name} cannot be read: allow lambda:ListTags to your user.")
        return Found(answer.get("Tags", {}).get(TAG), answer["Configuration"])

    def compare(self, found: Found) -> tuple[str, ...]:
        code = ("code",) if found.facts["CodeSha256"] != digest(self.code) else ()
        pairs = (self._read(found)[name] for name in self._differing(found))
        settings = (f"{words}: {before} -> {after}" for words, before, after in pairs)
        return (*code, *settings, *self._compare_variables(found))

    def create(self, account: Account) -> None:
        def make() -> None:
            self._call(
                account,
                "create_function",
                Code={"ZipFile": self.code},
                Architectures=[self._wanted.architecture],
                Tags=self.tags,
                **self._configuration,
            )

        account.persist(make)
        self._settle(account)

    def update(self, account: Account, found: Found) -> None:
        self._settle(account)
        differing = self._differing(found)
        if found.facts["CodeSha256"] != digest(self.code) or "architecture" in differing:
            self._call(account, "update_function_code", ZipFile=self.code, Architectures=[self._wanted.architecture])
            self._settle(account)
        if set(differing) - {"architecture"} or self._compare_variables(found):
            account.persist(lambda: self._call(account, "update_function_configuration", **self._configuration))
            self._settle(account)

    def remove(self, account: Account, found: Found) -> None:
        account.find("lambda", "delete_function", FunctionName=self.name)

    @property
    def _wanted(self) -> Settings:
        assert self.settings, "a function for a removal has no settings"
        return self.settings

    @property
    def _configuration(self) -> dict[str, Any]:
        wanted = self._wanted
        return {
            "Runtime": wanted.runtime,
            "Handler": wanted.handler,
            "Role": wanted.role,
            "Timeout": wanted.timeout,
            "MemorySize": wanted.memory,
            "Environment": {"Variables": dict(self.variables)},
        }

    def _read(self, found: Found) -> dict[str, tuple[str, object, object]]:
        """Each setting by its field: its name in words, what it is in the account, what is wanted."""
        wanted, is_now = self._wanted, found.facts
        return {
            "handler": ("handler", is_now.get("Handler"), wanted.handler),
            "runtime": ("runtime", is_now.get("Runtime"), wanted.runtime),
            "architecture": ("architecture", (is_now.get("Architectures") or ["x86_64"])[0], wanted.architecture),
            "timeout": ("timeout in seconds", is_now.get("Timeout"), wanted.timeout),
            "memory": ("memory in MB", is_now.get("MemorySize"), wanted.memory),
            "role": ("role", is_now.get("Role"), wanted.role),
        }

    def _differing(self, found: Found) -> list[str]:
        return [name for name, (_, before, after) in self._read(found).items() if before != after]

    def _compare_variables(self, found: Found) -> tuple[str, ...]:
        before, after = found.facts.get("Environment", {}).get("Variables", {}), self.variables
        groups = {
            "new variables": after.keys() - before.keys(),
            "other values for": {name for name in after.keys() & before.keys() if after[name] != before[name]},
            "variables gone": before.keys() - after.keys(),
        }
        return tuple(f"{words} {', '.join(sorted(names))}" for words, names in groups.items() if names)

    def _settle(self, account: Account) -> None:
        """Waits until the function is neither being made nor being changed. Raises Trouble."""
        seen: dict[str, Any] = {}

        def is_ready() -> bool:
            seen.update(account.call("lambda", "get_function_configuration", FunctionName=self.name))
            for state, reason in (("State", "StateReason"), ("LastUpdateStatus", "LastUpdateStatusReason")):
                if seen.get(state) == "Failed":
                    raise Trouble(f"Lambda could not finish: {seen.get(reason) or 'no reason given'}")
            return seen.get("State") != "Pending" and seen.get("LastUpdateStatus") != "InProgress"

        account.wait(is_ready, "Lambda has been working on it for long (state Pending). Run this again in a minute.")

    def _call(self, account: Account, operation: str, **parameters: Any) -> None:
        hidden = tuple(self.variables.values())
        account.call("lambda", operation, hidden=hidden, FunctionName=self.name, **parameters)
