"""A stranger drops a certificate and reads what was checked; its holder shares it by a link and takes the link back."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NARROW, PHONE, Open, Served, look, picture

# In each language, what says that every byte is as issued.
EVERY_BYTE = "SHA-256"


@pytest.fixture(scope="module")
def papers(served: Served, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file for every answer but expired, of which the demo has none."""
    listed = json.loads(served.command("certificates", "list", "SUPORT-1", "--format", "json").stdout)
    found: dict[str, bytes] = {}
    for status in ("valid", "revoked", "superseded"):
        code = next(one["code"] for one in listed if one["status"] == status)
        target = tmp_path_factory.mktemp("papers") / f"{status}.pdf"
        assert served.command("certificates", "export", code, "--to", str(target)).returncode == 0
        found[status] = target.read_bytes()
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(found["valid"])) as document:
        document.pages[0].contents_add(document.make_stream(b"q 0 0 90 90 re f Q"))
        document.save(changed)
    return {**found, "altered": changed.getvalue(), "unknown": b"%PDF-1.7\nof somebody else\n%%EOF\n"}


def drop(page: Page, data: bytes, name: str = "certificate.pdf") -> None:
    """Drops a file on the card, as somebody with a mouse does."""
    held = page.evaluate_handle(
        """([data, name]) => {
          const carried = new DataTransfer();
          const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
          carried.items.add(new File([bytes], name, {type: "application/pdf"}));
          return carried;
        }""",
        [base64.b64encode(data).decode(), name],
    )
    page.dispatch_event("[data-drop] h2", "dragenter", {"dataTransfer": held})
    expect(page.locator("[data-drop].drop-over")).to_have_count(1)
    page.dispatch_event("[data-drop] h2", "drop", {"dataTransfer": held})


@pytest.mark.parametrize("answer", ["valid", "revoked", "superseded", "altered", "unknown"])
def test_a_stranger_drops_a_file(open_as: Open, papers: dict[str, bytes], answer: str) -> None:
    page = open_as("visitor", viewport=PHONE if answer == "altered" else DESKTOP, language="en")
    page.goto("/verify")
    drop(page, papers[answer])
    expect(page.locator(f".verification-{answer} h1")).to_be_visible()
    look(page, f"document-{answer}")


def test_by_keyboard_and_without_scripts(open_as: Open, papers: dict[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(papers["valid"])
    page = open_as("visitor", viewport=NARROW, language="es", scripts=False)
    page.goto("/verify")
    page.set_input_files("#document", file)
    page.focus("[data-drop] [type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".verification-valid")).to_contain_text(EVERY_BYTE)


def test_what_cannot_be_checked_is_said_on_the_page(open_as: Open, tmp_path: Path) -> None:
    page = open_as("visitor", viewport=PHONE, language="en")
    page.goto("/verify")
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-1.7\n" + b"x" * (17 * 2**20))
    page.set_input_files("#document", large)
    expect(page.locator("[data-drop] [role=status]")).to_contain_text("16 MB")
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"\x89PNG\r\n")
    page.set_input_files("#document", photo)
    expect(page.get_by_role("alert")).to_contain_text("no PDF")
    look(page, "document-is-a-photo")


def test_the_holder_shares_and_takes_back(open_as: Open) -> None:
    holder = open_as("graduate", viewport=PHONE)
    holder.goto("/me/certificates")
    holder.locator("main h2 a").last.click()
    holder.locator("#links details.more > summary").first.click()
    holder.check("[name=shows][value=outcomes]")
    holder.fill("[name=label]", "Associació Ànima")
    picture(holder, "share-form")
    holder.locator("#links form:has([name=label]) [type=submit]").click()
    address = holder.locator(".link-address input").input_value()
    stranger = open_as("visitor", viewport=PHONE, language="en")
    stranger.goto(address)
    expect(stranger.locator("h1")).to_contain_text("This certificate is valid.")
    look(stranger, "shared")
    holder.reload()
    expect(holder.locator("#checked")).to_contain_text("Associació Ànima")
    look(holder, "my-certificate")
    holder.locator(".links .confirm > summary").click()
    holder.locator(".links .confirm-body [type=submit]").click()
    expect(holder.locator(".link-address")).to_have_count(0)
    reply = stranger.reload()
    assert reply is not None and reply.status == 404
