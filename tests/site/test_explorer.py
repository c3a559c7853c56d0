"""The schedule explorer, in Chromium: it agrees with `workbook.deploy.schedule`, and the page shows what it says."""

import random
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from workbook.deploy.schedule import ScheduleError, parse

expect = pytest.importorskip("playwright.sync_api", reason="Playwright comes with the group `dev`").expect

TABLE = Path(__file__).resolve().parents[1] / "deploy" / "schedule_cases.toml"
CASES = [case for group in tomllib.loads(TABLE.read_text("utf-8")).values() for case in group]
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
CHARACTERS = "0123456789 */,-?#LWSUNMONFRI()ratecron@\"'"
ZONES = ["UTC", "Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
SHIFTS = [  # half a day or less before the clocks of these zones are changed
    datetime(2026, *moment, tzinfo=UTC)
    for moment in [(3, 8, 0), (3, 29, 0), (4, 4, 10), (10, 3, 10), (10, 25, 0), (10, 25, 1, 30), (11, 1, 0), (11, 1, 6)]
]
THROUGH_THE_YEAR = [datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13)]
NO_ZONES = ["Oslo", "europe/olso", "europe/oslo", "New York", "Mars/Phobos", "", "+01:00", "../../etc"]
JUDGE = """async ([module, questions]) => {
    const { parse, ScheduleError } = await import(module);
    return questions.map(([expression, service, after, zone]) => {
        try {
            const found = parse(expression, service);
            return [found.kind, found.upcoming(after, 5, zone), found.describe(zone), found.warn(after, zone)];
        } catch (error) {
            if (!(error instanceof ScheduleError)) return String(error.stack);
            return [error.field, error.problem, error.awsMessage, error.suggestion];
        }
    });
}"""

Question = tuple[str, str, datetime, str]


def judge(expression: str, service: str, after: datetime, zone: str) -> list[Any]:
    try:
        found = parse(expression, service)
        moments = [int(moment.timestamp() * 1000) for moment in found.upcoming(after, 5, zone)]
        return [str(found.kind), moments, found.describe(zone), list(found.warn(after, zone))]
    except ScheduleError as error:
        return [error.field, error.problem, error.aws_message, error.suggestion]


def disagreements(tab, address: str, questions: list[Question]) -> list[tuple[Question, Any, Any]]:
    tab.goto("404.html")
    sent = [[expression, service, after.timestamp() * 1000, zone] for expression, service, after, zone in questions]
    answers = tab.evaluate(JUDGE, [f"{address}assets/js/schedule/schedule.js", sent])
    expected = [judge(*question) for question in questions]
    assert len(answers) == len(expected)
    return [
        (question, page, python)
        for question, page, python in zip(questions, answers, expected, strict=True)
        if forget_names(page) != forget_names(python)
    ]


def forget_names(answer: Any) -> str:
    """A browser has no table of Unicode's names: of a character outside ASCII, its code must do."""
    return re.sub(r"is [^()]+ \((U\+[0-9A-F]+)\)", r"is \1", str(answer))


def test_page_and_terminal_agree_on_every_case_of_the_table(tab, address) -> None:
    questions = [(case["expression"], case["service"], case.get("after", NEW_YEAR), "UTC") for case in CASES]
    assert len(questions) > 250
    assert disagreements(tab, address, questions) == []


def test_they_agree_on_slips_of_the_pen(tab, address) -> None:
    assert disagreements(tab, address, [misspell(random.Random(number)) for number in range(1500)]) == []


