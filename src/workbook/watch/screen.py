"""The screen of `lab watch`: from the state to the lines of a terminal so wide and so high."""

import io
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from workbook.course.hints import Hint
from workbook.course.manifest import Task
from workbook.grading.document import Result, Status
from workbook.reports.inert import inert
from workbook.reports.terminal import check_line, mark_of, print_details, print_indented
from workbook.watch.readme import lessons
from workbook.watch.state import Declared, Fault, Page, Phase, Question, State

KEYS = (
    ("h", "hint"), ("r", "check"), ("i", "invoke"), ("d", "docs"), ("l", "list"), ("n", "next"), ("p", "previous"),
    ("x", "reset"), ("q", "quit"),
)  # fmt: skip
PAGE_KEYS = (("up, down, space", "scroll"), ("enter", "back"))
NARROWEST = 40
WIDEST = 100


@dataclass(frozen=True)
class Look:
    """How to write: with colours or not, in which encoding; `say` gives a command as it is typed here, `shorten` a path
    as it is seen from here."""

    colour: bool
    encoding: str
    say: Callable[[str], str]
    shorten: Callable[[object], str]


@dataclass(frozen=True)
class Frame:
    """The screen's lines, and how many of the text's stand above them."""

    lines: tuple[str, ...]
    offset: int


def draw(state: State, look: Look, width: int, height: int) -> Frame:
    """What there is to read, scrolled where it has no room, above what can be done: at most `height` lines."""
    foot = _foot(state, look, width)
    room = max(1, height - len(foot) - 1)
    body = turn(state.page, look, width, state.typed) if state.page else tell(state, look, width, room)
    offset = 0 if len(body) <= room else min(state.offset, len(body) - max(1, room - 1))
    return Frame((*_window(body, room, offset, look, width), "", *foot)[:height], offset)


def tell(state: State, look: Look, width: int, room: int = 0) -> list[str]:
    """What there is to read about the lab: each check where there is room for it, else those of the task that fails."""
    least = len(state.lab.manifest.tasks) + len(state.declared) + 3
    full = _verdict(state, look, width, in_full=True) if least <= room else None
    return full if full and len(full) <= room else _verdict(state, look, width, in_full=False)


def status(state: State, look: Look) -> str:
    """Where things stand, in a line."""
    match state.phase:
        case Phase.STARTING:
            return "Getting ready to check your code."
        case Phase.BROKEN:
            return "The bench broke. Save again, or press r, to start it anew."
        case Phase.JUDGING if state.is_whole:
            return _points(state.result())
        case Phase.JUDGING:
            wait = "; those to come wait for a time limit" if state.waits_for_slow_ones else ""
            return f"Judging: {len(state.results)} of {len(state.declared)} checks{wait}"
        case _:
            return "Not taken in." if state.rejected else f"{_points(state.result())}, {state.seconds:.2f} s"


def keys(state: State, width: int) -> list[str]:
    """What can be pressed, in lines of that width."""
    if state.page and state.page.question is Question.RESET:
        return ["y yes  n no"]
    if state.page and state.page.choices:
        return ["a number  enter or q back"]
    lines = [""]
    for key, what in PAGE_KEYS if state.page else KEYS:
        longer = f"{lines[-1]}  {key} {what}".strip()
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(f"{key} {what}")
    return lines


def whisper(hint: Hint, look: Look, width: int) -> list[str]:
    """A hint's lines."""
    sheet = _sheet(look, width)
    _print_hint(hint, sheet)
    return _lines(sheet)


class _Sheet(io.StringIO):
    encoding: str = "utf-8"


def _sheet(look: Look, width: int) -> Console:
    file = _Sheet()
    file.encoding = look.encoding
    return Console(
        file=file,
        width=max(NARROWEST, min(WIDEST, width)),
        force_terminal=look.colour,
        color_system="standard" if look.colour else None,
        no_color=not look.colour,
        highlight=False,
        legacy_windows=False,
    )


def _lines(sheet: Console) -> list[str]:
    written = sheet.file.getvalue()  # type: ignore[attr-defined]
    return [line.rstrip() for line in written.splitlines()]


def _verdict(state: State, look: Look, width: int, *, in_full: bool) -> list[str]:
    sheet = _sheet(look, width)
    lab = state.lab
    files = lab.manifest.files
    place = look.shorten(lab.folder / files[0] if len(files) == 1 else lab.folder)
    sheet.print(Text.assemble((inert(lab.heading), "bold"), "  ", (inert(place), "dim")))
    sheet.print()
    current = state.task
    for task in lab.manifest.tasks:
        _print_task(state, task, sheet, with_checks=in_full or (task == current and not state.has_passed))
    _print_matter(state, look, sheet)
    return _lines(sheet)


def _print_task(state: State, task: Task, sheet: Console, *, with_checks: bool) -> None:
    checks = [check for check in state.declared if check.task == task.number]
    found = [state.verdicts[check.id] for check in checks if check.id in state.verdicts]
    failed = any(result.status is not Status.PASSED for result in found)
    if failed:
        mark, style = mark_of(Status.FAILED, sheet)
    elif checks and len(found) == len(checks):
        mark, style = mark_of(Status.PASSED, sheet)
    else:
        mark, style = mark_of(Status.NOT_JUDGED, sheet)
    score = sum(result.score or 0 for result in found)
    tail = f"{score if found else '-'}/{sum(check.points for check in checks)}" if checks else ""
    title = Text(f"Task {task.number}  {inert(task.title)}", style="bold")
    _shorten(title, max(20, sheet.width - len(mark) - 3 - len(tail)))
    pad = " " * max(1, sheet.width - len(mark) - 1 - title.cell_len - len(tail))
    sheet.print(Text.assemble((mark, style), " ", title, pad, (tail, "dim")), no_wrap=True, crop=True)
    for check in checks if with_checks else ():
        result = state.verdicts.get(check.id)
        if result:
            sheet.print(check_line(result.to_dict(), sheet))
        else:
            sheet.print(_pending_line(check, state, sheet))


