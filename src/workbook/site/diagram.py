"""The fence `diagram`: a drawing of docs/assets/diagrams inside the page, so that it takes the page's colours.

The fence holds `file` (the drawing's name without .svg) and `caption`.
"""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, ParseError

from markdown import Markdown

from workbook.site.fence import Flaw, Part, read, telling_where
from workbook.site.wireframe_elements import put

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "assets" / "diagrams"
SVG = "{http://www.w3.org/2000/svg}"
REFERENCE = re.compile(r"url\(#([^)]+)\)")


def draw(source: str, language: str, class_name: str, options: Any, md: Markdown, **_: Any) -> str:
    """What superfences calls: the HTML of the fence. Raises FenceFault, which names the line."""
    with telling_where("diagram", source, md):
        fields = read(source).fields(("file", "caption"))
        figure = Element("figure", {"class": "diagram"})
        figure.append(load(fields["file"]))
        put(figure, "figcaption", "", fields["caption"].text())
        return ElementTree.tostring(figure, encoding="unicode", method="html")


def load(file: Part) -> Element:
    """The drawing, its title and description tied to it, its ids its own. Raises Flaw when it cannot be shown."""
    name = file.text()
    if not re.fullmatch(r"[a-z0-9-]+", name) or not (FOLDER / f"{name}.svg").is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.svg")))
        raise Flaw(file.line, f"there is no drawing {name!r}; there are {known}")
    try:
        svg = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text("utf-8"))
    except ParseError as error:
        raise Flaw(file.line, f"{name}.svg is no XML: {error}") from error
    for element in svg.iter():
        element.tag = element.tag.removeprefix(SVG)
    if [part.tag for part in svg[:2]] != ["title", "desc"] or not all((part.text or "").strip() for part in svg[:2]):
        raise Flaw(file.line, f"{name}.svg does not begin with a title and a desc")
    for part in svg[:2]:
        part.set("id", part.tag)
    for element in svg.iter():
        _make_own(element, f"{name}-")
    svg.attrib |= {"role": "img", "aria-labelledby": f"{name}-title", "aria-describedby": f"{name}-desc"}
    return svg


def _make_own(element: Element, prefix: str) -> None:
    """A page may hold several drawings, and an id counts once for a page."""
    for key, value in element.attrib.items():
        if key == "id":
            element.set(key, prefix + value)
        elif key == "href":
            element.set(key, value.replace("#", f"#{prefix}"))
        else:
            element.set(key, REFERENCE.sub(rf"url(#{prefix}\1)", value))
