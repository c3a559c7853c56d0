import re

from workbook.reports.feedback import LONGEST_LOG, to_feedback

BENCH = {"status": "not_judged", "reason": "bench", "score": None}


def body(document, name: str = "") -> str:
    return to_feedback(document, name).partition("<main>")[2]


def test_public_checks_are_told_in_full(make_document) -> None:
    page = body(make_document(), "Ada L.")
    for words in ("Ada L.", "does one", "does two", "two is not so", "It broke.", "its log", "03_s3_writes"):
        assert words in page


def test_of_hidden_checks_only_totals_are_told(make_document) -> None:
    document = make_document()
    page = to_feedback(document)
    assert "1 of 2 hidden checks passed, 2 of 8 points" in page
    for check in document["checks"][2:]:
        for words in (check["id"], check["title"], check["message"], check["log"]):
            assert not words or words not in page
    assert "SECRET" not in page


def test_two_submissions_that_differ_in_hidden_words_alone_have_the_same_page(make_document) -> None:
    one, other = make_document(), make_document()
    for check in other["checks"][2:]:
        check |= {"id": "x", "title": "y", "task": 9, "message": "z", "diagnosis": "d", "log": "l", "seconds": 9.0}
    other |= {"seconds": 99, "status": "timeout"}
    assert to_feedback(one) == to_feedback(other)


def test_totals_agree_with_the_record(make_document) -> None:
    assert "1 of 2 public checks passed, 4 of 8 points" in body(make_document())
    assert "<strong>6 of 16 points</strong>" in body(make_document())


def test_without_hidden_checks_none_are_spoken_of(make_document) -> None:
    document = make_document()
    document |= {"checks": document["checks"][:2]}
    assert "hidden" not in body(document)


def test_a_refused_submission_is_told_why(make_document) -> None:
    page = body(make_document(status="rejected", message="It is a <link>.", checks=[]))
    assert "It is a &lt;link&gt;." in page


def test_the_bench_that_broke_costs_nothing_and_its_words_stay_with_the_instructor(make_document) -> None:
    document = make_document(score=None, status="not_judged")
    document["checks"][1] |= {**BENCH, "message": "test_secret of the bench"}
    document["checks"][2] |= BENCH
    page = body(document)
    assert "There is no mark yet" in page
    assert "costs you nothing" in page
    assert "1 of 2 hidden checks passed, 1 could not be judged" in page
    assert "test_secret" not in page


def test_a_log_is_cut_at_its_beginning_and_that_is_said(make_document) -> None:
    document = make_document()
    document["checks"][1]["log"] = "BEGINNING" + "x" * LONGEST_LOG + "END"
    page = body(document)
    assert "END" in page
    assert "BEGINNING" not in page
    assert "(12 characters before this are left out)" in page


def test_hostile_text_stays_text(make_document, hostile: str) -> None:
    expected = re.findall(r"<[a-z0-9]+", body(make_document("plain", "plain"), "plain"))
    page = body(make_document(hostile, hostile), hostile)
    assert re.findall(r"<[a-z0-9]+", page) == expected
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\u2066\u2028\ud800]", page)
