"""A reference professional signs off hours on a phone and records the week's meeting."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, look


def test_sign_off_and_follow_up(open_as: Open) -> None:
    page = open_as("supervisor", PHONE)
    page.goto("/placements")
    look(page, "placements-phone")
    page.locator("main a[href*='/placements/11'][href*='waiting']").tap()
    waiting = page.locator("input[name=entry]")
    expect(waiting.first).to_be_attached()
    before = waiting.count()
    assert before > 1
    look(page, "placement-waiting-phone")

    # one by one, then what is left at once
    page.locator("label.tick").first.tap()
    page.locator("#sign-off button:not([name])").tap()
    expect(page.locator(".notice-good")).to_be_visible()
    page.goto("/placements/11?show=waiting")
    expect(waiting).to_have_count(before - 1)
    page.locator("#sign-off button[name=all]").tap()
    expect(page.locator(".notice-good")).to_be_visible()
    page.goto("/placements/11?show=waiting")
    expect(waiting).to_have_count(0)

    page.locator("#follow-ups summary").tap()
    page.check("#follow-ups [name=held][value=yes]")
    page.fill("#follow-ups [name=note]", "Hem parlat de com demanar ajuda a temps.")
    look(page, "follow-up-phone")
    page.locator("#follow-ups form [type=submit]").tap()
    expect(page.locator(".notice-good")).to_be_visible()
    expect(page.locator("#follow-ups")).to_contain_text("Hem parlat de com demanar ajuda a temps.")

    # the note is between the two: the organiser does not read it
    organiser = open_as("organiser", PHONE)
    organiser.goto("/placements/11")
    expect(organiser.locator("#follow-ups")).not_to_contain_text("Hem parlat")
