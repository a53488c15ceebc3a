"""Two trainers fill one register at once, each on their own phone."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Open, look

REGISTER = "/courses/SUPORT-2/sessions/8/register"


def person(page: Page, place: int) -> Locator:
    """The row of one person on the register, by their place in it."""
    return page.locator(".people").first.locator(".person").nth(place)


def mark(page: Page, place: int, kind: str) -> Locator:
    """The button of one mark of one person."""
    return person(page, place).locator(f"input[type=radio][value={kind}]")


def saved(page: Page, place: int) -> None:
    """Waits until the page says that this person's mark is saved."""
    expect(person(page, place).locator("[data-state]")).to_contain_text("✓")


def ask_now(page: Page) -> None:
    """The page asks at once, as it does when its tab is looked at again."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_two_trainers_at_one_register(open_as: Open) -> None:
    one, other = open_as("trainer", PHONE), open_as("organiser", PHONE)
    for page in (one, other):
        page.goto(REGISTER)
        expect(page.locator(".register.live")).to_be_visible()

    # both mark, and each sees the other's within seconds
    mark(one, 0, "present").tap()
    mark(other, 1, "absent").tap()
    saved(one, 0)
    saved(other, 1)
    expect(mark(one, 1, "absent")).to_be_checked()
    expect(person(one, 1).locator("[data-state]")).to_contain_text(re.compile(r"\w, \d\d?:\d\d"))
    expect(mark(other, 0, "present")).to_be_checked()
    expect(other.locator("[data-news]")).not_to_be_empty()

    # one is typing minutes while the other saves: a choice, and theirs stands until it is made
    for place in (2, 3):
        mark(other, place, "late").tap()
        person(other, place).locator("input[type=number]").fill("")
    mark(one, 2, "present").tap()
    mark(one, 3, "absent").tap()
    saved(one, 2)
    saved(one, 3)
    ask_now(other)
    for place in (2, 3):
        expect(person(other, place).locator(".person-ask")).to_be_visible()
    look(other, "register-two-people")
    person(other, 2).locator(".person-ask button").first.tap()  # theirs
    expect(mark(other, 2, "present")).to_be_checked()
    person(other, 3).locator(".person-ask button").last.tap()  # mine
    person(other, 3).locator("input[type=number]").fill("100")
    person(other, 3).locator("input[type=number]").press("Enter")
    saved(other, 3)
    ask_now(one)
    expect(mark(one, 3, "late")).to_be_checked()
    expect(person(one, 3).locator("input[type=number]")).to_have_value("100")

    # several at once, taken back at once; what the other decided is not taken back
    one.locator("[data-pick] summary").tap()
    for place in (4, 5):
        person(one, place).locator("[name=pick]").tap()
    one.locator("[data-pick] button[value='picked:present']").tap()
    saved(one, 5)
    look(one, "register-several")
    one.locator("[data-undo]").tap()
    saved(one, 5)
    for place in (4, 5):
        expect(mark(one, place, "unmarked")).to_be_checked()
    one.locator("[data-undo]").tap()  # the mark before: the one that the other kept
    expect(mark(one, 2, "unmarked")).to_be_checked()
    saved(one, 2)
    ask_now(other)
    expect(mark(other, 2, "unmarked")).to_be_checked()

    one.reload()
    kinds = ["present", "absent", "unmarked", "late", "unmarked", "unmarked"]
    for place, kind in enumerate(kinds):
        expect(mark(one, place, kind)).to_be_checked()
