"""Proof that a lab is sound: facts about its files, its README, its suites, and the codes kept for them."""

from workbook.proof.fact import Fact
from workbook.proof.proof import Group, prove

__all__ = ["Fact", "Group", "prove"]
