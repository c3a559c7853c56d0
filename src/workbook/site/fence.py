"""The YAML in a fence of a page: each part with its line, so that a mistake is told where it stands."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import yaml  # type: ignore[import-untyped]
from markdown import Markdown
from pymdownx.superfences import SuperFencesException  # type: ignore[import-untyped]

from workbook.site.fault import PageFault


class FenceFault(PageFault, SuperFencesException):  # type: ignore[misc]
    """Superfences lets no other exception through: it would show the fence as code, and the build would succeed."""


class Flaw(Exception):
    """`words` say what is wrong in the fence's line `line` (the first below the opening is 1)."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line, self.words = line, words


@dataclass(frozen=True)
class Part:
    """A text, a list or a mapping. What a text would mean to YAML (`on`, `5`) does not count: it stays a text."""

    node: yaml.Node

    @property
    def line(self) -> int:
        line: int = self.node.start_mark.line + 1
        return line

    def text(self) -> str:
        """Raises Flaw for a list, a mapping and a blank."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise Flaw(self.line, "a text is expected here")
        if not self.node.value.strip():
            raise Flaw(self.line, "there is nothing here")
        return str(self.node.value).rstrip()

    def parts(self) -> "list[Part]":
        """Raises Flaw for what is no list, and for an empty one."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise Flaw(self.line, "a list is expected here, with something in it")
        return [Part(node) for node in self.node.value]

    def texts(self) -> list[str]:
        return [part.text() for part in self.parts()]

    def names(self) -> list[str]:
        """Raises Flaw for what is no mapping."""
        if not isinstance(self.node, yaml.MappingNode):
            raise Flaw(self.line, "a mapping (KEY: VALUE) is expected here")
        return [Part(key).text() for key, _ in self.node.value]

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> "dict[str, Part]":
        """The mapping's parts by key. Raises Flaw for a key that is unknown, missing, or there twice."""
        known, found = [*required, *optional], {}
        for key, (node, value) in zip(self.names(), self.node.value, strict=True):
            if key not in known:
                raise Flaw(Part(node).line, f"there is no key {key!r} here; there are {', '.join(known)}")
            if key in found:
                raise Flaw(Part(node).line, f"the key {key!r} is here twice")
            found[key] = Part(value)
        if missing := [key for key in required if key not in found]:
            raise Flaw(self.line, f"the key {missing[0]!r} is missing")
        return found


def read(source: str) -> Part:
    """Raises Flaw for what is no YAML."""
    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Flaw(mark.line + 1 if mark else 1, f"it is no YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Flaw(1, "it is no YAML: a character that YAML does not allow, or too deep") from error
    if node is None:
        raise Flaw(1, "the fence is empty")
    return Part(node)


@contextmanager
def telling_where(kind: str, source: str, md: Markdown) -> Iterator[None]:
    """Turns a Flaw into the FenceFault that names the line of the page. The generator itself names the page."""
    try:
        yield
    except Flaw as flaw:
        lines = source.split("\n")
        quoted = lines[flaw.line - 1].strip() if flaw.line <= len(lines) else ""
        place = _find(kind, lines, getattr(md, "lines", [])) + flaw.line
        raise FenceFault(
            f"line {place}, in a {kind}: {flaw.words}." + (f" It says: {quoted}" if quoted else "")
        ) from flaw


def _find(kind: str, lines: list[str], page: list[str]) -> int:
    """The number of the line that opens the fence; 0 when snippets or directives have moved it out of sight."""
    wanted = [line.strip() for line in lines]
    for number, line in enumerate(page, start=1):
        below = [text.strip() for text in page[number : number + len(wanted)]]
        if line.strip(" `~>") == kind and below == wanted:
            return number
    return 0
