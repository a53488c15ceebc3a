"""The sheet of a course in a browser: typed, pasted, saved, taken back; somebody else's mark asks whose stands."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Open, look, picture

SHEET = "/courses/SUPORT-2/sheet"
PASTE = """([input, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell that can be typed into."""
    return page.locator(".sheet-table tbody tr").nth(row).locator("input").nth(column)


def values(page: Page, column: int, rows: int) -> list[str]:
    return [cell(page, row, column).input_value() for row in range(rows)]


def save(page: Page, reason: str) -> None:
    """Saves; the demo's sessions were held on earlier days, so that corrections ask why."""
    page.locator("[data-save]").click()
    expect(page.locator("#reason")).to_be_focused()
    page.fill("#reason", reason)
    page.locator("[data-save]").click()


def test_the_sheet_of_a_course(open_as: Open) -> None:
    page, other = open_as("organiser", DESKTOP), open_as("trainer", PHONE)
    other.goto(f"{SHEET}?session=1")
    page.goto(SHEET)
    before = values(page, 0, 5)

    cell(page, 0, 0).focus()
    page.keyboard.type("a")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("t")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid]")).to_have_count(1)
    cell(page, 1, 0).focus()
    expect(page.locator("[data-note]")).to_be_visible()
    look(page, "sheet-problem")
    page.evaluate(PASTE, [cell(page, 1, 0).element_handle(), "t45\tp\nj\tp\n"])
    assert values(page, 0, 3) == ["a", "t45", "j"]
    cell(page, 2, 0).focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+d")
    assert values(page, 0, 4) == ["a", "t45", "j", "j"]
    page.keyboard.press("Control+z")
    assert values(page, 0, 4) == ["a", "t45", "j", before[3]]

    # what is not saved survives a reload
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    assert values(page, 0, 3) == ["a", "t45", "j"]
    save(page, "El full de signatures")
    expect(page.locator("[data-state][data-mood=good]")).to_be_visible()
    expect(page.locator("td.dirty")).to_have_count(0)

    # the other's page is older: the cell asks whose mark stands
    expect(cell(other, 0, 1)).to_be_hidden()
    cell(other, 0, 0).fill("m60")
    other.locator("[data-save]").tap()
    expect(other.locator("[data-note] button")).to_have_count(2)
    picture(other, "sheet-conflict")
    other.locator("[data-note] button").first.tap()
    expect(cell(other, 0, 0)).to_have_value("a")

    page.goto(SHEET)
    assert values(page, 0, 4) == ["a", "t45", "j", before[3]]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:')).length") == 0
