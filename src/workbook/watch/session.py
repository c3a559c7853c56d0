"""`lab watch` at work: it takes events in, one after another, and does what the core says."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Protocol

from workbook.course.hints import next_hint, seen_hints
from workbook.course.labs import Course, Lab
from workbook.course.manifest import ManifestError
from workbook.course.progress import read, record_result, use_hint, write
from workbook.course.starters import StarterError, is_untouched, reset
from workbook.reports.inert import inert
from workbook.watch import core, events
from workbook.watch.bench import Benches
from workbook.watch.events import Do, Effect, Event
from workbook.watch.files import Change, Watcher
from workbook.watch.readme import guide
from workbook.watch.state import Page, Phase, Question, State
from workbook.watch.syntax import find_fault

TICK_SECONDS = 0.5
PAINT_SECONDS = 0.15  # from a verdict among others to the screen; the last quick one is shown at once


class View(Protocol):
    """What shows the state."""

    def update(self, state: State) -> State | None:
        """Show it; the state with what the view alone knows, if that differs."""


class Session:
    """Watches a lab of the course. `list_labs` gives a line for each lab; `on_tick` is called twice a second."""

    def __init__(self, course: Course, lab: Lab, list_labs: Callable[[], Sequence[str]], *, poll: bool = False) -> None:
        self._course, self._list_labs, self._poll = course, list_labs, poll
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._benches: Benches | None = None
        self._generation = 0
        self._watcher: Watcher | None = None
        progress = read(course.root)
        self.state = State(
            lab,
            progress.lab(lab.id),
            self._name_after(lab),
            fault=find_fault(lab),
            notice=progress.notice or "",
        )

    def post(self, event: Event | None) -> None:
        """Take the event in, from any thread; None only asks for the screen anew."""
        self._queue.put(event)

    def press(self, key: str) -> None:
        self.post(events.Key(key))

    def run(self, view: View, on_tick: Callable[[], None] = lambda: None) -> None:
        """Work until it is asked to end."""
        self._watcher = Watcher(self.state.lab, self._course.labs, self._note, self._note_polling, poll=self._poll)
        self._start_benches()
        try:
            self._work(view, on_tick)
        except KeyboardInterrupt:
            return

    def _work(self, view: View, on_tick: Callable[[], None]) -> None:
        """Show the state when something has happened; of verdicts that come in a row, not each."""
        due: float | None = time.monotonic()
        while True:
            happened = self._wait(TICK_SECONDS if due is None else due - time.monotonic())
            late = self._take_in(happened)
            if happened and (
                self.state.has_quick_ones or not all(isinstance(each, events.Judged) for each in happened)
            ):
                due = time.monotonic()
            elif happened and due is None:
                due = time.monotonic() + PAINT_SECONDS
            elif due is None:
                on_tick()
            if due is not None and due <= time.monotonic():
                self.state, due = view.update(self.state) or self.state, None
            for effect in late:
                if effect.do is Do.QUIT:
                    return
                self._record(effect.choice)

    def _wait(self, seconds: float) -> list[Event | None]:
        """What has happened by then, once something has; None among it asks for the screen anew."""
        try:
            happened = [self._queue.get(timeout=max(0.0, seconds))]
        except queue.Empty:
            return []
        while not self._queue.empty():
            happened.append(self._queue.get())
        return happened

    def _take_in(self, happened: Sequence[Event | None]) -> list[Effect]:
        """Follow what has happened, and return what is to be done once it is shown."""
        late: list[Effect] = []
        for event in happened:
            if event is None:
                continue
            self.state, effects = core.step(self.state, event)
            for effect in effects:
                if effect.do in (Do.RECORD, Do.QUIT):
                    late.append(effect)
                else:
                    self._do(effect)
        return late

    def close(self) -> None:
        """End the benches and the watcher."""
        with ExitStack() as closing:
            if self._watcher:
                closing.callback(self._watcher.close)
            if self._benches:
                closing.callback(self._benches.end)

    def _do(self, effect: Effect) -> None:
        lab = self.state.lab
        match effect.do:
            case Do.JUDGE if self._benches:
                self._benches.judge(self.state.run)
            case Do.START_BENCH:
                self._start_benches()
            case Do.HINT:
                self._take_hint()
            case Do.NEXT | Do.PREVIOUS:
                self._turn(effect.do)
            case Do.GO:
                self._open(effect.choice)
            case Do.LIST:
                choices = tuple((str(each.number), each.id) for each in self._course.labs)
                self.post(events.Shown(Page("Labs", "\n".join(self._list_labs()), False, Question.LAB, choices)))
            case Do.EVENTS:
                self._ask_for_event()
            case Do.INVOKE:
                self.post(events.Told("Invoking."))
                threading.Thread(target=self._invoke, args=(lab, effect.choice), daemon=True).start()
            case Do.DOCS:
                text = guide(lab.folder / "README.md", self.state.task)
                self.post(
                    events.Shown(Page(f"{lab.name}: what its README.md says", text or "It has no README.md.", True))
                )
            case Do.RESET:
                self._reset()

    def _note(self, change: Change) -> None:
        if change.suite:
            self.post(events.SuiteChanged())
        elif change.own:
            self.post(events.Saved(find_fault(self.state.lab)))
        elif change.elsewhere:
            self.post(events.SavedElsewhere(change.elsewhere))

    def _note_polling(self, why: str) -> None:
        self.post(events.Polling(why))

    def _open(self, lab_id: str) -> None:
        """Turn to the lab, as it is in the files now."""
        try:
            lab = next(lab for lab in Course(self._course.root).labs if lab.id == lab_id)
            fault = find_fault(lab)
        except (ManifestError, StopIteration) as error:
            self.post(events.Broken(str(error) or f"{lab_id} is no longer there."))
            return
        progress = read(self._course.root)
        if self._watcher:
            self._watcher.turn_to(lab)
        self.post(events.Opened(lab, progress.lab(lab.id), self._name_after(lab), fault, progress.notice or ""))

    def _start_benches(self) -> None:
        if self._benches:
            threading.Thread(target=self._benches.end, daemon=True).start()
        self._generation += 1
        generation = self._generation

        def post(event: Event) -> None:
            if generation == self._generation:
                self.post(event)

        self._benches = Benches(self.state.lab, post)

    def _record(self, sha256: str) -> None:
        root = self._course.root
        before = read(root)
        document = self.state.result(sha256).to_dict()
        after = record_result(before, document, date.today())
        notice = write(root, after) or before.notice or ""
        lab = self.state.lab
        self.post(events.Recorded(after.lab(lab.id), self._name_after(lab), notice))

    def _after(self, lab: Lab) -> Lab | None:
        """The next lab without full marks: after this one, then from the start."""
        progress = read(self._course.root)
        labs = self._course.labs
        place = next(index for index, each in enumerate(labs) if each.id == lab.id)
        others = (*labs[place + 1 :], *labs[:place])
        return next((each for each in others if not progress.lab(each.id).is_full), None)

    def _name_after(self, lab: Lab) -> str | None:
        after = self._after(lab)
        try:
            return f"lab {after.number}, {after.manifest.title}" if after else None
        except ManifestError:
            return after.id if after else None

    def _turn(self, do: Do) -> None:
        labs = self._course.labs
        place = next(index for index, lab in enumerate(labs) if lab.id == self.state.lab.id)
        if do is Do.NEXT and self.state.has_passed:
            wanted = self._after(self.state.lab)
        else:
            place += 1 if do is Do.NEXT else -1
            wanted = labs[place] if 0 <= place < len(labs) else None
        if wanted is None:
            self.post(events.Told("There is no lab to go on with." if do is Do.NEXT else "This is the first lab."))
        else:
            self._open(wanted.id)

    def _take_hint(self) -> None:
        root, lab, task = self._course.root, self.state.lab, self.state.task
        if task is None:
            self.post(events.Told("Every task passes: there is nothing to hint at."))
            return
        progress = read(root)
        if not self.state.first_failure and not progress.lab(lab.id).attempts:
            self.post(events.Told("There is no verdict yet: ask for a hint when a task has failed."))
            return
        if not self.state.first_failure and self.state.phase is Phase.JUDGING:
            self.post(events.Told("Still judging: press h again when the verdict is there."))
            return
        hint = next_hint(task, progress.lab(lab.id))
        notice = ""
        if hint:
            progress = use_hint(progress, lab.id, task.number)
            notice = write(root, progress) or ""
        elif seen := [hint for hint in seen_hints(task, progress.lab(lab.id)) if hint not in self.state.hints]:
            text = "\n\n".join(f"Hint {hint.level} of {len(task.hints)}\n{hint.text}" for hint in seen)
            self.post(events.Shown(Page(f"Task {task.number}: the hints that you have seen", inert(text))))
        self.post(events.Hinted(hint, progress.lab(lab.id), notice))

    def _ask_for_event(self) -> None:
        found = self.state.lab.events
        lines = [f"{number}  {event.stem}" for number, event in enumerate(found, 1)]
        choices = tuple((str(number), event.name) for number, event in enumerate(found, 1))
        if choices:
            self.post(events.Shown(Page("Invoke with which event?", "\n".join(lines), False, Question.EVENT, choices)))
        else:
            self._do(Effect(Do.INVOKE))

    def _invoke(self, lab: Lab, event: str) -> None:
        """What `lab invoke` prints, as a page."""
        command = [sys.executable, "-P", "-m", "workbook", "--course", str(self._course.root), "invoke", lab.id]
        done = subprocess.run(
            [*command, "--event", event] if event else command,
            env={**os.environ, "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        text = (done.stdout + done.stderr).decode("utf-8", "replace")
        if lab == self.state.lab:
            self.post(events.Shown(Page(f"{lab.name}: lab invoke", text)))

    def _reset(self) -> None:
        lab = self.state.lab
        try:
            if is_untouched(self._course, lab):
                self.post(events.Told("Nothing to do: it is as it came."))
                return
            backups = reset(self._course, lab, datetime.now())
        except StarterError as error:
            self.post(events.Told(str(error)))
            return
        if self._watcher:
            self._watcher.turn_to(lab)  # what it would tell of is known, and its telling would wipe away the notice
        self.post(events.Saved(find_fault(lab)))
        names = ", ".join(str(backup.relative_to(self._course.root)) for backup in backups)
        self.post(events.Told(f"Your code is the starter again. What you wrote is in {names}"))
