"""What the doctor may say, read from its own source: each problem and each warning, with its cure."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

OPEN = "…"  # stands for what only the machine at hand can tell
KNOWN = {"LAB": "./lab", "REINSTALL": "Run ./lab setup."}
KINDS = ("problem", "warning")


@dataclass(frozen=True)
class Possible:
    """A finding that one check of the doctor can come to."""

    name: str
    kind: str
    message: str
    cure: str


def read_findings() -> Iterator[Possible]:
    """All of them, in the order in which the doctor looks."""
    from workbook.doctor import course, function, installation, machine, settings

    for module in (installation, machine, settings, function, course):
        yield from _read(module)


def _read(module: ModuleType) -> Iterator[Possible]:
    tree = ast.parse(inspect.getsource(module))
    for part in tree.body:
        named: dict[str, str] = {}
        calls: list[tuple[int, str, list[ast.expr]]] = []
        texts: list[tuple[int, str, ast.expr]] = []
        for node in ast.walk(part):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    texts.append((node.lineno, name, value))
                case ast.Call(func=ast.Name(id=kind), args=[_, _, _] as arguments) if kind in KINDS:
                    calls.append((node.lineno, kind, arguments))
        for line, kind, arguments in sorted(calls, key=lambda call: call[0]):
            named = {
                name: _write(value, {}) for at, name, value in sorted(texts, key=lambda text: text[0]) if at < line
            }
            name, message, cure = (_write(argument, named) for argument in arguments)
            if message != OPEN:
                yield Possible(name, kind, message, cure)


def _write(expression: ast.expr, named: dict[str, str]) -> str:
    """The text of an expression; what cannot be known here is left open."""
    match expression:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_write(part, named) for part in parts)
        case ast.FormattedValue(value=value):
            return _write(value, KNOWN)
        case ast.Name(id=name):
            return (KNOWN | named).get(name, OPEN)
        case _:
            return OPEN
