"""A table of a manifest, read strictly: what is unknown, missing or of the wrong type is refused with a cure."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

Fault = tuple[str, str]  # what is wrong with a value, and what to do about it


class ManifestError(ValueError):
    """A manifest that cannot be used. The text names the file, the key, what is wrong and the cure."""

    def __init__(self, path: Path, key: str | None, problem: str, cure: str) -> None:
        self.path = path
        self.key = key
        self.problem = problem
        self.cure = cure
        where = "/".join(part for part in path.parts[-3:] if part != path.anchor)
        super().__init__(f"{where}: {f'{key}: ' if key else ''}{problem}. {cure}")


class Table:
    """One TOML table of the manifest at `path`; `name` is how messages call it (`[function]`, none for the top)."""

    def __init__(self, path: Path, name: str, content: object, known: Sequence[str] | None = None) -> None:
        self._path = path
        self._name = name
        if not isinstance(content, dict):
            raise ManifestError(path, name, *_wrong_type(content, "a table", "Write its keys below a header."))
        self._content: dict[str, Any] = content
        if known is not None:
            for key in content:
                if key not in known:
                    self.refuse(quoted(key), "is no key that belongs here", _nearest(key, known))

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def refuse(self, key: str, problem: str, cure: str) -> NoReturn:
        raise ManifestError(self._path, f"{self._name} {key}".lstrip(), problem, cure)

    def hold(self, key: str, fault: Fault | None) -> None:
        """Refuses the key when a rule found a fault in its value."""
        if fault is not None:
            self.refuse(key, *fault)

    def line(self, key: str, default: str | None = None) -> str:
        """One line of printable text; without a default the key is required."""
        value = self.text(key, default)
        if not value.strip():
            self.refuse(key, "is empty", "Write a line of text.")
        if not value.isprintable():
            self.refuse(key, "holds a line break or a control character", "Write one line of plain text.")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self._content.get(key, default)
        if value is None:
            self.refuse(key, "is missing", f'Write {key} = "...".')
        if not isinstance(value, str):
            self.refuse(key, *_wrong_type(value, "text", f'Write {key} = "...", in quotes.'))
        return value

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """A list of texts without repetitions."""
        value = self._content.get(key, list(default))
        cure = f'Write {key} = ["...", "..."].'
        if not isinstance(value, list):
            self.refuse(key, *_wrong_type(value, "a list of texts", cure))
        seen = set()
        for item in value:
            if not isinstance(item, str):
                self.refuse(key, *_wrong_type(item, "text inside the list", cure))
            if item in seen:
                self.refuse(key, f"{quoted(item)} stands there twice", "Name it once.")
            seen.add(item)
        return tuple(value)

    def whole(self, key: str, default: int, low: int, high: int, unit: str, owner: str = "Lambda") -> int:
        """A whole number from low to high; `owner` is whose limits these are."""
        value = self._content.get(key, default)
        cure = f"Write a number from {low} to {high}."
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(key, *_wrong_type(value, "a whole number", cure))
        self._hold_range(key, value, low, high, unit, owner, cure)
        return value

    def seconds(self, key: str, default: float, low: int, high: int) -> float:
        value = self._content.get(key, default)
        cure = f"Write a number of seconds from {low} to {high}."
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.refuse(key, *_wrong_type(value, "a number", cure))
        self._hold_range(key, value, low, high, "seconds", "the workbook", cure)
        return float(value)

    def value(self, key: str) -> Any:
        """Whatever stands there, not looked at; None where the key is not there."""
        return self._content.get(key)

    def table(self, key: str, name: str, known: Sequence[str] | None = None) -> "Table":
        """The table below the key, empty when it is not there."""
        return Table(self._path, name, self._content.get(key, {}), known)

    def tables(self, key: str, known: Sequence[str]) -> tuple["Table", ...]:
        """The tables of a repeated header (`[[task]]`), in order."""
        value = self._content.get(key, [])
        header = f"[[{key}]]"
        if not isinstance(value, list):
            self.refuse(key, *_wrong_type(value, "a list of tables", f"Write a header {header} for each."))
        return tuple(Table(self._path, f"{header} {position}", item, known) for position, item in enumerate(value, 1))

    def _hold_range(self, key: str, value: float, low: int, high: int, unit: str, owner: str, cure: str) -> None:
        if low <= value <= high:
            return
        side = "less" if value < low else "more"
        problem = f"{quoted(value)} is {side} than {owner} allows ({low} to {high} {unit})"
        self.refuse(key, problem if value == value else f"nan is no number of {unit}", cure)


def quoted(value: object) -> str:
    """The value as a message shows it: short, on one line, nothing in it that a terminal would obey."""
    if isinstance(value, str):
        shown = repr(value[:60]) if value.isprintable() else ascii(value[:60])
        return shown if len(value) <= 60 else f"{shown}..."
    if isinstance(value, int) and value.bit_length() > 200:
        return "a number of many digits"
    return repr(value)


def _wrong_type(value: object, expected: str, cure: str) -> Fault:
    kinds = {bool: "true or false", int: "a whole number", float: "a decimal number", str: "text"}
    kinds |= {list: "a list", dict: "a table"}
    return f"is {kinds.get(type(value), 'a date or time')}, where {expected} belongs", cure


def _nearest(key: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key[:60], known, n=1)
    return f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
