"""What follows from what happens, without a terminal."""

from dataclasses import replace

import pytest

from workbook.course.hints import Hint
from workbook.course.progress import LabProgress
from workbook.grading.document import Status
from workbook.watch import events
from workbook.watch.core import step
from workbook.watch.events import Do, Effect
from workbook.watch.state import Fault, Page, Phase, Question

FAULT = Fault("lambda_function.py", 3, 9, "def f(:", "invalid syntax")


def play(state, *happened):
    """The state after all of that, and everything that was to be done."""
    done = []
    for event in happened:
        state, effects = step(state, event)
        done += effects
    return state, done


@pytest.fixture
def judged(state, declared, verdict):
    """The first run has ended, with one failure in task 2."""
    after, _ = play(
        state,
        events.Collected(declared),
        events.Ready(),
        *(events.Judged(1, verdict(name)) for name in ("test_answers", "test_waits")),
        events.Judged(1, verdict("test_greets", "no greeting")),
        events.Finished(1, "abc", 0.2),
    )
    return after


def test_the_first_run_begins_when_the_bench_is_warm(state, declared) -> None:
    after, done = play(state, events.Collected(declared), events.Ready())
    assert (after.phase, after.run, done) == (Phase.JUDGING, 1, [Effect(Do.JUDGE)])


def test_a_save_while_the_bench_warms_up_is_judged_once(state, declared) -> None:
    after, done = play(state, events.Saved(None), events.Collected(declared), events.Ready())
    assert done == [Effect(Do.JUDGE)]
    assert after.phase is Phase.JUDGING


def test_a_save_during_a_run_begins_another_and_forgets_the_first(state, declared, verdict) -> None:
    after, done = play(
        state,
        events.Collected(declared),
        events.Ready(),
        events.Judged(1, verdict("test_answers", "wrong")),
        events.Saved(None),
        events.Judged(1, verdict("test_greets")),
        events.Finished(1, "abc", 0.1),
    )
    assert (after.phase, after.run, dict(after.verdicts)) == (Phase.JUDGING, 2, {})
    assert done == [Effect(Do.JUDGE), Effect(Do.JUDGE)]


def test_a_syntax_error_is_known_before_anything_is_judged(judged) -> None:
    after, _ = play(judged, events.Saved(FAULT))
    assert after.fault == FAULT
    assert play(after, events.Saved(None))[0].fault is None


def test_a_run_is_recorded_when_it_is_over(state, declared, verdict) -> None:
    results = [events.Judged(1, verdict(check.id)) for check in declared]
    after, done = play(state, events.Collected(declared), events.Ready(), *results, events.Finished(1, "abc", 0.2))
    assert done[-1] == Effect(Do.RECORD, "abc")
    assert after.has_passed
    assert after.result("abc").to_dict()["score"] == 10


def test_the_first_failure_is_the_first_of_the_suite_and_slow_checks_are_not_waited_for(
    state, declared, verdict
) -> None:
    begun, _ = play(state, events.Collected(declared), events.Ready())
    early, _ = play(begun, events.Judged(1, verdict("test_greets", "no greeting")))
    assert early.first_failure is None, "the one before it is not known yet"
    quick, _ = play(early, events.Judged(1, verdict("test_answers")))
    assert quick.first_failure.id == "test_greets"
    assert quick.waits_for_slow_ones
    assert quick.task.number == 2


@pytest.mark.parametrize(
    ("key", "do"),
    [("h", Do.HINT), ("n", Do.NEXT), ("p", Do.PREVIOUS), ("l", Do.LIST), ("i", Do.EVENTS), ("d", Do.DOCS),
     ("r", Do.JUDGE), ("q", Do.QUIT)],
)  # fmt: skip
def test_a_key_has_its_effect(judged, key, do) -> None:
    assert play(judged, events.Key(key))[1] == [Effect(do)]


def test_reset_asks_first(judged) -> None:
    asked, done = play(judged, events.Key("x"))
    assert (asked.page.question, done) == (Question.RESET, [])
    assert play(asked, events.Key("n")) == (replace(asked, page=None), [])
    assert play(asked, events.Key("y"))[1] == [Effect(Do.RESET)]


