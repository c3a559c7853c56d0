"""The site as a reader meets it, in Chromium: checklist, tabs, search, keyboard, and pages without scripts."""

import json
import re

import pytest

expect = pytest.importorskip("playwright.sync_api", reason="Playwright comes with the group `dev`").expect

BOXES = "[data-checklist] input[type=checkbox]"


@pytest.fixture
def checklist(tab):
    tab.goto("checklist/")
    expect(tab.get_by_role("status")).to_have_text(f"0 of {tab.locator(BOXES).count()} done")
    return tab


def label(tab, number: int):
    return tab.locator("[data-checklist] label").nth(number)


def ticked(tab) -> list[int]:
    return [number for number, box in enumerate(tab.locator(BOXES).all()) if box.is_checked()]


def test_the_checklist_remembers_what_was_ticked(checklist) -> None:
    of = f" of {checklist.locator(BOXES).count()} done"
    label(checklist, 1).click()
    label(checklist, 3).click()
    expect(checklist.get_by_role("status")).to_have_text(f"2{of}")
    checklist.reload()
    expect(checklist.get_by_role("status")).to_have_text(f"2{of}")
    assert ticked(checklist) == [1, 3]
    checklist.get_by_role("link", name="Schedule explorer").first.click()
    expect(checklist.locator("h1")).to_contain_text("Schedule explorer")
    checklist.go_back()
    expect(checklist.get_by_role("status")).to_have_text(f"2{of}")
    assert ticked(checklist) == [1, 3]


def test_the_checklist_is_ticked_with_the_keyboard(checklist) -> None:
    label(checklist, 0).click()
    checklist.locator(BOXES).first.focus()
    checklist.keyboard.press("Space")
    expect(checklist.get_by_role("status")).to_contain_text("0 of")
    checklist.keyboard.press("Shift+Tab")
    expect(checklist.get_by_role("link").and_(checklist.locator(":focus"))).to_have_count(1)


def test_a_reset_removes_all_ticks_and_can_be_undone(checklist) -> None:
    label(checklist, 2).click()
    checklist.get_by_role("button", name="Reset", exact=True).click()
    assert ticked(checklist) == []
    checklist.get_by_role("button", name="Undo reset").click()
    assert ticked(checklist) == [2]
    checklist.get_by_role("button", name="Reset", exact=True).click()
    checklist.reload()
    assert ticked(checklist) == []
    expect(checklist.get_by_role("button", name="Reset", exact=True)).to_be_disabled()


def test_a_tick_belongs_to_an_items_words_and_not_to_its_place(checklist) -> None:
    words = label(checklist, 4).inner_text().strip()
    checklist.evaluate("words => localStorage.setItem('ticks:v1:deployment', words)", json.dumps([words, "gone since"]))
    checklist.reload()
    expect(checklist.get_by_role("status")).to_contain_text("1 of")
    assert ticked(checklist) == [4]


def test_every_item_of_the_checklist_has_words_of_its_own(checklist) -> None:
    words = checklist.locator("[data-checklist] label").all_inner_texts()
    assert len(set(words)) == len(words) > 10


@pytest.mark.parametrize("kept", ["{", "7", "null", '{"a": 1}'])
def test_the_checklist_stands_what_it_cannot_read(checklist, kept: str) -> None:
    checklist.evaluate("kept => localStorage.setItem('ticks:v1:deployment', kept)", kept)
    checklist.reload()
    expect(checklist.get_by_role("status")).to_contain_text("0 of")


def test_the_checklist_works_where_the_browser_keeps_nothing(tab) -> None:
    tab.add_init_script(
        "const { getItem, setItem } = Storage.prototype;"
        "const refuse = key => { if (key.startsWith('ticks')) throw Error() };"
        "Storage.prototype.getItem = function (key) { refuse(key); return getItem.call(this, key) };"
        "Storage.prototype.setItem = function (key, text) { refuse(key); return setItem.call(this, key, text) };"
    )
    tab.goto("checklist/")
    label(tab, 0).click()
    expect(tab.get_by_role("status")).to_contain_text("1 of")


def test_the_checklist_prints_its_ticks_without_its_buttons(checklist) -> None:
    checklist.evaluate("window.print = () => { window.printed = true }")
    label(checklist, 0).click()
    checklist.get_by_role("button", name="Print").click()
    assert checklist.evaluate("window.printed")
    checklist.emulate_media(media="print")
    expect(checklist.locator(BOXES).first).to_be_visible()
    expect(checklist.get_by_role("status")).to_be_visible()
    expect(checklist.get_by_role("button", name="Print")).to_be_hidden()
    expect(checklist.get_by_role("button", name="Reset", exact=True)).to_be_hidden()


def test_without_scripts_the_pages_are_plain_text(chromium, address) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    tab = context.new_page()
    tab.goto("checklist/")
    expect(tab.locator(".checklist li").first).to_be_visible()
    expect(tab.locator(".checklist button")).to_have_count(0)
    tab.goto("schedules/")
    expect(tab.locator("form[data-md-component=search], .explorer").last).to_be_hidden()
    expect(tab.get_by_text("The explorer needs JavaScript")).to_be_visible()
    context.close()


def test_a_tab_chosen_once_stays_chosen(tab) -> None:
    tab.goto("")
    windows = tab.locator(".tabbed-block").nth(2)
    expect(windows).to_be_hidden()
    tab.locator(".tabbed-labels label", has_text="Windows").first.click()
    expect(windows).to_be_visible()
    expect(tab.locator(".tabbed-block").first).to_be_hidden()
    tab.reload()
    expect(windows).to_be_visible()


def test_a_tab_is_chosen_with_the_keyboard(tab) -> None:
    tab.goto("")
    tab.locator(".tabbed-set > input").first.focus()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator(".tabbed-set > input").nth(1)).to_be_checked()
    expect(tab.locator(".tabbed-set > input").first).not_to_be_checked()


def test_search_finds_an_expression(tab) -> None:
    tab.goto("")
    tab.keyboard.press("/")
    dialog = tab.get_by_role("dialog", name="Search")
    expect(dialog.get_by_role("textbox")).to_be_focused()
    tab.keyboard.type("rate(5 minutes)")
    expect(dialog.locator(".md-search-result__meta")).to_contain_text("matching document")
    found = dialog.get_by_role("link").filter(has_text=re.compile("schedul", re.IGNORECASE))
    expect(found.first).to_be_visible()
    found.first.click()
    expect(tab.locator("article")).to_contain_text("rate(5 minutes)")


def test_the_keyboard_first_reaches_a_link_that_skips_to_the_text(tab) -> None:
    tab.goto("checklist/")
    tab.keyboard.press("Tab")
    expect(tab.locator(":focus")).to_have_text("Skip to content")


def test_dark_and_light_are_chosen_by_the_system_and_by_hand(tab) -> None:
    tab.emulate_media(color_scheme="dark")
    tab.goto("")
    expect(tab.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    tab.get_by_title("Light mode").click()
    expect(tab.locator("body")).to_have_attribute("data-md-color-scheme", "default")


def test_no_page_is_wider_than_a_phone(tab, site) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    wide = {}
    for name in site.pages:
        tab.goto(name)
        if (width := tab.evaluate("document.documentElement.scrollWidth")) > 360:
            wide[name] = width
    assert wide == {}


def test_a_table_of_messages_fits_on_a_phone(tab) -> None:
    tab.set_viewport_size({"width": 390, "height": 844})
    tab.goto("labs/03_s3_writes/")
    table = tab.get_by_role("table").filter(has_text="NoSuchBucket")
    assert table.bounding_box()["width"] <= 390
