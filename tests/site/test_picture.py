"""README's picture: what it shows is what is printed."""

import html
import re
from xml.etree import ElementTree

from workbook.site.picture import PICTURE, draw_window, run_watch

CHANGING = re.compile(r"[0-9.]+ s$|readings-[0-9a-f]{8}", re.MULTILINE)


def lines_of(svg: str) -> list[str]:
    """The text of the picture, without what differs from run to run."""
    texts = re.findall(r"<text [^>]*y=\"([0-9.]+)\"[^>]*>(.*?)</text>", svg)
    rows: dict[str, str] = {}
    for y, text in texts:
        rows[y] = rows.get(y, "") + html.unescape(text).replace("\xa0", " ")
    return [CHANGING.sub("...", row) for row in rows.values()]


def test_the_picture_shows_what_the_screen_of_watch_does() -> None:
    drawn = PICTURE.read_text("utf-8")
    assert "9 of 11 checks passed" in "\n".join(lines_of(drawn))
    assert lines_of(drawn) == lines_of(draw_window(run_watch())), "Draw it anew: python -m workbook.site.picture"


def test_the_picture_asks_no_other_host() -> None:
    drawn = PICTURE.read_text("utf-8")
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert not re.search(r"url\(\s*[\"']?https?:|href=", drawn)
