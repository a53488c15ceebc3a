"""A trainee on a phone, in Catalan: where she stands, her own view, her calendar."""

from __future__ import annotations

import urllib.request
from typing import Any

from icalendar import Calendar
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Open, Served, look


def test_a_trainee_on_a_phone(open_as: Open, served: Served, states: dict[str, Any]) -> None:
    states.pop("trainee", None)
    page = open_as("trainee", PHONE)
    page.goto("/me")
    assert page.get_attribute("html", "lang") == "ca"
    expect(page.locator("main h1")).to_contain_text("Aina")
    expect(page.locator("main .card-accent")).to_contain_text("32 h")
    look(page, "trainee-me")

    page.locator("main a.button[href='/me/courses/SUPORT-2']").tap()
    for gate in ("placement", "accreditation", "completion"):
        told = page.locator(f"#gate-{gate}")
        expect(told.locator(".requirement-text").first).to_contain_text(" ")
        expect(told.locator("h3")).to_contain_text("Encara no")
    look(page, "trainee-course")

    page.goto("/me/courses/SUPORT-2/competencies")
    page.locator("main a[href='/me/courses/SUPORT-2/competencies/5']").tap()
    page.locator(".level-choice", has=page.locator("input[name=level_0]")).nth(2).tap()
    page.fill("[name=note_0]", "Em costa menys callar i escoltar.")
    look(page, "trainee-self-assessment")
    page.locator("main form.wide-form [type=submit]").tap()
    page.wait_for_url("**/competencies*")
    expect(page.locator("#module-5")).to_contain_text("Em costa menys callar i escoltar.")
    look(page, "trainee-competencies")

    page.goto("/me/calendar")
    page.locator("main form:has(input[name=do][value=create]) button").tap()
    address = page.input_value("#own-address")
    assert page.get_attribute("main a[href^='webcal']", "href") == address.replace("http://", "webcal://")
    look(page, "trainee-calendar")
    with urllib.request.urlopen(address) as response:
        assert response.headers["ETag"]
        calendar = Calendar.from_ical(response.read())
    events = calendar.walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == [f"SUPORT-2 · {n}" for n in range(1, 11)]
    assert {event.decoded("DTSTART").hour for event in events} == {10}
    assert "recuperació" not in calendar.to_ical().decode()

    page.locator("details.account summary").tap()
    page.locator("details.account form button").tap()
    expect(page.locator("a.sign-in")).to_be_visible()
    page.goto("/me")
    page.wait_for_url(lambda url: "/login" in url)
    states.pop("trainee", None)
