"""Slips: what a student gets wrong in Python, each as a small change of one place in a syntax tree.

A slip is a function from a node to pairs: a node at or below it, and what stands there after the slip. It changes
nothing itself. The loud ones, which nearly any check hears, stand before the subtle ones.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Change = tuple[ast.AST, ast.AST]
Node = TypeVar("Node", bound=ast.AST)
T = TypeVar("T")

CONVERSIONS = {"bool", "dict", "dumps", "float", "int", "list", "loads", "round", "set", "sorted", "str", "tuple"}
TEXT_METHODS = {"casefold", "encode", "decode", "isoformat", "lower", "strip", "title", "upper"}
# Calls that no `try` is put round: they do not fail.
UNFAILING = {"add", "append", "critical", "debug", "error", "exception", "extend", "info", "print", "update", "warning"}
BOUNDARIES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
}  # fmt: skip


def drop_call(node: ast.AST) -> Iterator[Change]:
    """a call that stands by itself is left out"""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield node, ast.Pass()


def drop_update(node: ast.AST) -> Iterator[Change]:
    """a value inside another, or a running total, is not updated"""
    inner = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript | ast.Attribute)
    if inner or isinstance(node, ast.AugAssign):
        yield node, ast.Pass()


def drop_return(node: ast.AST) -> Iterator[Change]:
    """a return is forgotten: the value is made, and the function goes on"""
    if isinstance(node, ast.Return):
        needless = node.value is None or isinstance(node.value, ast.Constant | ast.Name)
        yield node, ast.Pass() if needless or node.value is None else ast.Expr(node.value)


def drop_raise(node: ast.AST) -> Iterator[Change]:
    """an error is not raised"""
    if isinstance(node, ast.Raise):
        yield node, ast.Pass()


def drop_jump(node: ast.AST) -> Iterator[Change]:
    """a loop goes on where it should stop, or does not skip what it should"""
    if isinstance(node, ast.Break | ast.Continue):
        yield node, ast.Pass()


def negate_condition(node: ast.AST) -> Iterator[Change]:
    """a condition is the wrong way round, so that its branches are swapped"""
    tests: list[ast.expr] = []
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        tests = [node.test]
    elif isinstance(node, ast.comprehension):
        tests = node.ifs
    for test in tests:
        yield test, _negated(test)


def drop_entry(node: ast.AST) -> Iterator[Change]:
    """an entry of a dict, a list or a set is forgotten"""
    if isinstance(node, ast.Dict):
        for place in range(len(node.keys)):
            yield node, _changed(node, keys=_without(node.keys, place), values=_without(node.values, place))
    elif isinstance(node, ast.List | ast.Set) and len(node.elts) > 1:
        for place in range(len(node.elts)):
            yield node, _changed(node, elts=_without(node.elts, place))


def drop_argument(node: ast.AST) -> Iterator[Change]:
    """an argument is missing: a named one, or the last of several"""
    if not isinstance(node, ast.Call):
        return
    for place, keyword in enumerate(node.keywords):
        if not _is_timeout(keyword):
            yield node, _changed(node, keywords=_without(node.keywords, place))
    if len(node.args) > 1:
        yield node, _changed(node, args=node.args[:-1])


def drop_conversion(node: ast.AST) -> Iterator[Change]:
    """a value is used as it came, without the function or method that turns it into what is needed"""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    if len(node.args) == 1 and _name(node.func) in CONVERSIONS:
        yield node, node.args[0]
    elif not node.args and isinstance(node.func, ast.Attribute) and node.func.attr in TEXT_METHODS:
        yield node, node.func.value


def misspell_word(node: ast.AST) -> Iterator[Change]:
    """a word in quotes (a key, a name, a value) is misspelt; a text with spaces is for people and stays"""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not any(map(str.isspace, node.value)):
        yield node, ast.Constant(misspell(node.value))


def misstate_number(node: ast.AST) -> Iterator[Change]:
    """a number is wrong by one"""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield node, ast.Constant(node.value + 1)


def flip_flag(node: ast.AST) -> Iterator[Change]:
    """True stands where False should, or False for True"""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, ast.Constant(not node.value)


def confuse_arithmetic(node: ast.AST) -> Iterator[Change]:
    """plus stands for minus, times for divided by, or the other way round"""
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield node, _changed(node, op=ARITHMETIC[type(node.op)]())


def confuse_and_or(node: ast.AST) -> Iterator[Change]:
    """`and` stands for `or`, or `or` for `and`"""
    if isinstance(node, ast.BoolOp):
        yield node, _changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def drop_condition(node: ast.AST) -> Iterator[Change]:
    """one part of a condition is forgotten"""
    if isinstance(node, ast.BoolOp):
        for place in range(len(node.values)):
            left = _without(node.values, place)
            yield node, left[0] if len(left) == 1 else _changed(node, values=left)


def confuse_comparison(node: ast.AST) -> Iterator[Change]:
    """a comparison says the opposite"""
    yield from _compared(node, OPPOSITES)


def miss_boundary(node: ast.AST) -> Iterator[Change]:
    """a limit itself is counted to the wrong side"""
    yield from _compared(node, BOUNDARIES)


def swallow_error(node: ast.AST) -> Iterator[Change]:
    """an error is caught, and nothing is done about it"""
    nothing: list[ast.stmt] = [ast.Pass()]
    if isinstance(node, ast.ExceptHandler):
        yield node, _changed(node, body=nothing)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name(node.value.func) not in UNFAILING:
        handler = ast.ExceptHandler(ast.Name("Exception", ast.Load()), None, nothing)
        yield node, ast.Try([node], [handler], [], [])


def catch_too_much(node: ast.AST) -> Iterator[Change]:
    """every error is caught, not only the one that is meant"""
    if isinstance(node, ast.ExceptHandler) and node.type and _name(node.type) != "Exception":
        yield node.type, ast.Name("Exception", ast.Load())


def catch_too_little(node: ast.AST) -> Iterator[Change]:
    """one kind of error is not caught"""
    if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple):
        for place in range(len(node.type.elts)):
            left = _without(node.type.elts, place)
            yield node.type, left[0] if len(left) == 1 else _changed(node.type, elts=left)


def take_local_time(node: ast.AST) -> Iterator[Change]:
    """a time is not turned into UTC: its own clock, or the machine's, is taken"""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    method, zones = node.func.attr, [*node.args, *(keyword.value for keyword in node.keywords)]
    if method == "astimezone":
        yield node, node.func.value
        if zones:
            yield node, _changed(node, args=[], keywords=[])
            relabelled = ast.Attribute(node.func.value, "replace", ast.Load())
            yield node, _changed(node, func=relabelled, args=[], keywords=[ast.keyword("tzinfo", zones[0])])
    elif method == "now" and zones:
        yield node, _changed(node, args=[], keywords=[])
    elif method == "gmtime":
        yield node.func, _changed(node.func, attr="localtime")


