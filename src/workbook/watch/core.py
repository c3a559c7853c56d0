"""What follows from what happens: the whole behaviour of `lab watch`, without a terminal, a file or a process."""

from dataclasses import replace
from types import MappingProxyType

from workbook.watch import events
from workbook.watch.events import Do, Effect, Event
from workbook.watch.state import Fault, Page, Phase, Question, State

KEYS = {
    "h": Do.HINT, "r": Do.JUDGE, "i": Do.EVENTS, "d": Do.DOCS, "l": Do.LIST, "n": Do.NEXT, "p": Do.PREVIOUS,
}  # fmt: skip
SCROLL = {"up": -1, "k": -1, "down": 1, "j": 1, "page up": -10, "b": -10, "page down": 10, " ": 10}
BOTTOM = 1 << 20
BACK = {"escape", "backspace", "enter", "q"}

Step = tuple[State, tuple[Effect, ...]]


def step(state: State, event: Event) -> Step:
    """The state after the event, and what is to be done about it."""
    state, effects = _follow(state, event)
    if state.is_leaving and state.phase in (Phase.JUDGED, Phase.BROKEN):
        effects += (Effect(Do.QUIT),)
    return state, effects


def _follow(state: State, event: Event) -> Step:
    match event:
        case events.Leave(at_once):
            return (state, (Effect(Do.QUIT),)) if at_once else (replace(state, is_leaving=True), ())
        case events.Key(name):
            return press(replace(state, notice=""), name)
        case events.Saved(fault):
            return judge(replace(state, page=None, typed="", notice=""), fault)
        case events.SuiteChanged():
            told = "The lab's own files have changed: the bench starts anew."
            return replace(state, notice=told), (Effect(Do.GO, state.lab.id),)
        case events.SavedElsewhere(lab):
            return state, (Effect(Do.GO, lab),)
        case events.Polling(why):
            return replace(state, polling=why), ()
        case events.Collected(declared):
            return replace(state, declared=declared), ()
        case events.Ready():
            return judge(state, state.fault) if state.phase is Phase.STARTING else (state, ())
        case events.Judged(run, result) if run == state.run:
            return replace(state, verdicts=MappingProxyType({**state.verdicts, result.id: result})), ()
        case events.Finished(run, sha256, seconds) if run == state.run:
            return _finish(state, sha256, seconds)
        case events.Rejected(run, why) if run == state.run and state.phase is Phase.JUDGING:
            return replace(state, phase=Phase.JUDGED, rejected=why), (Effect(Do.RECORD),)
        case events.Broken(why):
            return replace(state, phase=Phase.BROKEN, broken=why), ()
        case events.Hinted(hint, known, notice):
            told = notice or ("" if hint else "There are no more hints for this task.")
            hints = (*state.hints, hint) if hint else state.hints
            return replace(state, hints=hints, known=known, notice=told, offset=BOTTOM), ()
        case events.Recorded(known, after, notice):
            return replace(state, known=known, after=after, notice=notice or state.notice), ()
        case events.Opened(lab, known, after, fault, notice):
            opened = State(lab, known, after, run=state.run + 1, fault=fault, notice=notice or state.notice)
            kept = replace(opened, polling=state.polling, is_leaving=state.is_leaving)
            return kept, (Effect(Do.START_BENCH),)
        case events.Shown(page):
            return replace(state, page=page, typed="", notice="", offset=0), ()
        case events.Told(notice):
            return replace(state, notice=notice), ()
    return state, ()  # of a run that was stopped


def judge(state: State, fault: Fault | None) -> Step:
    """Judge what is there now: at once when the bench is warm, else as soon as it is."""
    if state.phase is Phase.BROKEN:
        return replace(state, phase=Phase.STARTING, fault=fault, broken=None), (Effect(Do.START_BENCH),)
    afresh = replace(
        state, run=state.run + 1, verdicts=MappingProxyType({}), fault=fault, rejected=None, seconds=0.0, offset=0
    )
    if not state.declared:
        return afresh, ()
    return replace(afresh, phase=Phase.JUDGING), (Effect(Do.JUDGE),)


def press(state: State, key: str) -> Step:
    """What a key does: in the page, if one is open, else to the verdict."""
    if key in SCROLL:
        return replace(state, offset=max(0, state.offset + SCROLL[key])), ()
    if state.page:
        return _press_in_page(state, key)
    if key == "q":
        return state, (Effect(Do.QUIT),)
    if key == "x":
        asked = (
            f"Begin {state.lab.id} again? What you wrote is kept as a backup.\n\n  y  begin again\n  n  keep my code"
        )
        return _follow(state, events.Shown(Page("Reset", asked, question=Question.RESET)))
    if key == "r" or (key == "enter" and not state.has_passed):
        return judge(state, state.fault)
    if key == "enter":
        return state, (Effect(Do.NEXT),)
    if key in KEYS:
        return state, (Effect(KEYS[key]),)
    return state, ()


def _press_in_page(state: State, key: str) -> Step:
    page = state.page
    assert page
    closed = replace(state, page=None, typed="", offset=0)
    if page.question is Question.RESET:
        return closed, ((Effect(Do.RESET),) if key == "y" else ())
    if page.choices and len(key) == 1 and key.isalnum() and key not in BACK:
        return _choose(state, page, state.typed + key)
    if page.choices and key == "enter" and state.typed:
        return _choose(state, page, state.typed, is_whole=True)
    return (closed, ()) if key in BACK else (state, ())


def _choose(state: State, page: Page, typed: str, *, is_whole: bool = False) -> Step:
    """Take the choice of that name; wait for more where more could follow."""
    near = [name for name, _ in page.choices if name.startswith(typed)]
    if not near or (is_whole and typed not in near):
        return replace(state, typed="", notice=f"There is no {typed}. Enter goes back."), ()
    if near != [typed] and not is_whole:
        return replace(state, typed=typed), ()
    do = Do.GO if page.question is Question.LAB else Do.INVOKE
    return replace(state, page=None, typed="", offset=0), (Effect(do, dict(page.choices)[typed]),)


def _finish(state: State, sha256: str, seconds: float) -> Step:
    settled = replace(state, phase=Phase.JUDGED, seconds=seconds)
    task = settled.task
    kept = tuple(hint for hint in state.hints if hint.task == task and not settled.has_passed)
    return replace(settled, hints=kept), (Effect(Do.RECORD, sha256),)