def _pending_line(check: Declared, state: State, sheet: Console) -> Text:
    mark, _ = mark_of(Status.NOT_JUDGED, sheet)
    late = " (slow)" if check.slow and state.phase is Phase.JUDGING else ""
    line = Text(f"  {mark} {inert(check.title)}{late}", style="dim")
    _shorten(line, sheet.width)
    return line


def _shorten(line: Text, width: int) -> None:
    if line.cell_len > width:
        line.truncate(width - 3)
        line.append("...")


def _print_matter(state: State, look: Look, sheet: Console) -> None:
    """What matters most: why nothing can be judged, else what fails first, else what was achieved."""
    failure = state.first_failure
    if state.broken:
        _print_block("The bench broke", state.broken, sheet)
    elif state.rejected:
        _print_block("Not taken in", state.rejected, sheet)
    elif state.fault:
        _print_fault(state.fault, sheet)
    elif failure:
        mark, style = mark_of(failure.status, sheet)
        sheet.print()
        sheet.print(Text.assemble((mark, style), " ", (inert(failure.title), "bold")))
        print_details(failure.to_dict(), sheet)
    elif state.has_passed:
        _print_praise(state, look, sheet)
    for hint in state.hints:
        _print_hint(hint, sheet)


def _print_hint(hint: Hint, sheet: Console) -> None:
    _print_block(f"Hint {hint.level} of {len(hint.task.hints)}, task {hint.task.number}", hint.text, sheet)


def _print_block(head: str, text: str, sheet: Console) -> None:
    sheet.print()
    sheet.print(Text(head, style="bold"))
    for line in inert(text).splitlines():
        print_indented(line, sheet, 2, hang=0)


def _print_fault(fault: Fault, sheet: Console) -> None:
    mark, style = mark_of(Status.FAILED, sheet)
    place = f"{fault.file}, line {fault.line}" if fault.line else fault.file
    sheet.print()
    sheet.print(Text.assemble((mark, style), " ", (f"{place}: {inert(fault.problem)}", "bold")))
    text = inert(fault.text.replace("\t", " "))
    if not text.strip():
        return
    margin = f"  {fault.line} | "
    start = max(0, fault.column - (sheet.width - len(margin) - 4))
    shown = Text(margin + text[start:])
    _shorten(shown, sheet.width)
    sheet.print(shown, no_wrap=True)
    if 0 < fault.column <= len(text) + 1:
        sheet.print(Text(" " * (len(margin) + fault.column - 1 - start) + "^", style=style))


def _print_praise(state: State, look: Look, sheet: Console) -> None:
    lab = state.lab
    mark, style = mark_of(Status.PASSED, sheet)
    sheet.print()
    sheet.print(Text.assemble((mark, style), " ", (f"{inert(lab.name)} is done.", "bold")))
    learnt = lessons(lab.folder / "README.md")
    if learnt:
        print_indented("You have learnt", sheet, 2)
    for lesson in learnt:
        print_indented(f"- {inert(lesson)}", sheet, 4)
    if lab.solution:
        print_indented(f"Your code beside the solution: {look.say(f'diff {lab.number}')}", sheet, 2)
    if not lab.alone:
        print_indented(f"Next: {inert(state.after)}. Press n." if state.after else "Every lab is done.", sheet, 2)


def _points(result: Result) -> str:
    passed = sum(check.status is Status.PASSED for check in result.checks)
    points = "no mark: the bench broke" if result.score is None else f"{result.score} of {result.max_score} points"
    return f"{passed} of {len(result.checks)} checks passed, {points}"


def turn(page: Page, look: Look, width: int, typed: str = "") -> list[str]:
    """The page's lines, with what was typed so far."""
    sheet = _sheet(look, width)
    sheet.print(Text(inert(page.title), style="bold"))
    sheet.print()
    if page.is_markdown:
        from rich.markdown import Markdown

        sheet.print(Markdown(inert(page.text), hyperlinks=False))
    else:
        sheet.print(Text.from_ansi(page.text))
    if page.choices:
        sheet.print()
        sheet.print(Text(f"Which one? {typed}_"))
    return _lines(sheet)


def _window(body: list[str], room: int, offset: int, look: Look, width: int) -> list[str]:
    if len(body) <= room:
        return body
    shown = max(1, room - 1)
    below = len(body) - offset - shown
    sheet = _sheet(look, width)
    words = f"-- {below} more {'line' if below == 1 else 'lines'}: space, arrow keys --" if below else "-- the end --"
    sheet.print(Text(words, style="dim"))
    return [*body[offset : offset + shown], *_lines(sheet)]


def _foot(state: State, look: Look, width: int) -> list[str]:
    sheet = _sheet(look, width)
    if state.polling:
        sheet.print(Text(f"Looking for changes 5 times a second: {inert(state.polling)}.", style="dim"))
    if state.notice:
        sheet.print(Text(inert(state.notice)))
    sheet.print(Text(status(state, look), style="bold"))
    for line in keys(state, sheet.width):
        sheet.print(Text(line, style="dim"))
    return _lines(sheet)
