"""An organiser plans a course; a trainer takes the register on a tablet, with and without scripts."""

from __future__ import annotations

import io
import re

from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TABLET, Open, look, picture

REGISTER = "/courses/SUPORT-2/sessions/6/register"
EARLIER = "/courses/SUPORT-2/sessions/4/register"


def roster() -> bytes:
    """A spreadsheet as an entity would send it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nom", "Cognoms", "Email", "Entitat"])
    sheet.append(["Estel·la", "Vilallonga i Peña", "estella.vilallonga@example.org", "ALZINA"])
    sheet.append(["Muñoz", "d’Agramunt", "munoz.agramunt@example.org", "RIUVERD"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_an_organiser_plans_a_course(open_as: Open) -> None:
    page = open_as("organiser")
    page.goto("/courses")
    page.locator("main a[href='/courses/new']").first.click()

    page.select_option("[name=programme]", "peer-support-worker")
    page.select_option("[name=organisation]", "ROURE")
    page.select_option("[name=university]", "UCX")
    page.fill("[name=title]", "Suport entre iguals, 4a edició")
    page.fill("[name=code]", "SUPORT-4")
    page.fill("[name=starts_on]", "2027-03-02")
    page.fill("[name=at]", "10:00")
    page.fill("[name=venues]", "Casal Cardener, Manresa\nCentre Cívic Gurri, Vic")
    page.click("button[value=preview]")
    planned = page.locator("main table tbody tr")
    expect(planned).to_have_count(10)
    expect(planned.nth(0)).to_contain_text("Manresa")
    expect(planned.nth(1)).to_contain_text("Vic")
    look(page, "plan-preview")

    page.click("button[value=create]")
    page.wait_for_url("**/courses/SUPORT-4")
    expect(page.locator("main h1")).to_have_text("Suport entre iguals, 4a edició")

    page.goto("/courses/SUPORT-4/people/add")
    page.fill("[name=given_name]", "Martí")
    page.fill("[name=family_name]", "Güell i Sàbat")
    page.fill("[name=email]", "marti.guell@example.org")
    page.check("[name=status][value=enrolled]")
    page.uncheck("[name=mail]")
    page.click("main form [type=submit]")
    expect(page.get_by_text("Martí Güell i Sàbat").first).to_be_visible()

    page.goto("/courses/SUPORT-4/people/import")
    page.set_input_files(
        "[name=file]", {"name": "entitats.xlsx", "mimeType": "application/octet-stream", "buffer": roster()}
    )
    page.click("button[name=dry_run]")
    expect(page.locator(".notice-info[role=status]")).to_contain_text("2")
    page.set_input_files(
        "[name=file]", {"name": "entitats.xlsx", "mimeType": "application/octet-stream", "buffer": roster()}
    )
    page.click(".import-form button[type=submit]:not([name])")
    expect(page.locator(".notice-good[role=status]")).to_contain_text("2")
    look(page, "roster-imported")

    page.goto("/courses/SUPORT-4/people")
    expect(page.locator("main tbody tr")).to_have_count(3)
    expect(page.locator("main tbody")).to_contain_text("Estel·la Vilallonga i Peña")
    look(page, "people-of-a-new-course")

    page.goto("/courses/SUPORT-4/sessions")
    expect(page.locator("main tbody tr")).to_have_count(10)
    look(page, "sessions-of-a-new-course")


def person(page: Page, name: str) -> Locator:
    """The row of one person on the register."""
    return page.locator(".person", has=page.locator(".person-name", has_text=name))


def mark(row: Locator, kind: str) -> Locator:
    """The button of one mark in a row."""
    return row.locator(f"input[type=radio][value={kind}]")


def saved(page: Page) -> None:
    """Waits until the page says that all is saved."""
    expect(page.locator("[data-overall][data-mood=good]")).to_be_visible()
    expect(page.locator("[data-overall]")).to_have_text(re.compile(r"\d\d?:\d\d"))


def test_a_trainer_takes_the_register(open_as: Open) -> None:
    page = open_as("trainer", TABLET)
    page.goto(REGISTER)
    count = page.locator(".people").first.locator(".person").count()
    expect(page.locator("[data-count]")).to_contain_text(str(count))
    # little is left to scroll on a tablet held sideways, where one person has announced an absence on a line of its own
    last = page.locator(".people").first.locator(".person").last.bounding_box()
    assert last is not None and last["y"] + last["height"] < TABLET["height"] * 1.35
    look(page, "register-empty")

    late = person(page, "Aina Vilaró")
    mark(late, "late").tap()
    expect(late.locator("[data-state]")).not_to_be_empty()
    late.locator("input[type=number]").fill("215")
    late.locator("input[type=number]").press("Tab")
    mark(person(page, "Ousmane Diallo"), "absent").tap()
    page.locator("[data-all-present]").tap()
    expect(page.locator("[data-count]")).not_to_contain_text(re.compile(r"\d"))
    saved(page)
    look(page, "register-saved")

    # by keyboard: excused, down to the next person, unmarked and present again
    excused = person(page, "Biel Capdevila")
    mark(excused, "present").focus()
    page.keyboard.press("x")
    expect(mark(excused, "excused")).to_be_checked()
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.closest('.person').dataset.person")
    assert below != excused.get_attribute("data-person")
    page.keyboard.press("a")
    page.keyboard.press("p")
    saved(page)
    excused.locator("select").select_option(index=1)
    expect(excused.locator("[data-state]")).to_contain_text("✓")
    saved(page)

    page.reload()
    expect(mark(person(page, "Aina Vilaró"), "late")).to_be_checked()
    expect(person(page, "Aina Vilaró").locator("input[type=number]")).to_have_value("215")
    expect(mark(person(page, "Ousmane Diallo"), "absent")).to_be_checked()
    expect(mark(person(page, "Biel Capdevila"), "excused")).to_be_checked()
    expect(mark(person(page, "Nadia Benali"), "present")).to_be_checked()


def test_a_trainer_corrects_an_earlier_mark(open_as: Open) -> None:
    page = open_as("trainer", TABLET)
    page.goto(EARLIER)
    row = person(page, "Nadia Benali")
    expect(mark(row, "present")).to_be_checked()
    mark(row, "left_early").tap()
    row.locator("input[type=number]").fill("180")
    row.locator("input[type=number]").press("Tab")
    ask = row.locator(".person-ask")
    expect(ask).to_be_visible()
    look(page, "register-asks-why")
    ask.locator("input").fill("Va agafar el tren de les 13 h")
    ask.locator("button").first.tap()
    expect(row.locator("[data-state]")).to_contain_text("✓")

    page.reload()
    row = person(page, "Nadia Benali")
    expect(mark(row, "left_early")).to_be_checked()
    row.locator(".person-state a").tap()
    newest = page.locator("main tbody tr").first
    expect(newest).to_contain_text("Va agafar el tren de les 13 h")
    expect(page.locator("main tbody tr")).to_have_count(2)
    look(page, "register-history")


def test_the_register_without_scripts(open_as: Open) -> None:
    page = open_as("trainer", TABLET, scripts=False)
    page.goto("/courses/SUPORT-2/sessions/7/register")
    row = person(page, "Aina Vilaró")
    mark(row, "late").check(force=True)
    row.locator("input[type=number]").fill("200")
    page.locator("[data-all-present]").click()
    expect(mark(person(page, "Aina Vilaró"), "late")).to_be_checked()
    expect(person(page, "Aina Vilaró").locator("input[type=number]")).to_have_value("200")
    expect(mark(person(page, "Nadia Benali"), "present")).to_be_checked()
    expect(page.locator(".notice-good")).to_be_visible()

    mark(person(page, "Nadia Benali"), "late").check(force=True)
    page.locator(".save-bar button").click()
    expect(page.locator(".error-summary")).to_contain_text("Nadia Benali")
    picture(page, "register-without-scripts")
    person(page, "Nadia Benali").locator("input[type=number]").fill("90")
    page.locator(".save-bar button").click()
    expect(mark(person(page, "Nadia Benali"), "late")).to_be_checked()
    expect(page.locator(".error-summary")).to_have_count(0)