def misspell(chance: random.Random) -> Question:
    text = chance.choice(CASES)["expression"]
    for _ in range(chance.choice([1, 1, 2, 3])):
        place, other = chance.randrange(len(text) + 1), chance.choice(CASES)["expression"]
        kept = chance.choice([text[place:], text[place + 1 :]])
        slips = [kept, chance.choice(CHARACTERS) + kept, chance.choice(CHARACTERS) + kept, other[len(other) // 2 :]]
        text = text[:place] + chance.choice(slips)
    days = datetime(chance.randint(2024, 2030), chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23))
    after = days.replace(minute=chance.randint(0, 59), second=chance.choice([0, 30]), tzinfo=UTC)
    return text, chance.choice(["rules", "scheduler"]), after, chance.choice(ZONES)


@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/New_York", "Australia/Lord_Howe"])
def test_they_agree_on_what_the_clocks_skip_and_repeat(tab, address, zone: str) -> None:
    expressions = ["cron(0/15 0-3 * * ? *)", "cron(30 1 * * ? *)", "cron(30 2 * * ? *)", "cron(15 2 ? 3,4,10,11 SUN *)"]
    questions = [(one, "scheduler", after, zone) for one in expressions for after in (*SHIFTS, *THROUGH_THE_YEAR)]
    assert disagreements(tab, address, questions) == []


@pytest.mark.parametrize("zone", NO_ZONES)
def test_they_agree_on_zones_that_are_none(tab, address, zone: str) -> None:
    assert disagreements(tab, address, [("rate(1 day)", "scheduler", NEW_YEAR, zone)]) == []


def test_a_difference_is_seen(tab, address, monkeypatch) -> None:
    monkeypatch.setitem(globals(), "judge", lambda *_: ["another answer"])
    assert len(disagreements(tab, address, [("rate(1 day)", "rules", NEW_YEAR, "UTC")])) == 1


# ---- the page ------------------------------------------------------------------------------------------------


@pytest.fixture
def explorer(tab):
    tab.clock.set_fixed_time(NEW_YEAR)
    tab.goto("schedules/")
    expect(tab.get_by_role("status")).to_contain_text("Valid: every 5 minutes")
    return tab


def firings(tab) -> list[list[str]]:
    return [row.locator("td").all_inner_texts() for row in tab.locator(".explorer-firings tbody tr").all()]


def test_says_an_expression_in_words_and_when_it_fires_next(explorer) -> None:
    explorer.get_by_label("Expression").fill("cron(0 9 ? * MON-FRI *)")
    expect(explorer.get_by_role("status")).to_have_text("Valid: at 09:00 UTC, Monday to Friday.")
    assert explorer.locator(".explorer-firings th").all_inner_texts() == ["UTC", "Europe/Oslo"]
    assert firings(explorer)[:2] == [
        ["Thu, 1 Jan 2026, 09:00", "Thu, 1 Jan 2026, 10:00"],
        ["Fri, 2 Jan 2026, 09:00", "Fri, 2 Jan 2026, 10:00"],
    ]
    assert len(firings(explorer)) == 10


def test_says_why_an_expression_is_refused_and_mends_it(explorer) -> None:
    field = explorer.get_by_label("Expression")
    field.fill("rate(5 minute)")
    status = explorer.get_by_role("status")
    expect(status).to_contain_text("Refused. The unit: 5 takes the plural, minutes, not minute.")
    expect(status).to_contain_text("Parameter ScheduleExpression is not valid.")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert firings(explorer) == []
    status.get_by_role("button", name="rate(5 minutes)").click()
    expect(field).to_have_value("rate(5 minutes)")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(status).to_contain_text("Valid")


def test_scheduler_reads_its_fields_in_a_time_zone(explorer) -> None:
    expect(explorer.get_by_label("Time zone of the schedule")).to_be_hidden()
    explorer.get_by_label("EventBridge Scheduler").check()
    explorer.get_by_label("Expression").fill("at(2026-07-01T09:00:00)")
    explorer.get_by_label("Time zone of the schedule").fill("America/New_York")
    expect(explorer.get_by_role("status")).to_have_text("Valid: once, at 09:00:00 America/New_York on 1 July 2026.")
    assert firings(explorer) == [["Wed, 1 Jul 2026, 09:00", "Wed, 1 Jul 2026, 13:00", "Wed, 1 Jul 2026, 15:00"]]


def test_an_unknown_zone_is_refused_and_mended(explorer) -> None:
    explorer.get_by_label("EventBridge Scheduler").check()
    zone = explorer.get_by_label("Time zone of the schedule")
    zone.fill("Oslo")
    expect(explorer.get_by_role("status")).to_contain_text("Oslo is no IANA zone")
    expect(zone).to_have_attribute("aria-invalid", "true")
    explorer.get_by_role("button", name="Europe/Oslo").click()
    expect(zone).to_have_value("Europe/Oslo")
    expect(explorer.get_by_role("status")).to_contain_text("Valid")


def test_warns_of_what_surprises(explorer) -> None:
    explorer.get_by_label("Expression").fill("cron(0 9 ? * 1-5 *)")
    expect(explorer.get_by_role("status").get_by_role("listitem")).to_contain_text("on AWS 1 is Sunday")


def test_every_example_is_answered(explorer) -> None:
    for button in explorer.locator("[data-expression]").all():
        button.click()
        words = button.inner_text()
        expect(explorer.get_by_label("Expression")).to_have_value(words)
        refused = words in ("rate(5 minute)", "*/5 * * * *")
        expect(explorer.get_by_role("status")).to_contain_text("Refused" if refused else "Valid")


def test_the_keyboard_is_enough(explorer) -> None:
    explorer.get_by_label("Expression").focus()
    explorer.keyboard.press("ControlOrMeta+a")
    explorer.keyboard.type("rate(2 hour)")
    explorer.keyboard.press("Enter")
    expect(explorer.get_by_role("status")).to_contain_text("Refused")
    explorer.keyboard.press("Tab")
    explorer.keyboard.press("ArrowRight")
    expect(explorer.get_by_label("EventBridge Scheduler")).to_be_checked()
    explorer.keyboard.press("Tab")
    expect(explorer.get_by_label("Time zone of the schedule")).to_be_focused()


def test_what_is_typed_is_text_and_nothing_else(explorer) -> None:
    explorer.get_by_label("Expression").fill("<img src=x onerror=alert(1)>")
    expect(explorer.get_by_role("status")).to_contain_text("Refused")
    expect(explorer.locator(".explorer img")).to_have_count(0)


def test_it_opens_too_when_the_theme_swaps_pages(tab) -> None:
    tab.goto("checklist/")
    tab.get_by_role("link", name="schedule explorer").last.click()
    expect(tab.get_by_role("status")).to_contain_text("Valid: every 5 minutes")
