"""Makes text from submissions harmless: what it would do to a terminal or a page is shown instead of done."""

import re
import unicodedata

_UNUSUAL = re.compile(r"[^\t\n\x20-\x7e]")
# Control, format (bidirectional overrides, zero width), surrogate, private use, line and paragraph separators.
_SHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def inert(text: str) -> str:
    """`text` with control, bidirectional and invisible characters written out as \\x1b, \\u202e and so on."""
    return _UNUSUAL.sub(lambda found: _show(found[0]), text)


def one_line(text: str) -> str:
    """The same, with line breaks and tabs written out too."""
    return inert(text).replace("\n", "\\n").replace("\t", "\\t")


def _show(character: str) -> str:
    if unicodedata.category(character) not in _SHOWN:
        return character
    return character.encode("unicode_escape").decode("ascii")