def drop_timeout(node: ast.AST) -> Iterator[Change]:
    """a call waits without a limit, or for as many seconds as it should milliseconds"""
    if not isinstance(node, ast.Call):
        return
    for place, keyword in enumerate(node.keywords):
        if _is_timeout(keyword):
            yield node, _changed(node, keywords=_without(node.keywords, place))
            if isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, int | float):
                yield keyword.value, ast.Constant(keyword.value.value * 1000)


def match_too_little(node: ast.AST) -> Iterator[Change]:
    """only the beginning of a text is looked at"""
    if isinstance(node, ast.Attribute) and node.attr == "fullmatch":
        yield node, _changed(node, attr="match")


def leave_out_of_text(node: ast.AST) -> Iterator[Change]:
    """a value is left out of a text"""
    if isinstance(node, ast.JoinedStr):
        for place, part in enumerate(node.values):
            if isinstance(part, ast.FormattedValue):
                yield node, _changed(node, values=_without(node.values, place))


SLIPS: tuple[Callable[[ast.AST], Iterator[Change]], ...] = (
    drop_call, drop_update, drop_return, negate_condition, drop_entry, take_local_time, drop_argument, drop_conversion,
    drop_raise, drop_jump, misspell_word, confuse_and_or, confuse_comparison, confuse_arithmetic, swallow_error,
    misstate_number, flip_flag, drop_condition, leave_out_of_text, match_too_little, miss_boundary, drop_timeout,
    catch_too_little, catch_too_much,
)  # fmt: skip


def misspell(word: str) -> str:
    """The word without its last letter, or, of one letter or none, with one more."""
    return word[:-1] if len(word) > 1 else f"{word}x"


def _compared(node: ast.AST, others: dict[type[ast.cmpop], type[ast.cmpop]]) -> Iterator[Change]:
    for place, sign in enumerate(node.ops if isinstance(node, ast.Compare) else ()):
        if isinstance(node, ast.Compare) and type(sign) in others:
            yield node, _changed(node, ops=[*node.ops[:place], others[type(sign)](), *node.ops[place + 1 :]])


def _negated(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in OPPOSITES:
        return _changed(test, ops=[OPPOSITES[type(test.ops[0])]()])
    return ast.UnaryOp(ast.Not(), test)


def _is_timeout(keyword: ast.keyword) -> bool:
    return "timeout" in (keyword.arg or "").lower()


def _name(function: ast.AST) -> str:
    """`dumps` of `json.dumps`; empty for what has no name."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _changed(node: Node, **fields: object) -> Node:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _without(found: Sequence[T], place: int) -> list[T]:
    return [*found[:place], *found[place + 1 :]]
