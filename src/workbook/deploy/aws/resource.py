"""What every resource of a deployment can do: be looked for, compared, made, changed and removed."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from workbook.deploy.aws.account import TAG, Account


@dataclass(frozen=True)
class Found:
    """What is in the account under a resource's name: `mark` says which lab it was made for, None if none says so."""

    mark: str | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Resource(ABC):
    """One thing in AWS. `mark` is the lab's id: the value of the tag `workbook` on everything that is made."""

    kind: ClassVar[str]
    is_shared: ClassVar[bool] = False  # whether one that somebody else made does as well

    name: str
    mark: str

    @abstractmethod
    def find(self, account: Account) -> Found | None: ...

    @abstractmethod
    def compare(self, found: Found) -> tuple[str, ...]:
        """What differs from what is wanted, a few words each; no value of a variable among them."""

    @abstractmethod
    def create(self, account: Account) -> None: ...

    @abstractmethod
    def update(self, account: Account, found: Found) -> None: ...

    @abstractmethod
    def remove(self, account: Account, found: Found) -> None: ...

    def describe(self) -> str:
        """What will be made, in a few words after its kind and name."""
        return ""

    def object_to(self, found: Found) -> str | None:
        """Why the name cannot be used; None when it can."""
        if found.mark == self.mark or self.is_shared:
            return None
        if found.mark:
            return f"was made for the lab {found.mark}. Remove that deployment first: lab deploy {found.mark} --remove"
        return f"is there already and was not made by the workbook (it has no tag {TAG}), so it is not touched"

    def hinder_removal(self, found: Found) -> str | None:
        """Why it stays although it was made by the workbook; None when nothing is in the way."""
        return None

    @property
    def tags(self) -> dict[str, str]:
        return {TAG: self.mark}

    @property
    def tag_list(self) -> list[dict[str, str]]:
        return [{"Key": TAG, "Value": self.mark}]


def read_mark(tags: Iterable[Mapping[str, str]]) -> str | None:
    """The mark among tags that come as a list of Key and Value."""
    return next((tag["Value"] for tag in tags if tag["Key"] == TAG), None)
