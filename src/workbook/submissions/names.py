"""The names of handed-in files: which are left out, and which refuse the whole submission."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from workbook.runtime.code import LAB_FILES, LAB_FOLDERS, LITTER_FILES, LITTER_FOLDERS

MAX_NAME_BYTES = 240
COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".pth")

_MORE_LITTER = {"desktop.ini"}
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # control, format, surrogate, line and paragraph separators
# Devices, with or without an extension, and characters: learn.microsoft.com, "Naming Files, Paths, and Namespaces".
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?", re.IGNORECASE)
_RESERVED = frozenset('<>:"|?*')


class Refused(ValueError):
    """A submission cannot be taken in; the text says why and what to do, and names no path of this machine."""


class Names:
    """The names of one submission's files, none of which may stand for another on some system."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._known: dict[str, tuple[str, bool]] = {}

    def __len__(self) -> int:
        return len(self._files)

    def add(self, name: str) -> None:
        """Take in the file `name`, a POSIX path.

        Raises Refused for what `check_name` refuses, and where the name, or a folder in it, equals one taken in
        before, exactly or but for case or Unicode normalisation.
        """
        check_name(name)
        if name in self._files:
            raise Refused(f"There are two files {shown(name)}. Hand in one of them.")
        for folder in PurePosixPath(name).parents[:-1]:
            self._claim(str(folder), is_file=False)
        self._claim(name, is_file=True)
        self._files.add(name)

    def _claim(self, name: str, *, is_file: bool) -> None:
        other, other_is_file = self._known.setdefault(_fold(name), (name, is_file))
        if other != name:
            raise Refused(f"{shown(other)} and {shown(name)} are one name on some systems. Rename one of them.")
        if other_is_file != is_file:
            raise Refused(f"{shown(name)} is a file and a folder at once. Rename one of them.")


def check_name(name: str) -> None:
    """Raises Refused unless `name` is a relative POSIX path that every system takes as it is, and no compiled
    code: nothing is repaired."""
    parts = name.split("/")
    if has_unseen(name):
        raise Refused(f"The name {shown(name)} has a character that cannot be seen. Rename it.")
    if "\\" in name:
        raise Refused(
            f"The name {shown(name)} has a backslash; folders are parted by /. Windows PowerShell 5.1's "
            "Compress-Archive writes such names; build the zip with another tool."
        )
    if any(part in ("", ".", "..") for part in parts) or re.match(r"[A-Za-z]:", name):
        raise Refused(f"The name {shown(name)} does not stay inside one folder. Hand in a folder's own files.")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise Refused(f"The name {shown(name)} is longer than {MAX_NAME_BYTES} bytes. Shorten it.")
    if any(_DEVICE.fullmatch(part) or part[-1] in ". " or _RESERVED & set(part) for part in parts):
        raise Refused(f"The name {shown(name)} is one that Windows does not take. Rename it.")
    if name.lower().endswith(COMPILED):
        raise Refused(f"{shown(name)} is compiled code or a path file. Hand in Python source alone.")


def has_unseen(text: str) -> bool:
    """Whether a character of `text` cannot be seen: control, bidirectional, zero-width, or undecodable."""
    return any(unicodedata.category(character) in _UNSEEN for character in text)


def is_litter_file(name: str) -> bool:
    """Whether tools left a file of this name, without its path, anywhere: it is looked at no further."""
    return name in LITTER_FILES | _MORE_LITTER or name.startswith("._")


def is_litter_folder(name: str) -> bool:
    """The same for a folder."""
    return name in LITTER_FOLDERS


def is_left_out(name: str, files: Collection[str]) -> bool:
    """Whether `name`, a POSIX path, is the lab's own and no part of the function, as in `Code.open`: it is then
    neither read nor refused. `files` are those that a student hands in; a folder's name ends in `/`."""
    if name in files:
        return False
    top, parted, _ = name.partition("/")
    if parted:
        return top in LAB_FOLDERS
    is_suite = name.startswith("test_") and name.endswith(".py")
    return name in LAB_FILES or is_suite or name.lower().endswith(".zip")


def check_wanted(names: Collection[str], files: Sequence[str], found: Collection[str]) -> None:
    """Raises Refused where none of `files`, those that the lab asks for, is among `names`; `found` is told."""
    if any(file in names for file in files):
        return
    holds = some(list(map(shown, sorted(found)))) or "nothing"
    lack = f"{files[0]} is missing" if len(files) == 1 else f"{', '.join(files)} are missing"
    raise Refused(f"{lack}; it holds {holds}. Hand in what the lab asks for, under its own name.")


def shown(name: str) -> str:
    """`name` in quotes, cut short where it is long, nothing in it unseen or undecodable."""
    return repr(name if len(name) <= 80 else f"{name[:77]}...")


def some(texts: Sequence[str], word: str = "and") -> str:
    """The first three of `texts`, and how many more there are."""
    told = [*texts[:3], f"{len(texts) - 3} more"] if len(texts) > 3 else list(texts)
    return f" {word} ".join(filter(None, [", ".join(told[:-1]), *told[-1:]]))


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
