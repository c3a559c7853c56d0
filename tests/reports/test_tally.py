from workbook.reports.tally import Tally, split_diagnosis

DIAGNOSIS = "means     'a' was opened.\ntry       Write to /tmp.\nmore      docs/troubleshooting.md#read-only"


def test_marks_are_spread_over_tenths_and_only_full_marks_are_full(make_document) -> None:
    scores = [0, 1, 2, 19, 20, None]
    tally = Tally.of("l", [make_document(str(score), score=score, max_score=20) for score in scores])
    assert [pair for pair in tally.spread if pair[1]] == [("0–9", 2), ("10–19", 1), ("90–99", 1), ("100", 1)]
    assert (tally.submissions, tally.median, tally.mean) == (6, "2 of 20", "8.4 of 20")


def test_marks_out_of_different_points_are_told_in_percent(make_document) -> None:
    marks = [(5, 10), (20, 20), (0, 0)]
    tally = Tally.of("l", [make_document(score=score, max_score=most) for score, most in marks])
    assert (tally.median, tally.mean) == ("50 %", "50 %")


def test_without_any_mark_nothing_is_claimed(make_document) -> None:
    tally = Tally.of("l", [make_document(score=None, status="not_judged")])
    assert (tally.median, tally.mean, sum(count for _, count in tally.spread)) == ("–", "–", 0)


def test_checks_are_ordered_by_who_failed_them_and_what_was_not_tried_is_no_failure(make_document) -> None:
    check = make_document.check
    documents = [
        make_document(checks=[check("a"), check("b", "failed"), check("c", "not_judged", reason="needs")]),
        make_document(checks=[check("a", "timeout"), check("b", "failed"), check("c", "failed")]),
        make_document(checks=[check("a"), check("b"), check("c", "not_judged", reason="bench", score=None)]),
    ]
    worst = Tally.of("l", documents).worst_checks
    told = [(one.id, one.failed, one.waiting, one.unjudged, one.total) for one in worst]
    assert told == [("test_b", 2, 0, 0, 3), ("test_a", 1, 0, 0, 3), ("test_c", 1, 1, 1, 3)]
    assert worst[1].counts["timeout"] == 1


def test_a_public_and_a_hidden_check_of_one_name_are_two(make_document) -> None:
    check = make_document.check
    document = make_document(checks=[check("a", "failed"), check("a", "failed", visibility="hidden")])
    assert [one.is_hidden for one in Tally.of("l", [document]).worst_checks] == [False, True]


def test_a_diagnosis_counts_once_a_submission(make_document) -> None:
    failed = [make_document.check(name, "failed", diagnosis=DIAGNOSIS) for name in "ab"]
    [found] = Tally.of("l", [make_document(checks=failed), make_document(checks=failed)]).diagnoses
    assert (found.id, found.example, found.submissions) == ("read-only", "'a' was opened.", 2)


def test_a_diagnosis_without_an_anchor_goes_by_its_words() -> None:
    assert split_diagnosis("It broke.\nmore") == ("It broke.", "It broke.")
    assert split_diagnosis("") == ("", "")


def test_only_the_slowest_are_kept(make_document) -> None:
    tally = Tally.of("l", [make_document(str(number), seconds=number) for number in range(40)])
    assert [timing.id for timing in tally.slowest] == [str(number) for number in range(39, 29, -1)]


def test_who_has_no_verdict_is_listed_with_the_reason(make_document) -> None:
    broken = make_document.check("a", "not_judged", reason="bench", score=None, message="moto broke")
    documents = [
        make_document("eve", status="rejected", message="a link", checks=[]),
        make_document("bob", status="not_judged", score=None, checks=[broken]),
    ]
    assert Tally.of("l", documents).without_mark == [("eve", "rejected", "a link"), ("bob", "not_judged", "moto broke")]
