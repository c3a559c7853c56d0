"""Result documents as JUnit XML, as build servers read it: a suite for each submission, a case for each check.

What XML 1.0 cannot carry is written out, as in every report.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from workbook.reports.inert import inert, one_line

# What inert leaves and XML 1.0 refuses: the noncharacters (https://www.w3.org/TR/xml/#charsets).
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WAITS = {"needs": "waits for another check", "budget": "the submission's time was spent"}


def to_junit(results: Iterable[tuple[Mapping[str, Any], str]]) -> Iterator[str]:
    """The XML in pieces. Each result comes with the time when it was graded, in ISO 8601 and UTC."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lab grade">\n'
    for document, graded_at in results:
        yield ElementTree.tostring(_suite(document, graded_at), encoding="unicode") + "\n"
    yield "</testsuites>\n"


def _suite(document: Mapping[str, Any], graded_at: str) -> Element:
    name = f"{document['lab']}.{document['submission']['id']}"
    cases = [_case(check, name) for check in document["checks"]]
    if document["status"] == "rejected":
        cases.append(_refused(document["message"] or "", name))
    counts = {
        "tests": len(cases),
        "failures": _count(cases, "failure"),
        "errors": _count(cases, "error"),
        "skipped": _count(cases, "skipped"),
    }
    suite = Element("testsuite", {"name": _text(name), **{key: str(count) for key, count in counts.items()}})
    suite.set("time", f"{document['seconds']:.3f}")
    suite.set("timestamp", graded_at[:19])
    properties = SubElement(suite, "properties")
    for key in ("status", "score", "max_score", "sandbox"):
        value = document[key]
        SubElement(properties, "property", name=key, value="" if value is None else _text(str(value)))
    suite.extend(cases)
    return suite


def _case(check: Mapping[str, Any], suite: str) -> Element:
    name = f"{check['id']} (hidden)" if check["visibility"] == "hidden" else check["id"]
    case = Element("testcase", classname=_text(suite), name=_text(name), time=f"{check['seconds']:.3f}")
    message = check["message"] or ""
    if check["reason"] == "bench":
        _tell(case, "error", "bench", message, message)
    elif check["status"] == "not_judged":
        SubElement(case, "skipped", message=_text(_WAITS[check["reason"]]))
    elif check["status"] != "passed":
        _tell(case, "failure", check["status"], check["title"], f"{message}\n{check['diagnosis'] or ''}".rstrip())
    if check["log"]:
        SubElement(case, "system-out").text = _text(check["log"], lines=True)
    return case


def _refused(message: str, suite: str) -> Element:
    case = Element("testcase", classname=_text(suite), name="hand-in", time="0.000")
    _tell(case, "failure", "rejected", message, message)
    return case


def _tell(case: Element, tag: str, kind: str, message: str, text: str) -> None:
    SubElement(case, tag, type=kind, message=_text(message)).text = _text(text, lines=True)


def _count(cases: Iterable[Element], tag: str) -> int:
    return sum(case.find(tag) is not None for case in cases)


def _text(text: str, *, lines: bool = False) -> str:
    shown = inert(text) if lines else one_line(text)
    return _UNFIT.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), shown)
