"""One submission's result as an HTML page for its student: public checks in full, hidden ones as two numbers.

Nothing of a hidden check but whether it passed and its points is read here, and nothing of it is written by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from workbook.reports.page import WORDS, block, counted, text, to_page

LONGEST_LOG = 20_000  # characters
NOT_JUDGED = {
    "needs": "not tried: another check has to pass first",
    "budget": "not tried: the time for all checks together was used up",
    "bench": "not judged: the workbook itself broke, and that costs you nothing",
}
Check = Mapping[str, Any]


def to_feedback(document: Mapping[str, Any], name: str = "") -> str:
    """The page of one result document; `name` is the student's."""
    title = f"{document['lab']}: {name or document['submission']['id']}"
    return to_page(title, _body(document, name))


def _body(document: Mapping[str, Any], name: str) -> Iterator[str]:
    student = document["submission"]["id"]
    shown = f"{text(name)} ({text(student)})" if name else text(student)
    yield f"<h1>{text(document['lab'])}</h1>\n<p>Feedback for {shown}</p>"
    if document["status"] == "rejected":
        yield f'<p class="result failed">Not taken in, and so without points: {text(document["message"] or "")}</p>'
        return
    public, hidden = (
        [check for check in document["checks"] if check["visibility"] == visibility]
        for visibility in ("public", "hidden")
    )
    yield f'<ul class="totals">{"".join(_totals(document["score"], public, hidden))}</ul>'
    for task, checks in groupby(sorted(public, key=lambda check: int(check["task"])), lambda check: check["task"]):
        yield f"<section><h2>Task {int(task)}</h2>"
        for check in checks:
            yield from _check(check)
        yield "</section>"


def _totals(score: int | None, public: Sequence[Check], hidden: Sequence[Check]) -> Iterator[str]:
    yield f"<li>{_total(public, 'public')}</li>"
    if hidden:
        yield f"<li>{_total(hidden, 'hidden')}</li>"
    most = sum(check["max_score"] for check in [*public, *hidden])
    if score is None:
        yield "<li>There is no mark yet: the workbook itself broke on some check.</li>"
    else:
        points = f"{score} of {counted(most, 'point')}"
        yield f"<li><strong>{points}</strong> in all, before anything that lateness costs.</li>"


def _total(checks: Sequence[Check], word: str) -> str:
    """`3 of 5 hidden checks passed, 6 of 10 points`: all that is told of hidden checks."""
    passed = sum(check["status"] == "passed" for check in checks)
    told = f"{passed} of {counted(len(checks), f'{word} check')} passed"
    scores = [check["score"] for check in checks]
    if None in scores:
        return f"{told}, {scores.count(None)} could not be judged"
    return f"{told}, {sum(scores)} of {counted(sum(check['max_score'] for check in checks), 'point')}"


def _check(check: Check) -> Iterator[str]:
    status = check["status"]
    word = NOT_JUDGED[check["reason"]] if status == "not_judged" else WORDS[status]
    score = "–" if check["score"] is None else check["score"]
    yield (
        f'<article class="{status}"><h3>{text(check["title"])}</h3>'
        f'<p><span class="status">{word}</span>, {score} of {counted(check["max_score"], "point")}</p>'
    )
    if status != "passed" and check["reason"] != "bench":
        if check["message"]:
            yield block(check["message"])
        if check["diagnosis"]:
            yield f"<h4>What it means</h4>{block(check['diagnosis'])}"
        if check["log"]:
            yield f"<h4>Your function's log</h4>{block(_end(check['log']))}"
    yield "</article>"


def _end(log: str) -> str:
    left_out = len(log) - LONGEST_LOG
    return f"({left_out:,} characters before this are left out)\n{log[left_out:]}" if left_out > 0 else log
