"""Mutants that may live: those that do what the solution does, or differ where the README promises nothing.

They stand in a lab's `design.md`, under their own heading, in blocks of one or more places, each block with its reason:

    ## Mutants that may live

    ```diff
    @@ lambda_function.py, find_level @@
    -if pm25 < 35:
    +if pm25 <= 35:
    ```

    Outside the contract: why.

A reason begins with `Equivalent:` or `Outside the contract:`. A place without a function has none after the file's
name; one whose line is left out has no line with `+`. `lab prove --mutants` prints the blocks of what survives.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook.proof.mutant import Place

HEADING = "## Mutants that may live"
REASONS = ("Equivalent: ", "Outside the contract: ")
BLOCK = re.compile(r"^```diff\n(?P<places>.*?)^```\n+(?P<reason>[^\n]*)", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"@@ (?P<file>[^,]+?)(?:, (?P<scope>.+))? @@")


@dataclass(frozen=True)
class Exemption:
    """One place where a mutant may live, and the reason; `line` is that of design.md."""

    place: Place
    reason: str
    line: int


class ExemptionError(ValueError):
    """The list cannot be read: the line of design.md, and what is wrong there."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def read_exemptions(design: str) -> list[Exemption]:
    """The mutants that may live, as design.md lists them; none without the heading. Raises ExemptionError."""
    before, heading, after = design.partition(f"{HEADING}\n")
    section = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
    start = before.count("\n") + 2
    blocks = list(BLOCK.finditer(section))
    if heading and len(blocks) != section.count("```diff"):
        raise ExemptionError(start - 1, "a block of ```diff is not closed, or no reason follows it")
    return [exemption for block in blocks for exemption in _read_block(block, start)]


def _read_block(block: re.Match[str], start: int) -> Iterator[Exemption]:
    line = start + block.string.count("\n", 0, block.start("places"))
    reason = block["reason"]
    if not reason.startswith(REASONS):
        place = line + block["places"].count("\n")
        raise ExemptionError(place, f"the reason after a block begins with {' or '.join(map(repr, REASONS))}")
    texts = block["places"].splitlines()
    heads = [number for number, text in enumerate(texts) if text.startswith("@@")]
    if not heads or heads[0] != 0:
        raise ExemptionError(line, "a place begins with `@@ FILE, FUNCTION @@`")
    for first, end in zip(heads, [*heads[1:], len(texts)], strict=True):
        head = HEAD.fullmatch(texts[first])
        signs = [text[:1] for text in texts[first + 1 : end]]
        if not head or signs not in (["-"], ["-", "+"]):
            raise ExemptionError(line + first, "a place is `@@ FILE, FUNCTION @@`, a line with - and one with +")
        before, after = [*(text[1:] for text in texts[first + 1 : end]), ""][:2]
        yield Exemption(Place(head["file"], head["scope"] or "", before, after), reason, line + first)
