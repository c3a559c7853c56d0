"""Charts as SVG: plain shapes in the page's colours, each with words for whoever does not see it."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 374, 190  # of the columns' chart, in its own units; text in it is 12 high
FOOT, HEAD, GAP = 34, 18, 6


def draw_columns(title: str, axis: str, columns: Sequence[tuple[str, str, int]]) -> str:
    """A column for each (mark below it, name, count); `axis` says what the marks are."""
    most = max((count for _, _, count in columns), default=0) or 1
    step = WIDTH / len(columns)
    shapes = []
    for place, (mark, _, count) in enumerate(columns):
        left, height = place * step + GAP / 2, (HEIGHT - FOOT - HEAD) * count / most
        top, middle = HEIGHT - FOOT - height, place * step + step / 2
        shapes.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{step - GAP:.1f}" height="{height:.1f}"/>'
        )
        if count:
            shapes.append(f'<text x="{middle:.1f}" y="{top - 4:.1f}">{count}</text>')
        shapes.append(f'<text class="mark" x="{middle:.1f}" y="{HEIGHT - FOOT + 14}">{escape(mark)}</text>')
    shapes.append(f'<line class="axis" x1="0" y1="{HEIGHT - FOOT}" x2="{WIDTH}" y2="{HEIGHT - FOOT}"/>')
    shapes.append(f'<text class="mark" x="{WIDTH / 2}" y="{HEIGHT - 4}">{escape(axis)}</text>')
    told = "; ".join(f"{name}: {count}" for _, name, count in columns if count) or "none"
    return _svg("columns", f"0 0 {WIDTH} {HEIGHT}", f"{title}. {axis}: {told}", "".join(shapes))


def draw_bar(words: str, share: float, other: float = 0) -> str:
    """A bar that fills `share` of its width, and in a paler colour `other` more of it; both from 0 to 1."""
    first, second = 100 * share, 100 * other
    shapes = f'<rect class="rail" width="100" height="10"/><rect class="bar" width="{first:.1f}" height="10"/>'
    if second:
        shapes += f'<rect class="pale" x="{first:.1f}" width="{second:.1f}" height="10"/>'
    return _svg("row", '0 0 100 10" preserveAspectRatio="none', words, shapes)


def _svg(kind: str, box: str, words: str, shapes: str) -> str:
    told = escape(words)
    return f'<svg class="{kind}" viewBox="{box}" role="img" aria-label="{told}"><title>{told}</title>{shapes}</svg>'
