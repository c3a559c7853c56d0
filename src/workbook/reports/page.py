"""One self-contained HTML page: nothing is loaded, nothing runs, every text in it is inert."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from html import escape
from pathlib import Path

from workbook.reports.inert import inert, one_line

STYLE = Path(__file__).with_name("page.css")
WORDS = {
    "passed": "passed",
    "failed": "failed",
    "timeout": "timed out",
    "rejected": "rejected",
    "not_judged": "not judged",
}


def to_page(title: str, body: Iterable[str]) -> str:
    """`title` is text, `body` HTML. The policy lets a browser use this page's own style and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">',
        f"<title>{escape(one_line(title))}</title>",
        f"<style>{_style()}</style>\n</head>\n<body>\n<main>",
    )
    return "\n".join([*head, *body, "</main>\n</body>\n</html>\n"])


def text(words: str) -> str:
    """Words of a stranger in a line: inert, escaped, and set apart from the direction of what is round them."""
    return f"<bdi>{escape(one_line(words))}</bdi>"


def block(words: str) -> str:
    """Lines of a stranger, as they are broken."""
    return f'<pre tabindex="0">{escape(inert(words))}</pre>'


def table(caption: str, header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table of HTML cells; the first of each row is its header. `kind` is a class."""
    heads = "".join(f'<th scope="col">{cell}</th>' for cell in header)
    lines = (
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in rows
    )
    return (
        f'<table class="{kind}"><caption>{escape(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


@cache
def _style() -> str:
    return STYLE.read_text("utf-8")
