from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.reports.inert import inert
from workbook.reports.junit import to_junit

# What build servers ask for, as in Jenkins' schema of JUnit's format: attributes, and children in any order.
SHAPE = {
    "testsuites": ({"name"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time", "timestamp"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}


def read(*documents) -> ElementTree.Element:
    text = "".join(to_junit((document, "2026-11-23T09:00:00+00:00") for document in documents))
    root = ElementTree.fromstring(text.encode())
    for element in root.iter():
        attributes, children = SHAPE[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
    return root


def counts(suite: ElementTree.Element) -> tuple[int, ...]:
    return tuple(int(suite.attrib[key]) for key in ("tests", "failures", "errors", "skipped"))


def test_a_suite_counts_what_it_holds(make_document) -> None:
    document = make_document()
    document["checks"] += [
        make_document.check("waiting", "not_judged", reason="needs"),
        make_document.check("broken", "not_judged", reason="bench", score=None),
        make_document.check("slow", "timeout"),
    ]
    [suite] = read(document)
    assert counts(suite) == (7, 3, 1, 1)
    assert suite.attrib["timestamp"] == "2026-11-23T09:00:00"
    assert [case.attrib["name"] for case in suite.iter("testcase")][2] == "test_secret (hidden)"
    assert {failure.attrib["type"] for failure in suite.iter("failure")} == {"failed", "timeout"}


def test_a_refused_submission_is_a_failure(make_document) -> None:
    [suite] = read(make_document(status="rejected", message="It is a link.", checks=[], score=0))
    assert counts(suite) == (1, 1, 0, 0)
    assert suite.find(".//failure").text == "It is a link."


def test_no_submission_is_no_suite() -> None:
    assert len(read()) == 0


def test_hostile_text_stays_text(make_document, hostile: str) -> None:
    [suite] = read(make_document(hostile, hostile))
    assert counts(suite) == (4, 2, 0, 0)
    assert len(list(suite.iter())) == 14


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_the_text_it_is_xml(text: str) -> None:
    document = {"lab": "1", "submission": {"id": text}, "status": "rejected", "score": 0, "max_score": 1}
    document |= {"sandbox": "none", "seconds": 0, "message": text, "checks": []}
    shown = read(document).find(".//failure").text or ""
    visible = inert(text)
    if visible.isascii():
        assert shown == visible


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_carry_is_seen(make_document, letter: str) -> None:
    [suite] = read(make_document(status="rejected", message=f"a{letter}b", checks=[]))
    assert suite.find(".//failure").text == f"a{letter.encode('unicode_escape').decode()}b"
