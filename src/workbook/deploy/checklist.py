"""The deployment checklist: its items, each held, not held, or not to be seen."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workbook.deploy.aws.trouble import Kind, Trouble


class Verdict(StrEnum):
    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Item:
    """`title` is what shall be so, `text` what was seen, `cure` what to do about it where something is wrong."""

    title: str
    verdict: Verdict
    text: str
    cure: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"title": self.title, "verdict": str(self.verdict), "text": self.text, "cure": self.cure}


def held(title: str, text: str) -> Item:
    return Item(title, Verdict.HELD, text)


def broken(title: str, text: str, cure: str) -> Item:
    return Item(title, Verdict.BROKEN, text, cure)


def unknown(title: str, why: str) -> Item:
    return Item(title, Verdict.UNKNOWN, f"could not check: {why}")


def look(title: str, examine: Callable[[], Item]) -> Item:
    """The item that `examine` gives, or the one which says why it could not be looked at. Raises Trouble when nothing
    more can be looked at: the credentials have expired, the network is gone."""
    try:
        return examine()
    except Trouble as trouble:
        if trouble.kind is Kind.ACCOUNT:
            raise
        why = f"needs permission {trouble.permission}" if trouble.permission else str(trouble)
        return unknown(title, why)
