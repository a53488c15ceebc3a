"""A trainee on a phone says that she cannot come, asks to make it up, and sees what it does to her figures."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, PHONE, Open, look, picture

COURSE = "/me/courses/SUPORT-2"
SESSION = f"{COURSE}/sessions/10/absence"
TENTH = Decimal("10.0")  # one of ten sessions of four hours, in percent


def figures(page: Page) -> list[Decimal]:
    """The percentages of "what is still possible", in their order: certain, at most, with what was announced."""
    said = page.locator(
        ".own-figures dd"
    ).all_text_contents()  # they stand folded up, under "how it is counted"
    return [
        Decimal(found[1].replace(",", ".")) for one in said if (found := re.search(r"([\d,.]+)\s*%", one))
    ]


def test_an_absence_announced_and_made_up(open_as: Open) -> None:
    page = open_as("trainee", PHONE)
    page.goto(COURSE)
    certain, best = figures(page)
    assert certain < best

    page.locator(".own-next a.button").tap()
    expect(page).to_have_url(re.compile(r"/sessions/\d+/absence$"))
    page.goto(SESSION)
    page.locator("button[name=kind][value=absent]").tap()
    expect(page.locator(".effect")).to_be_visible()
    page.goto(COURSE)
    assert figures(page) == [certain, best, best - TENTH]
    expect(page.locator(".effect")).to_be_visible()
    picture(page, "where-i-stand-announced")

    # what fits is offered: a session of the same module if one is planned, else work that is agreed on
    page.goto(SESSION)
    offers = page.locator("form[action$='/make-up']")
    assert offers.count() >= 1
    if offers.first.is_hidden():
        page.locator("details", has=offers.first).locator("summary").tap()
    offers.first.locator("button").tap()
    expect(page.locator("form[action$='/call-off']")).to_be_attached()
    page.goto(COURSE)
    assert figures(page) == [certain, best, best - TENTH], "what is only asked for changes nothing"

    organiser = open_as("organiser", PHONE)
    organiser.goto("/courses/SUPORT-2/absences/make-ups")
    organiser.locator("main a[href*='/absences/make-ups/']", has_text="Aina").first.tap()
    organiser.locator("button[name=do][value=agree]").tap()
    expect(organiser.locator("button[name=do][value=agree]")).to_have_count(0)

    page.goto(COURSE)
    assert figures(page) == [certain, best, best]
    expect(page.locator(".effect")).to_have_count(0)
    expect(page.locator("section[aria-labelledby=coming] li")).to_have_count(1)
    look(page, "where-i-stand-made-up")


def sheets(page: Page) -> int:
    """How many sheets of A4 the page takes on paper."""
    return page.pdf(format="A4").count(b"/Type /Page\n")


def test_calm_on_the_narrowest_phone_and_on_paper(open_as: Open) -> None:
    page = open_as("trainee", NARROW, dark=True)
    page.goto(COURSE)
    box = page.locator(".own-next").bounding_box()
    assert box and box["y"] < NARROW["height"], "what comes next begins on the first screen"
    expect(page.locator(".way [aria-current=step]")).to_have_count(1)
    expect(page.locator(".way-past details[open]")).to_have_count(0)
    look(page, "where-i-stand-narrow")
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator(".site-nav").is_hidden()
    assert 1 <= sheets(page) <= 2
    # Somebody with more that is open has more on the first sheet than it holds: the way comes after it, not on a third.
    page.evaluate(
        "document.querySelector('.own-open').prepend(...Array.from({length: 9}, () => {"
        "const line = document.createElement('p'); line.textContent = '·'; return line }))"
    )
    assert sheets(page) == 2