def test_a_number_chooses_as_soon_as_it_can_mean_only_one(judged) -> None:
    choices = tuple((str(number), f"lab-{number}") for number in (1, 2, 12))
    page = Page("Labs", "", question=Question.LAB, choices=choices)
    opened, _ = play(judged, events.Shown(page))
    assert play(opened, events.Key("2"))[1] == [Effect(Do.GO, "lab-2")]
    waiting, done = play(opened, events.Key("1"))
    assert (waiting.typed, done) == ("1", [])
    assert play(waiting, events.Key("2"))[1] == [Effect(Do.GO, "lab-12")]
    assert play(waiting, events.Key("enter"))[1] == [Effect(Do.GO, "lab-1")]
    assert "no 7" in play(opened, events.Key("7"))[0].notice
    assert play(opened, events.Key("escape"))[0].page is None


def test_a_save_closes_the_page_that_covers_the_verdict(judged) -> None:
    opened, _ = play(judged, events.Shown(Page("README", "text")))
    assert play(opened, events.Saved(None))[0].page is None


def test_hints_stay_until_their_task_passes(judged, verdict) -> None:
    task = judged.lab.manifest.tasks[1]
    hinted, _ = play(judged, events.Hinted(Hint(task, 1), LabProgress()))
    assert hinted.hints == (Hint(task, 1),)
    empty, _ = play(hinted, events.Hinted(None, LabProgress()))
    assert (empty.hints, empty.notice) == (hinted.hints, "There are no more hints for this task.")
    still, _ = play(
        hinted, events.Saved(None), events.Judged(2, verdict("test_answers")),
        events.Judged(2, verdict("test_greets", "no")), events.Finished(2, "", 0.1),
    )  # fmt: skip
    assert still.hints == hinted.hints
    passed, _ = play(
        hinted, events.Saved(None), *(events.Judged(2, verdict(check.id)) for check in judged.declared),
        events.Finished(2, "", 0.1),
    )  # fmt: skip
    assert passed.hints == ()
    known = LabProgress(tasks=(1,))  # as once a task has passed before
    again, _ = play(
        hinted, events.Recorded(known, None, ""), events.Saved(None),
        *(events.Judged(2, verdict(check.id)) for check in judged.declared), events.Finished(2, "", 0.1),
    )  # fmt: skip
    assert again.hints == ()


def test_after_full_marks_enter_goes_on_to_the_next_lab(state, declared, verdict) -> None:
    results = [events.Judged(1, verdict(check.id)) for check in declared]
    passed, _ = play(state, events.Collected(declared), events.Ready(), *results, events.Finished(1, "", 0.1))
    assert play(passed, events.Key("enter"))[1] == [Effect(Do.NEXT)]


def test_saving_in_another_lab_turns_to_it(judged) -> None:
    assert play(judged, events.SavedElsewhere("04_next"))[1] == [Effect(Do.GO, "04_next")]
    opened, done = play(judged, events.Opened(judged.lab, LabProgress(), None, None))
    assert (opened.phase, dict(opened.verdicts), done) == (Phase.STARTING, {}, [Effect(Do.START_BENCH)])
    late, _ = play(opened, events.Judged(1, judged.results[0]))
    assert dict(late.verdicts) == {}, "a verdict of the lab before"


def test_a_changed_suite_opens_the_lab_anew(judged) -> None:
    assert play(judged, events.SuiteChanged())[1] == [Effect(Do.GO, judged.lab.id)]


def test_a_broken_bench_is_started_again_by_a_save(judged) -> None:
    broken, _ = play(judged, events.Broken("no suite"))
    assert broken.phase is Phase.BROKEN
    after, done = play(broken, events.Saved(None))
    assert (after.phase, done) == (Phase.STARTING, [Effect(Do.START_BENCH)])


def test_code_that_cannot_be_taken_in_is_recorded_as_such(state, declared) -> None:
    after, done = play(state, events.Collected(declared), events.Ready(), events.Rejected(1, "a link"))
    assert (after.phase, after.result().status) == (Phase.JUDGED, Status.REJECTED)
    assert done[-1] == Effect(Do.RECORD)
    assert play(after, events.Rejected(1, "a link"))[1] == [], "the second bench says it too"


def test_the_end_of_the_input_waits_for_the_verdict(state, declared, verdict) -> None:
    results = [events.Judged(1, verdict(check.id)) for check in declared]
    leaving, done = play(state, events.Leave(at_once=False), events.Collected(declared), events.Ready(), *results)
    assert Effect(Do.QUIT) not in done
    assert play(leaving, events.Finished(1, "", 0.1))[1][-1] == Effect(Do.QUIT)
