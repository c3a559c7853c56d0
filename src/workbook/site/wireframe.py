"""The fence `wireframe`: a sketch of a console screen with numbered callouts, and below it what each number says.

The fence holds YAML. Words are escaped; a callout that names nothing on the screen fails the build.

    title: Edit environment variables         # what the console calls the screen
    path: [Lambda, Functions]                 # optional, and so are: buttons, main, tabs, tab, side, at, first
    tabs: [Code, Test]                        # `tab` names the one that is open, `at` the same in the list `side`
    panels:
      - panel: Variables                      # with buttons and main of its own
        rows: [{field: Key, value: STATION}]  # wireframe_elements.KINDS
    callouts:
      - {on: Key, say: "Type `STATION`."}     # words that are there twice: `PANEL > WORDS`, `tab > WORDS`,
                                              # `side > WORDS`, `panel > WORDS`
    first: 4                                  # the first callout's number, when another sketch has 1 to 3
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, tostring

from markdown import Markdown

from workbook.site import facts
from workbook.site.fence import Flaw, Part, read, telling_where
from workbook.site.wireframe_elements import Named, Sheet, draw_buttons, draw_row, put

CAPTION = (
    "A sketch, not a photograph: what the console called things in {month}. It changes; look for the words in bold."
)
MARKUP = re.compile(r"`(?P<code>[^`]+)`|\*\*(?P<strong>[^*]+)\*\*")


def draw(source: str, language: str, class_name: str, options: Any, md: Markdown, **_: Any) -> str:
    """What superfences calls: the HTML of the fence. Raises FenceFault, which names the line."""
    with telling_where("wireframe", source, md):
        return sketch(source)


def sketch(source: str) -> str:
    """The figure and its list as HTML. Raises Flaw."""
    root = read(source)
    fields = root.fields(
        ("title", "panels", "callouts"), ("path", "buttons", "main", "tabs", "tab", "side", "at", "first")
    )
    figure = Element("figure", {"class": "wireframe"})
    named = _draw_screen(figure, fields)
    put(figure, "figcaption", "", CAPTION.format(month=facts.tell("month")))
    steps = _draw_steps(fields["callouts"], fields.get("first"), named)
    return "".join(tostring(part, encoding="unicode", method="html") for part in (figure, steps))


def _draw_screen(figure: Element, fields: dict[str, Part]) -> list[Named]:
    title = fields["title"].text()
    screen = put(figure, "div", "wf-screen")
    screen.attrib |= {"role": "group", "aria-label": f"Sketch of the screen {title}", "data-search-exclude": ""}
    sheet = Sheet(screen)
    if "path" in fields:
        put(screen, "div", "wf-path", " › ".join(fields["path"].texts()))
    head = sheet.below("wf-head")
    put(head.into, "span", "wf-title", title)
    _draw_own_buttons(head, fields)
    if "tabs" in fields:
        _draw_list(sheet.below("wf-tabs", panel="tab"), "wf-tab", fields["tabs"], fields.get("tab"))
    body = sheet.below("wf-body")
    if "side" in fields:
        _draw_list(body.below("wf-side", panel="side"), "wf-item", fields["side"], fields.get("at"))
    main = body.below("wf-panels")
    for panel in fields["panels"].parts():
        _draw_panel(main, panel)
    return sheet.named


def _draw_panel(sheet: Sheet, part: Part) -> None:
    fields = part.fields(("panel", "rows"), ("buttons", "main"))
    title = fields["panel"].text()
    panel = sheet.below("wf-panel", panel=title)
    head = panel.below("wf-panel-head", panel="panel")
    head.put("wf-panel-title", title)
    _draw_own_buttons(Sheet(head.into, title, sheet.named), fields)
    for row in fields["rows"].parts():
        draw_row(panel, row)


def _draw_own_buttons(sheet: Sheet, fields: dict[str, Part]) -> None:
    if "buttons" in fields:
        draw_buttons(sheet, fields["buttons"], fields.get("main"))
    elif "main" in fields:
        raise Flaw(fields["main"].line, "there are no buttons of which one could be the main one")


def _draw_list(sheet: Sheet, look: str, names: Part, selected: Part | None) -> None:
    words = names.texts()
    if selected and selected.text() not in words:
        raise Flaw(selected.line, f"{selected.text()!r} is none of {', '.join(words)}")
    for name in words:
        is_on = selected is not None and name == selected.text()
        sheet.put(f"{look} wf-on" if is_on else look, name, "selected" if is_on else "")


def _draw_steps(callouts: Part, first: Part | None, named: list[Named]) -> Element:
    if first and not re.fullmatch(r"[1-9][0-9]?", first.text()):
        raise Flaw(first.line, "first is a number from 1 to 99")
    start = int(first.text()) if first else 1
    steps = Element("ol", {"class": "wf-steps", "role": "list", "start": str(start)})
    for number, callout in enumerate(callouts.parts(), start):
        fields = callout.fields(("on", "say"))
        target = _find(fields["on"], named)
        _append(target, target[-1] if len(target) else None, " ")
        mark = put(target, "span", "wf-mark")
        put(mark, "span", "wf-hidden", ", step ").tail = str(number)
        step = put(steps, "li", "")
        put(step, "span", "wf-mark", str(number)).set("aria-hidden", "true")
        _write(put(step, "span", "wf-say"), fields["say"].text())
    return steps


def _find(on: Part, named: list[Named]) -> Element:
    name = on.text()
    found = [one for one in named if one.is_called(name)]
    if not found:
        raise Flaw(on.line, f"{name!r} is nothing on the screen; there are {', '.join(one.words for one in named)}")
    if len(found) > 1:
        ways = ", ".join(f"{one.panel} > {one.words}" if one.panel else f"{one.words} (in no panel)" for one in found)
        raise Flaw(on.line, f"{name!r} is on the screen {len(found)} times; write one of: {ways}")
    return found[0].element


def _write(into: Element, words: str) -> None:
    """The words, in which `code` and **bold** are marked up."""
    at, last = 0, None
    for found in MARKUP.finditer(words):
        _append(into, last, words[at : found.start()])
        at, last = found.end(), put(into, str(found.lastgroup), "", found[str(found.lastgroup)])
    _append(into, last, words[at:])


def _append(into: Element, last: Element | None, words: str) -> None:
    if last is None:
        into.text = (into.text or "") + words
    else:
        last.tail = (last.tail or "") + words
