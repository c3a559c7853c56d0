"""Names of files for ids that anybody may have chosen: every system takes them, and no two ids share one."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

LONGEST = 80
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")
# Devices on Windows, with any ending (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9])(\..*)?", re.IGNORECASE)
_LIKE_OURS = re.compile(r".*-[0-9a-f]{12,}", re.IGNORECASE)


def name_files(ids: Iterable[str]) -> dict[str, str]:
    """A name without an ending for each id: the id itself where that is fit, else what can be kept of it.

    Where two would be one name on some system, each has a part of its id's SHA-256 behind it.
    """
    plain = {text: _plain(text) for text in ids}
    counts = Counter(name.casefold() for name in plain.values())
    used: set[str] = set()
    return {
        text: _claim(text, name, used, is_alone=counts[name.casefold()] == 1 and not _LIKE_OURS.fullmatch(name))
        for text, name in plain.items()
    }


def _plain(text: str) -> str:
    """ASCII letters, digits, dots, hyphens and underscores; accents are dropped."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    name = _UNFIT.sub("-", letters).lstrip(".-")[:LONGEST].rstrip(".-") or "submission"
    return f"_{name}" if _DEVICE.fullmatch(name) else name


def _claim(text: str, name: str, used: set[str], *, is_alone: bool) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    choices = [*([name] if is_alone else []), f"{name}-{digest[:12]}", f"{name}-{digest}"]
    chosen = next(choice for choice in choices if choice.casefold() not in used)
    used.add(chosen.casefold())
    return chosen
