"""python-slugify, which lab 06 deploys with its function and which is installed nowhere else: its main function."""

from collections.abc import Iterable

def slugify(
    text: str,
    *,
    separator: str = "-",
    lowercase: bool = True,
    max_length: int = 0,
    word_boundary: bool = False,
    save_order: bool = False,
    stopwords: Iterable[str] = (),
    regex_pattern: str | None = None,
    replacements: Iterable[tuple[str, str]] = (),
    allow_unicode: bool = False,
) -> str:
    """`text` in lower-case letters, digits and separators: slugify("Søndre Kai") == "sondre-kai"."""
