"""What stands on a sketched screen: each kind of element as HTML that a screen reader can read, too."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from workbook.site.fence import Flaw, Part


@dataclass(frozen=True)
class Named:
    """An element that a callout can name, by its words or as `PANEL > WORDS`."""

    panel: str
    words: str
    element: Element

    def is_called(self, name: str) -> bool:
        return name in (self.words, f"{self.panel} > {self.words}")


@dataclass
class Sheet:
    """Where elements are drawn. `named` collects those that a callout can name."""

    into: Element
    panel: str = ""
    named: list[Named] = field(default_factory=list)

    def put(self, look: str, words: str = "", kind: str = "", tag: str = "span") -> Element:
        """An element with `words`, which can be named by them; `kind` says to a screen reader what it is."""
        element = put(self.into, tag, look, words)
        if kind:
            put(element, "span", "wf-hidden", f", {kind}")
        if words:
            self.named.append(Named(self.panel, words, element))
        return element

    def below(self, look: str, tag: str = "div", panel: str | None = None) -> "Sheet":
        """A part of the sheet, with the same names."""
        panel = self.panel if panel is None else panel
        return Sheet(put(self.into, tag, look), panel, self.named)


def put(parent: Element, tag: str, look: str, words: str = "") -> Element:
    element = SubElement(parent, tag, {"class": look} if look else {})
    if words:
        element.text = words
    return element


def draw_buttons(sheet: Sheet, labels: Part, main: Part | None) -> None:
    """`main` is the one that the console shows filled."""
    words = labels.texts()
    if main and main.text() not in words:
        raise Flaw(main.line, f"{main.text()!r} is none of the buttons {', '.join(words)}")
    row = sheet.below("wf-buttons")
    for label in words:
        is_main = main is not None and label == main.text()
        row.put("wf-button wf-main" if is_main else "wf-button", label, "button")


def draw_row(sheet: Sheet, part: Part) -> None:
    """One row of a panel: a mapping whose key says the kind. Raises Flaw."""
    kinds = [key for key in part.names() if key in KINDS]
    if len(kinds) != 1:
        raise Flaw(part.line, f"a row is one of: {', '.join(KINDS)}")
    kind = KINDS[kinds[0]]
    fields = part.fields([kinds[0], *kind.needs], kind.may)
    kind.draw(sheet.below(f"wf-row wf-{kinds[0]}"), fields.pop(kinds[0]), fields)


Fields = Mapping[str, Part]


def _draw_input(kind: str, empty: str = "") -> Callable[[Sheet, Part, Fields], None]:
    def draw(sheet: Sheet, label: Part, fields: Fields) -> None:
        sheet.put("wf-label", label.text(), kind)
        if "hint" in fields:
            put(sheet.into, "span", "wf-hint", fields["hint"].text())
        put(sheet.into, "span", f"wf-input wf-{kind}-box", fields["value"].text() if "value" in fields else empty)

    return draw


def _draw_shown(sheet: Sheet, label: Part, fields: Fields) -> None:
    sheet.put("wf-label", label.text())
    put(sheet.into, "span", "wf-value", fields["value"].text())


def _draw_choice(sheet: Sheet, label: Part, fields: Fields) -> None:
    sheet.put("wf-label", label.text(), "choose one")
    options, chosen = fields["options"].texts(), fields["chosen"].text()
    if chosen not in options:
        raise Flaw(fields["chosen"].line, f"{chosen!r} is none of the options {', '.join(options)}")
    row = sheet.below("wf-options")
    for option in options:
        is_on = option == chosen
        row.put("wf-option wf-on" if is_on else "wf-option", option, "chosen" if is_on else "not chosen")


def _draw_tick(sheet: Sheet, label: Part, fields: Fields) -> None:
    state = fields["ticked"]
    if state.text() not in ("yes", "no"):
        raise Flaw(state.line, "ticked is yes or no")
    is_on = state.text() == "yes"
    sheet.put("wf-box wf-on" if is_on else "wf-box", label.text(), "ticked" if is_on else "not ticked")


def _draw_button_row(sheet: Sheet, labels: Part, fields: Fields) -> None:
    draw_buttons(sheet, labels, fields.get("main"))


def _draw_menu(sheet: Sheet, labels: Part, fields: Fields) -> None:
    """A menu that a button has opened."""
    for label in labels.texts():
        sheet.put("wf-menu-item", label, "in the menu")


def _draw_link(sheet: Sheet, label: Part, fields: Fields) -> None:
    sheet.put("wf-link-words", label.text(), "link")


def _draw_table(sheet: Sheet, heads: Part, fields: Fields) -> None:
    """A row is named by its first cell."""
    names = heads.texts()
    table = sheet.below("wf-grid", "table")
    top = put(put(table.into, "thead", ""), "tr", "")
    for name in names:
        put(top, "th", "", name).set("scope", "col")
    body = table.below("", "tbody")
    for row in fields["rows"].parts():
        cells = row.texts()
        if len(cells) != len(names):
            raise Flaw(row.line, f"the row has {len(cells)} cells, and the table {len(names)} columns")
        line = body.below("", "tr")
        line.put("", cells[0], tag="td")
        for cell in cells[1:]:
            put(line.into, "td", "", cell)


def _draw_code(sheet: Sheet, label: Part, fields: Fields) -> None:
    sheet.put("wf-file", label.text())
    put(sheet.into, "div", "wf-text", fields["text"].text())


def _draw_graph(sheet: Sheet, label: Part, fields: Fields) -> None:
    sheet.put("wf-label", label.text(), "graph")
    bars = put(sheet.into, "span", "wf-bars")
    for _ in range(7):
        put(bars, "span", "")


def _draw_note(sheet: Sheet, words: Part, fields: Fields) -> None:
    sheet.put("wf-words", words.text())


@dataclass(frozen=True)
class Kind:
    """A kind of row: the keys that it needs beside its own, and those that it may have."""

    draw: Callable[[Sheet, Part, Fields], None]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


KINDS = {
    "field": Kind(_draw_input("field"), may=("value", "hint")),
    "select": Kind(_draw_input("list", "Choose"), may=("value", "hint")),
    "shown": Kind(_draw_shown, needs=("value",)),
    "choice": Kind(_draw_choice, needs=("options", "chosen")),
    "tick": Kind(_draw_tick, needs=("ticked",)),
    "buttons": Kind(_draw_button_row, may=("main",)),
    "menu": Kind(_draw_menu),
    "link": Kind(_draw_link),
    "table": Kind(_draw_table, needs=("rows",)),
    "code": Kind(_draw_code, needs=("text",)),
    "log": Kind(_draw_code, needs=("text",)),
    "graph": Kind(_draw_graph),
    "note": Kind(_draw_note),
}
