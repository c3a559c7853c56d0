"""The warm benches: what they say of a save, and that a run ends when another begins."""

import queue
import time
from collections.abc import Iterator
from itertools import chain

import psutil
import pytest

from workbook.course.labs import Lab
from workbook.runtime import Code
from workbook.watch import events, inside
from workbook.watch.bench import Benches, share
from workbook.watch.state import Declared

PATIENCE = 120.0
SOLUTION = (
    'def lambda_handler(event, context):\n    return {"statusCode": 200, "greeting": "hello " + event["station"]}\n'
)
LOOP = "def lambda_handler(event, context):\n    while True:\n        pass\n"


class Ear:
    """What was posted, waited for by its kind."""

    def __init__(self) -> None:
        self._heard: queue.Queue[object] = queue.Queue()
        self.post = self._heard.put

    def until(self, kind: type) -> list[object]:
        """All that is posted up to the first event of that kind, which is the last of them."""
        found: list[object] = []
        ends = time.monotonic() + PATIENCE
        while True:
            found.append(self._heard.get(timeout=max(0.1, ends - time.monotonic())))
            assert not isinstance(found[-1], events.Broken) or kind is events.Broken, found[-1]
            if isinstance(found[-1], kind):
                return found


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def others() -> set[psutil.Process]:
    """What other tests have left running for later ones: templates, a database."""
    return set(psutil.Process().children(recursive=True))


@pytest.fixture
def watched(make_lab, ear) -> Iterator[tuple[Lab, Benches]]:
    lab = make_lab(starter=SOLUTION, top="budget = 60", function="")
    benches = Benches(lab, ear.post, lanes=1)
    yield lab, benches
    benches.end()


def statuses(heard: list[object]) -> dict[str, str]:
    return {event.result.id: event.result.status.value for event in heard if isinstance(event, events.Judged)}


def wait_for_a_process_more_than(count: int) -> None:
    ends = time.monotonic() + PATIENCE
    while len(psutil.Process().children(recursive=True)) <= count:
        assert time.monotonic() < ends, "no function was started"
        time.sleep(0.01)


def test_each_run_judges_what_lies_there_now(watched, ear) -> None:
    lab, benches = watched
    ear.until(events.Ready)
    benches.judge(1)
    assert statuses(ear.until(events.Finished)) == {"test_answers": "passed", "test_greets": "passed"}
    (lab.folder / "lambda_function.py").write_text("def lambda_handler(event, context):\n    return {}\n")
    benches.judge(2)
    heard = ear.until(events.Finished)
    assert statuses(heard) == {"test_answers": "failed", "test_greets": "not_judged"}
    assert {event.run for event in heard if isinstance(event, events.Judged)} == {2}


def test_a_run_that_never_ends_gives_way_to_the_next(watched, ear) -> None:
    lab, benches = watched
    (lab.folder / "lambda_function.py").write_text("while True:\n    pass\n")
    ear.until(events.Ready)
    before = len(psutil.Process().children(recursive=True))
    benches.judge(1)
    wait_for_a_process_more_than(before)
    (lab.folder / "lambda_function.py").write_text(SOLUTION)
    benches.judge(2)
    finished = ear.until(events.Finished)
    assert statuses(finished) == {"test_answers": "passed", "test_greets": "passed"}
    assert {event.run for event in finished if isinstance(event, events.Judged)} == {2}


def test_code_that_cannot_be_taken_in_is_said_and_the_next_is_judged(watched, ear) -> None:
    lab, benches = watched
    ear.until(events.Ready)
    (lab.folder / "link.py").symlink_to(lab.folder / "nowhere")
    benches.judge(1)
    assert "link.py is a link" in ear.until(events.Rejected)[-1].why
    (lab.folder / "link.py").unlink()
    benches.judge(2)
    assert statuses(ear.until(events.Finished))["test_answers"] == "passed"


def test_a_suite_that_cannot_be_read_breaks_the_bench_with_the_reason(make_lab, ear) -> None:
    lab = make_lab()
    lab.suite.write_text("import no_such_module\n")
    benches = Benches(lab, ear.post, lanes=1)
    assert "no_such_module" in ear.until(events.Broken)[-1].why
    benches.end()


def test_nothing_is_left_behind(others, watched, ear) -> None:
    lab, benches = watched
    (lab.folder / "lambda_function.py").write_text(LOOP)
    ear.until(events.Ready)
    before = len(psutil.Process().children(recursive=True))
    benches.judge(1)
    wait_for_a_process_more_than(before)
    below = set(psutil.Process().children(recursive=True)) - others
    assert len(below) > 1
    benches.end()
    _, alive = psutil.wait_procs(below, timeout=PATIENCE)
    assert alive == []


def test_shares_end_together_and_keep_together_what_needs_one_another() -> None:
    def check(name: str, needs: str | None = None, *, slow: bool = False) -> Declared:
        return Declared(name, 1, name, 1, needs, slow)

    declared = [check("a"), check("b", "a"), check("c[x]"), check("c[y]"), check("d"), check("e", slow=True)]
    seconds = {"a": 0.1, "b": 0.1, "c[x]": 0.2, "c[y]": 0.2, "d": 0.2, "e": 2.0}
    shares = share(declared, 2, seconds)
    assert sorted(chain(*shares)) == sorted(check.id for check in declared)
    assert any({"a", "b"} <= set(ids) for ids in shares)
    quick = [sum(seconds[name] for name in ids if name != "e") for ids in shares]
    assert sorted(quick) == pytest.approx([0.4, 0.4])
    assert sorted(share(declared, 1, {})[0]) == sorted(check.id for check in declared)


def test_checks_that_need_one_another_in_a_circle_are_shared_all_the_same() -> None:
    declared = [Declared("a", 1, "a", 1, "b", slow=False), Declared("b", 1, "b", 1, "a", slow=False)]
    assert sorted(chain(*share(declared, 2, {}))) == ["a", "b"]


def test_a_file_that_goes_while_the_code_is_read_is_no_fault_of_the_students(make_lab, monkeypatch) -> None:
    lab = make_lab(starter=SOLUTION)
    passing = lab.folder / "lambda_function.py.tmp~"
    passing.write_text("an editor's own")
    opened = Code.open

    def open_and_lose(*arguments, **named) -> Code:
        found = opened(*arguments, **named)
        passing.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Code, "open", open_and_lose)
    assert dict(inside.read_code(lab)) == {"lambda_function.py": SOLUTION.encode()}
