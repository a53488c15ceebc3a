"""A registrar approves, issues and revokes; a stranger verifies by scanning the symbol on the document."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path

import pypdfium2
import zxingcpp
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, PHONE, Open, Served, look

SILVIA = "Sílvia Corominas i Mañé"


def answer(url: str) -> tuple[int, dict[str, str]]:
    """What a program is told about a code."""
    request = urllib.request.Request(url, headers={"Accept": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def scanned(pdf: Path) -> str:
    """The address in the symbol on the first page, read as a phone would from paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=150 / 72).to_pil()
    finally:
        document.close()
    found = [one.text for one in zxingcpp.read_barcodes(picture)]
    assert len(found) == 1, found
    return found[0]


def test_issue_scan_and_revoke(open_as: Open, served: Served, tmp_path: Path) -> None:
    page = open_as("registrar")
    page.goto("/registry")
    page.locator("main a[href='/registry/courses/SUPORT-1']").click()
    look(page, "registry-course")
    page.get_by_role("link", name=SILVIA).click()

    # the evidence: each gate with its decisions, in words
    expect(page.locator("main h1")).to_have_text(SILVIA)
    expect(page.locator(".requirement").first).to_be_visible()
    look(page, "proposal-evidence")
    page.locator("main form:has(input[name=action][value=approve]) button").click()
    page.locator("main form:has(input[name=action][value=issue]) button").click()
    expect(page.locator(".notice-good")).to_be_visible()

    page.goto("/registry/courses/SUPORT-1")
    row = page.locator("main tbody tr", has_text=SILVIA)
    expect(row).to_have_count(1)
    with page.expect_download() as coming:
        row.locator("a[download]").click()
    pdf = tmp_path / "certificate.pdf"
    coming.value.save_as(pdf)
    address = scanned(pdf)
    assert address.startswith(f"{served.url}/verify/")

    stranger = open_as("visitor", PHONE)
    stranger.goto(address)
    expect(stranger.locator(".verification-valid")).to_contain_text(SILVIA)
    expect(stranger.locator(".verification-valid")).to_contain_text("SPECIMEN")
    look(stranger, "verified-by-a-stranger")
    assert answer(address)[1]["status"] == "valid"

    row.locator("th a").click()
    page.check("[name=reason][value=issued_in_error]")
    page.fill("[name=note]", "Prova del recorregut")
    page.locator("main form[action$='/revoke'] [type=submit]").click()
    expect(page.locator(".steps")).to_contain_text("Prova del recorregut")
    look(page, "certificate-revoked")

    stranger.reload()
    expect(stranger.locator(".verification-revoked")).to_be_visible()
    expect(stranger.locator("main")).not_to_contain_text("Prova del recorregut")
    assert answer(address)[1]["status"] == "revoked"

    page.locator("form[action$='/reinstate'] [type=submit]").click()
    stranger.reload()
    expect(stranger.locator(".verification-valid")).to_be_visible()


def test_what_strangers_are_told(open_as: Open, served: Served) -> None:
    listed = json.loads(served.command("certificates", "list", "SUPORT-1", "--format", "json").stdout)
    page = open_as("visitor", NARROW)
    replaced = next(one for one in listed if one["status"] == "superseded")
    page.goto(f"/verify/{replaced['code']}")
    expect(page.locator(".verification-superseded")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("Solà-Morales")
    look(page, "verify-superseded")

    revoked = next(one for one in listed if one["status"] == "revoked")
    page.goto("/verify")
    page.fill("[name=code]", revoked["code"].replace("-", "").lower())
    page.locator("form:has([name=code]) [type=submit]").click()
    expect(page.locator(".verification-revoked")).to_be_visible()
    look(page, "verify-revoked")

    unknown = f"{served.url}/verify/00000-00000-00000-00000-00000-0"
    reply = page.goto(unknown)
    assert reply is not None and reply.status == 404
    expect(page.locator(".verification-unknown")).to_be_visible()
    assert reply.headers["x-robots-tag"] == "noindex, nofollow"
    look(page, "verify-unknown")
    assert answer(unknown)[0] == 404
    assert answer(unknown)[1]["status"] == "unknown"
    assert answer(f"{served.url}/verify/{replaced['code']}")[1]["status"] == "superseded"
