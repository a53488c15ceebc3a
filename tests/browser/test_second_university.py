"""A second university is set up in the browser alone, from nothing to its first certificate: its own logo, wording,
colours and two signatories."""

from __future__ import annotations

import io
import re
import time
import unicodedata
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import PHONE, Open, Served, picture

ADDRESS = "registre@unimar.example.org"
WINE = "#7a1f3d"
TEXT = """{university}, vist l'expedient, atorga a
{name}
aquest diploma per les {hours} hores del curs «{course}», de {provider}, entre el {from} i el {to},
dins el programa «{programme}»."""


def crest() -> bytes:
    """A logo that is nobody else's."""
    image = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 10, 230, 230), fill=(122, 31, 61, 255))
    draw.polygon([(300, 220), (420, 20), (540, 220)], fill=(20, 60, 120, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def invitation(served: Served, to: str) -> str:
    """The link in the mail that invited somebody."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for mail in sorted((served.instance / "outbox").glob("*.eml"), reverse=True):
            message = message_from_bytes(mail.read_bytes(), policy=policy.default)
            if to in str(message["To"]):
                body = message.get_body(("plain",))
                found = re.search(r"https?://\S+/invitations/\S+", body.get_content() if body else "")
                assert found is not None
                return found[0]
        time.sleep(0.2)
    raise AssertionError(f"no mail to {to}")


def shown_after(page: Page, change: Callable[[], None]) -> str:
    """The picture of the preview once `change` was made: another one than before."""
    before = page.locator("[data-picture]").get_attribute("src") or ""
    change()
    page.wait_for_function(
        "before => document.querySelector('[data-picture]').getAttribute('src') !== before", arg=before
    )
    return page.locator("[data-picture]").get_attribute("src") or ""


def test_a_second_university_in_the_browser_alone(open_as: Open, served: Served, tmp_path: Path) -> None:
    admin = open_as("admin")
    admin.goto("/admin/organisations")
    admin.fill("[name=code]", "UMAR")
    admin.fill("[name=name]", "Universitat del Mar")
    admin.select_option("[name=kind]", "university")
    admin.click("main form [type=submit]")
    admin.goto("/admin/people/new")
    admin.fill("[name=name]", "Gal·la Oliver")
    admin.fill("[name=email]", ADDRESS)
    admin.select_option("[name=role]", "registrar")
    admin.select_option("[name=organisation]", "UMAR")
    admin.click("main form [type=submit]")
    admin.wait_for_url(re.compile(r"/admin/people/\d+$"))

    # Mail goes out every few seconds; meanwhile the organiser makes the course.
    organiser = open_as("organiser")
    organiser.goto("/courses/new")
    organiser.select_option("[name=programme]", "peer-support-worker")
    organiser.select_option("[name=organisation]", "ROURE")
    organiser.select_option("[name=university]", "UMAR")
    organiser.fill("[name=title]", "Suport entre iguals a mar")
    organiser.fill("[name=code]", "MAR-1")
    organiser.fill("[name=starts_on]", "2026-09-01")
    organiser.fill("[name=at]", "10:00")
    organiser.fill("[name=venues]", "Casal Cardener, Manresa")
    organiser.click("button[value=preview]")
    organiser.click("button[value=create]")
    organiser.wait_for_url("**/courses/MAR-1")
    organiser.goto("/courses/MAR-1/people/add")
    organiser.fill("[name=given_name]", "Nausica")
    organiser.fill("[name=family_name]", "Ŀlorenç i Peñarroja")
    organiser.fill("[name=email]", "nausica@example.org")
    organiser.select_option("[name=language]", "ca") if organiser.locator(
        "[name=language]"
    ).count() == 1 else None
    organiser.check("[name=status][value=enrolled]")
    organiser.uncheck("[name=mail]")
    organiser.click("main form [type=submit]")
    organiser.goto("/courses/MAR-1/people")
    trainee = organiser.locator("main tbody th a").first.get_attribute("href")
    organiser.goto(f"{trainee}/waivers")
    organiser.select_option("[name=what]", "accreditation")
    organiser.fill("[name=reason]", "Reconeixement d'aprenentatges previs, acordat amb la universitat.")
    organiser.click("main form:has([name=reason]) [type=submit]")

    registrar = open_as("visitor")
    registrar.goto(invitation(served, ADDRESS))
    registrar.fill("[name=password]", "tres-cavalls-de-mar")
    registrar.fill("[name=again]", "tres-cavalls-de-mar")
    registrar.click("main form [type=submit]")
    registrar.goto("/registry")
    registrar.locator("main a[href='/registry/universities/UMAR/profile']").click()
    set_up(registrar)

    organiser.goto("/courses/MAR-1/accreditation")
    organiser.click("main form:has([name=enrolment]) [type=submit]")
    registrar.goto("/registry/courses/MAR-1")
    registrar.click("main form:has([name=action][value=approve]) [type=submit]")
    registrar.click("main form:has([name=action][value=issue]) [type=submit]")
    registrar.goto("/registry/courses/MAR-1")
    with registrar.expect_download() as coming:
        registrar.locator("a[download]").first.click()
    pdf = tmp_path / "certificate.pdf"
    coming.value.save_as(pdf)
    the_document_is_of_the_second_university(pdf)


def set_up(page: Page) -> None:
    """The registrar sets the university's look, and what the documents of the programme say; and sees it all before."""
    page.fill("[name=city]", "Vilanova")
    assert shown_after(page, lambda: page.fill("[name=accent]", WINE)).startswith("data:image/png")
    # what cannot be printed is told beside the picture, in words, and the picture stays
    page.fill("[name=city]", "Vilanova \ue000")
    expect(page.locator("[data-problems]")).to_contain_text("U+E000")
    page.fill("[name=city]", "Vilanova")
    expect(page.locator("[data-problems]")).to_be_empty()
    logo: FilePayload = {"name": "crest.png", "mimeType": "image/png", "buffer": crest()}
    shown_after(page, lambda: page.set_input_files("[name=logo]", logo))
    page.fill("[name=signatory_1]", "Iñaki Sagarra i Pons")
    page.fill("[name=position_1_ca]", "Rector")
    page.click("[data-add]")
    page.fill("[name=signatory_2]", "Mercè Àvila")
    page.fill("[name=position_2_ca]", "Secretària general")
    expect(page.locator(".preview-busy")).to_have_count(0)
    picture(page, "university-profile")
    page.click("main form.with-preview .form-actions [type=submit]")
    expect(page.locator(".notice-good")).to_be_visible()

    page.locator("main a[href$='/programmes/peer-support-worker']").click()
    page.fill("[name=accreditation__title_ca]", "Diploma de suport entre iguals")
    page.fill("[name=accreditation__lines_ca]", TEXT.replace("{hours}", "{hores}"))
    expect(page.locator("[data-problems]")).to_contain_text("{hores}")
    page.fill("[name=accreditation__lines_ca]", TEXT)
    # the picture turns to the document that is being typed, and back
    page.fill("[name=completion__ects]", "11")
    expect(page.locator("[name=preview_kind]")).to_have_value("completion")
    page.fill("[name=completion__ects]", "12")
    page.fill("[name=accreditation__ects]", "2")
    expect(page.locator("[name=preview_kind]")).to_have_value("accreditation")
    page.select_option("[name=accreditation__eqf_level]", "4")
    shown_after(page, lambda: page.select_option("[name=preview_name]", "long"))
    expect(page.locator("[data-problems]")).to_be_empty()
    expect(page.locator(".preview-busy")).to_have_count(0)
    picture(page, "programme-face")
    page.click("main form.with-preview .form-actions [type=submit]")
    expect(page.locator(".notice-good")).to_be_visible()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    picture(page, "programme-face-phone")


def the_document_is_of_the_second_university(pdf: Path) -> None:
    """Logo, wording, credits and the two signatories; nothing of the first university."""
    reader = PdfReader(pdf)
    text = unicodedata.normalize("NFC", " ".join(reader.pages[0].extract_text().split()))
    for words in (
        "Diploma de suport entre iguals",
        "Universitat del Mar, vist l'expedient, atorga a",
        "Vilanova, ",
        "Iñaki Sagarra i Pons",
        "Mercè Àvila",
        "Secretària general",
        "2 ECTS",
        "UMAR-",
    ):
        assert words in text, f"{words} not in {text}"
    assert "fa constar que" not in text
    logos = [one.image for one in reader.pages[0].images if one.image is not None]
    assert any(
        one.convert("RGB").getpixel((one.width // 5, one.height // 2)) == (122, 31, 61) for one in logos
    )
