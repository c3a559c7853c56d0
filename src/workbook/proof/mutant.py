"""A mutant: a solution with one slip in it, as a student might make it."""

import ast
import random
import re
import textwrap
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from workbook.course.labs import Lab
from workbook.proof.slip import SLIPS
from workbook.proof.slip_in_data import DataSlip, read_json, read_lines, read_toml
from workbook.runtime import Code

OTHER_QUOTES = re.compile(r"'([^'\"\\]*)'")
READERS = {".json": read_json, ".toml": read_toml, ".txt": read_lines}


@dataclass(frozen=True)
class Place:
    """Where a mutant differs from the solution, whatever the line's number is: the file, the function in it (empty
    outside any), and the lines before and after, of which the latter is empty when they are left out."""

    file: str
    scope: str
    before: str
    after: str

    @property
    def key(self) -> tuple[str, ...]:
        """Equal for places that differ in spaces and kinds of quotes alone: Python's versions differ in these."""
        words = (self.file, self.scope, self.before, self.after)
        return tuple("".join(word.split()).replace("'", '"') for word in words)

    def __str__(self) -> str:
        """As design.md lists it."""
        where = f"{self.file}, {self.scope}" if self.scope else self.file
        return f"@@ {where} @@\n-{self.before}" + (f"\n+{self.after}" if self.after else "")


@dataclass(frozen=True)
class Mutant:
    """`slip` is the slip's name, `meaning` says what it is; `line` counts from 1; `text` is the whole file with it."""

    place: Place
    line: int
    slip: str
    meaning: str
    text: str

    def laid_over(self, code: Code) -> Code:
        return code.overlaid(Code(code.path, {self.place.file: self.text.encode()}))


def make_mutants(lab: Lab) -> list[Mutant]:
    """The mutants of the solution's files that a student hands in, no two alike, the loudest slips first.

    What does not compile, or says the same as the solution, is left out; so is a file in a format without slips.
    """
    assert lab.solution
    found: list[Mutant] = []
    for name in lab.manifest.files:
        suffix, path = PurePosixPath(name).suffix, lab.solution / name
        if suffix == ".py":
            found += _mutate_python(name, path.read_text("utf-8"))
        elif suffix in READERS:
            found += _mutate_data(name, path.read_text("utf-8"), READERS[suffix](path.read_text("utf-8")))
    loudness = {slip.__name__: place for place, slip in enumerate(SLIPS)}
    return sorted(found, key=lambda mutant: loudness.get(mutant.slip, -1))


def sample(mutants: list[Mutant], count: int, seed: str) -> list[Mutant]:
    """At most `count` of them, the same ones for the same seed, in their order."""
    chosen = set(random.Random(seed).sample(range(len(mutants)), min(count, len(mutants))))
    return [mutant for place, mutant in enumerate(mutants) if place in chosen]


def _mutate_data(name: str, text: str, slips: Iterator[DataSlip]) -> Iterator[Mutant]:
    seen = {text}
    for slip in slips:
        if slip.text not in seen:
            seen.add(slip.text)
            place = Place(name, "", slip.before, slip.after)
            yield Mutant(place, slip.line, slip.name, slip.meaning, slip.text)


def _mutate_python(name: str, text: str) -> Iterator[Mutant]:
    module = ast.parse(text)
    sites = dict(_find_sites(module))
    seen = {ast.dump(module)}
    for slip in SLIPS:
        for site in list(sites.values()):
            for old, new in slip(site.node):
                found = _splice(text, module, sites[old], new)
                if found is None or found.meant in seen or not _compiles(found.text):
                    continue
                seen.add(found.meant)
                scope, line = sites[old].scope, sites[old].target.lineno
                yield Mutant(
                    Place(name, scope, found.before, found.after),
                    line,
                    slip.__name__,
                    slip.__doc__ or "",
                    found.text,
                )


@dataclass(frozen=True)
class _Site:
    """A node, what holds it, and the node whose source is rewritten with it: a formatted text is rewritten whole."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    target: "ast.stmt | ast.expr | ast.ExceptHandler"
    scope: str

    @contextmanager
    def holding(self, new: ast.AST) -> Iterator[None]:
        """The tree with `new` in the node's place."""
        self._put(new)
        try:
            yield
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _find_sites(module: ast.Module) -> Iterator[tuple[ast.AST, _Site]]:
    """The nodes in which a slip may be, by themselves: not those of docstrings and annotations."""

    def visit(parent: ast.AST, target: ast.AST | None, scope: str) -> Iterator[tuple[ast.AST, _Site]]:
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "type_comment"):
                continue
            for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(node, ast.AST) or _is_docstring(node):
                    continue
                inside = target or (node if isinstance(node, ast.JoinedStr) else None)
                place = inside or node
                if isinstance(place, ast.stmt | ast.expr | ast.ExceptHandler):
                    yield node, _Site(node, parent, field, index, place, scope)
                elif isinstance(node, ast.comprehension) and isinstance(parent, ast.expr):
                    yield node, _Site(node, parent, field, index, parent, scope)
                named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                yield from visit(node, inside, f"{scope}.{node.name}".lstrip(".") if named else scope)

    return visit(module, None, "")


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@dataclass(frozen=True)
class _Spliced:
    text: str
    before: str
    after: str
    meant: str


def _splice(text: str, module: ast.Module, site: _Site, new: ast.AST) -> _Spliced | None:
    """The source with the slip in it, and the lines that differ; None where the source cannot say it."""
    target = site.target
    with site.holding(new):
        meant = ast.dump(module)
        written = ast.unparse(new if target is site.node else target).strip()
    lines = text.encode().splitlines(keepends=True)
    assert target.end_lineno
    assert target.end_col_offset
    first, last = target.lineno - 1, target.end_lineno - 1
    head = lines[first][: target.col_offset].decode()
    tail = lines[last][target.end_col_offset :].decode()
    plain = textwrap.indent(written, " " * target.col_offset).lstrip()
    for middle in (OTHER_QUOTES.sub(r'"\1"', plain), plain, f"({plain})"):
        block = head + middle + tail
        mutated = b"".join(lines[:first]).decode() + block + b"".join(lines[last + 1 :]).decode()
        if _dump(mutated) == meant:
            return _Spliced(mutated, _one_line(b"".join(lines[first : last + 1]).decode()), _one_line(block), meant)
    return None


def _dump(text: str) -> str | None:
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.dump(ast.parse(text))
    except SyntaxError:
        return None


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _one_line(text: str) -> str:
    return " ".join(text.split())
