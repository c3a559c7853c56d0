"""A class's results as one HTML page for the instructor: marks, checks that fail, diagnoses, the slowest."""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from workbook.reports.drawing import draw_bar, draw_columns
from workbook.reports.page import WORDS, counted, table, text, to_page
from workbook.reports.tally import CheckTally, Tally

DIAGNOSES = 10
COLUMNS: dict[str, Callable[[CheckTally], int]] = {  # of the checks; one of zeros is left out
    "failed": lambda check: check.failed,
    "timed out": lambda check: check.counts["timeout"],
    "not tried": lambda check: check.waiting,
    "bench broke": lambda check: check.unjudged,
    "of": lambda check: check.total,
}


def to_class_page(tallies: Sequence[Tally], chosen: str) -> str:
    """`chosen` says which of a submission's attempts are counted, in words."""
    title = f"Results: {tallies[0].lab}" if len(tallies) == 1 else f"Results of {len(tallies)} labs"
    return to_page(title, _body(title, tallies, chosen))


def _body(title: str, tallies: Sequence[Tally], chosen: str) -> Iterator[str]:
    yield f"<h1>{text(title)}</h1>\n<p>{escape(chosen)} For instructors: it names students and hidden checks.</p>"
    if len(tallies) > 1:
        links = (f'<li><a href="#lab-{number}">{text(tally.lab)}</a></li>' for number, tally in enumerate(tallies, 1))
        yield f'<nav aria-label="Labs"><ul>{"".join(links)}</ul></nav>'
    for number, tally in enumerate(tallies, 1):
        heading = f"<h2>{text(tally.lab)}</h2>" if len(tallies) > 1 else ""
        yield f'<section id="lab-{number}" class="lab">{heading}'
        yield from _lab(tally, "h3" if len(tallies) > 1 else "h2")
        yield "</section>"


def _lab(tally: Tally, heading: str) -> Iterator[str]:
    yield _facts(tally)
    yield f"<section><{heading}>Marks</{heading}>"
    yield _marks(tally)
    yield f"</section>\n<section><{heading}>Checks that fail most</{heading}>"
    yield _checks(tally.worst_checks)
    yield f"</section>\n<section><{heading}>Most common diagnoses</{heading}>"
    yield _diagnoses(tally)
    yield f"</section>\n<section><{heading}>Slowest submissions</{heading}>"
    yield _slowest(tally)
    yield "</section>"
    if tally.without_mark:
        yield f"<section><{heading}>Rejected or not judged</{heading}>{_without_mark(tally)}</section>"


def _facts(tally: Tally) -> str:
    facts = [("submissions", f"{tally.submissions:,}")]
    facts += [(word, f"{tally.statuses[status]:,}") for status, word in WORDS.items() if tally.statuses[status]]
    facts += [("missing", f"{tally.missing:,}")] if tally.missing else []
    facts += [("median", tally.median), ("mean", tally.mean)]
    return f"<dl>{''.join(f'<div><dt>{name}</dt><dd>{value}</dd></div>' for name, value in facts)}</dl>"


def _marks(tally: Tally) -> str:
    if not tally.marks:
        return "<p>Nobody has a mark yet.</p>"
    spread = tally.spread
    columns = [(name.partition("–")[0], f"{name} %", count) for name, count in spread]
    chart = draw_columns("Distribution of marks", "percent of the points, from", columns)
    rows = [(f"{name} %", f"{count:,}") for name, count in spread]
    left_out = tally.submissions - len(tally.marks)
    note = f"<p>{counted(left_out, 'submission')} without a mark not counted.</p>" if left_out else ""
    numbers = table("The same in numbers", ("of the points", "submissions"), rows, "narrow")
    return f'<div class="pair">{chart}{numbers}</div>{note}'


def _checks(checks: Sequence[CheckTally]) -> str:
    if not checks:
        return "<p>Every check that was tried passed.</p>"
    columns = {name: column for name, column in COLUMNS.items() if any(map(column, checks))}
    rows = []
    for check in checks:
        words = f"{check.failed} of {check.total} failed" + (f", {check.waiting} not tried" if check.waiting else "")
        bar = draw_bar(words, check.failed / check.total, check.waiting / check.total)
        hidden = ' <span class="tag">hidden</span>' if check.is_hidden else ""
        counts = [column(check) for column in columns.values()]
        rows.append((f"{text(check.title)}{hidden}{bar}", *map(str, counts)))
    caption = "Failed (timed out among them); paler: not tried, since another check failed"
    return table(caption, ("check", *columns), rows, "counts")


def _diagnoses(tally: Tally) -> str:
    if not tally.diagnoses:
        return "<p>Nothing was diagnosed.</p>"
    rows = []
    for found in tally.diagnoses[:DIAGNOSES]:
        bar = draw_bar(f"{found.submissions} of {tally.submissions}", found.submissions / tally.submissions)
        rows.append((f"<code>{text(found.id)}</code><br>{text(found.example)}{bar}", f"{found.submissions:,}"))
    return table("With what each said to the first of them", ("diagnosis", "submissions"), rows, "counts")


def _slowest(tally: Tally) -> str:
    most = max((timing.seconds for timing in tally.slowest), default=0) or 1
    rows = []
    for timing in tally.slowest:
        bar = draw_bar(f"{timing.seconds:.1f} seconds", timing.seconds / most)
        rows.append((f"{text(timing.id)}{bar}", f"{timing.seconds:.1f} s", WORDS[timing.status]))
    return table("Time to judge all checks", ("submission", "time", "result"), rows, "times")


def _without_mark(tally: Tally) -> str:
    rows = [(text(name), WORDS[status], text(why)) for name, status, why in tally.without_mark]
    found = tally.statuses["rejected"] + tally.statuses["not_judged"]
    more = f"<p>And {found - len(rows):,} more.</p>" if found > len(rows) else ""
    return table("With the reason", ("submission", "result", "reason"), rows, "reasons") + more
