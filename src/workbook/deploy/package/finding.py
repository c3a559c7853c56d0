"""What is wrong with a package, and what to do about it."""

from dataclasses import asdict, dataclass
from enum import StrEnum

LONGEST_NAME = 120


class Severity(StrEnum):
    PROBLEM = "problem"  # it does not work on Lambda, or must not go there
    ADVICE = "advice"  # it works, and could be better


@dataclass(frozen=True)
class Finding:
    """`code` names the kind, for programs; `problem` says what is wrong and where, `cure` what to do."""

    code: str
    problem: str
    cure: str
    severity: Severity = Severity.PROBLEM

    def __str__(self) -> str:
        return f"{self.problem} {self.cure}"

    def to_dict(self) -> dict[str, str]:
        return asdict(self)


def list_names(names: list[str], most: int = 3) -> str:
    """The first names, long ones cut short, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    shown = (name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..." for name in names[:most])
    return ", ".join(shown) + more
