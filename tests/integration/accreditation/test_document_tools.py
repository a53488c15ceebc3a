"""Certificates before programs that others wrote: veraPDF, qpdf, poppler and zbar."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests import tools
from tests.unit.accreditation.test_documents import ADDRESS, CODE, PRINTABLE, SHEET, picture
from tests.unit.competency.test_portfolio import portfolio
from trainer.accreditation.documents import Attachment, Part, render
from trainer.accreditation.documents.book import Book, render_book
from trainer.accreditation.documents.logos import read_logo
from trainer.accreditation.documents.signing import DocumentKey, SigningKit, make_test_keys, sign
from trainer.competency.documents import render as render_portfolio

DATA = Attachment("credential.json", b'{"name": "N\xc3\xbaria"}', "application/ld+json", "Credencial")
LONG = "Maria del Carme Immaculada Concepció de Puigdomènech-Güell i Santllorençà de Montserrat Vall"
BARE = replace(SHEET, parts=())
FULL = replace(
    SHEET,
    name=LONG,
    labels=replace(SHEET.labels, specimen="SPECIMEN", specimen_note="Mostra sense validesa"),
    closing="D'acord amb la normativa.",
    supplement_facts=(("Programa", "Suport entre iguals"),),
    parts=tuple(Part(f"{n}. Mòdul", "4 h", ("Explica la recuperació.",) * 2) for n in range(1, 3)),
)
BOOK = Book(
    language="ca",
    title="Llibre de registre 2026",
    university="Universitat de Prova",
    made="2 de març de 2026",
    columns=[("Número", 2), ("Nom", 3), ("Signat per", 1)],
    rows=[(f"UNI-2026-{number:06d}", LONG, "") for number in range(1, 40)],
    counts_title="Recompte",
    counts=[("Vàlids", "39")],
    page=lambda page, pages: f"Pàgina {page} de {pages}",
)
SCRIPTS = replace(BARE, name="محمد بن عبد الله", body=PRINTABLE)


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    keys = make_test_keys("Universitat de Prova", {1: "Montserrat Puigdomènech"}, datetime.now(UTC))
    kit = SigningKit([DocumentKey(1, keys[1], {"ca": "Signat per"}, {"ca": "Rectora"})])
    plain = io.BytesIO()
    canvas = Canvas(plain)
    canvas.drawString(50, 50, "Neither tagged nor fit for an archive")
    canvas.save()
    return {
        "bare": render(BARE, read_logo(picture("JPEG"))),
        "full": render(FULL, read_logo(picture("PNG", "RGBA")), attachment=DATA, places=(1, 2, 3)),
        "scripts": render(SCRIPTS),
        "signed": sign(
            render(BARE, attachment=DATA, places=(1,)), kit, reason="Emissió", location="Vic", language="ca"
        )[0],
        "book": render_book(BOOK),
        "plain": plain.getvalue(),
    }


@pytest.fixture
def files(documents: dict[str, bytes], tmp_path: Path) -> dict[str, Path]:
    for name, data in documents.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)
    return {name: tmp_path / f"{name}.pdf" for name in documents}


def test_archives_and_screen_readers_are_served(documents: dict[str, bytes]) -> None:
    """PDF/A-3b and PDF/UA-1, before and after signing; portfolios too, since the checker takes long to start."""
    verdicts = tools.verapdf({**documents, "portfolio": render_portfolio(portfolio(entries=25))})
    plain = verdicts.pop("plain")
    assert {problem.split(" ")[0] for problem in plain.problems} == {"3b", "ua1"}, (
        "veraPDF finds nothing wrong"
    )
    for name, verdict in verdicts.items():
        assert not verdict.problems, (name, verdict.problems)
        assert min(verdict.checks.values()) > 1000


def test_the_files_are_sound_and_bring_their_typefaces(files: dict[str, Path]) -> None:
    for name in ("bare", "full", "scripts", "signed"):
        assert "No syntax or stream encoding errors" in tools.run("qpdf", "--check", files[name])
        assert tools.fonts_not_embedded(files[name]) == []
    assert tools.fonts_not_embedded(files["plain"])


def test_the_symbol_is_read_from_a_printed_page(documents: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("bare", "full"):
        with pypdfium2.PdfDocument(documents[name]) as document:
            document[0].render(scale=150 / 72).to_pil().convert("L").save(tmp_path / "page.png")
        assert tools.run("zbarimg", "--quiet", "--nodbus", "--raw", tmp_path / "page.png").strip() == ADDRESS


def test_names_in_every_script_are_found(files: dict[str, Path]) -> None:
    text = unicodedata.normalize("NFC", tools.run("pdftotext", "-layout", files["scripts"], "-"))
    # A line of two directions comes out in the order that the reader thinks best.
    assert [name for name in PRINTABLE if "(" not in name and name not in text] == []
    assert LONG in " ".join(tools.run("pdftotext", "-l", "1", files["full"], "-").split())


@pytest.mark.parametrize("name", [name for name in PRINTABLE if "(" not in name])
def test_names_are_found_by_a_browser(name: str) -> None:
    with pypdfium2.PdfDocument(render(replace(BARE, name=name))) as document:
        text = document[0].get_textpage()
        found = text.search(name, match_case=True).get_next()
        assert found is not None
        assert text.get_text_range(*found) == name
        text.close()


def test_it_is_read_in_the_order_of_its_meaning(files: dict[str, Path]) -> None:
    """What a screen reader comes to, in turn (pdfinfo walks the structure tree, not the page)."""
    text = tools.run("pdfinfo", "-struct-text", files["full"])
    wanted = [
        "SPECIMEN",
        "Figure",
        "Universitat de Prova",
        "H1",
        "Certificat d'acreditació",
        "La Universitat de Prova fa constar que",
        "Maria del Carme",
        "ha completat",
        "D'acord amb la normativa.",
        "Lbl",
        "Càrrega de treball",
        "LBody",
        "40 h · 1,6 ECTS",
        "Vic, 21 de novembre de 2026",
        "Form",
        "Montserrat Puigdomènech",
        "Form",
        "Iñaki Sagarra",
        "Figure",
        "Link",
        "training.example.org/verify",
        CODE,
        "UNI-2026-000001",
        "H2",
        "Què hi ha darrere",
        "H3",
        "1. Mòdul",
        "Explica la recuperació.",
        "2. Mòdul",
    ]
    at = 0
    for words in wanted:
        found = text.find(words, at)
        assert found >= 0, (words, text[at : at + 300])
        at = found + len(words)
    assert "Pàgina 2 de 2" not in text  # for the eye alone


def test_the_credential_comes_out_again(files: dict[str, Path]) -> None:
    for name in ("full", "signed"):
        assert tools.run("qpdf", "--show-attachment=credential.json", files[name]).encode() == DATA.data


def test_the_signature_is_valid_to_others(files: dict[str, Path]) -> None:
    said = tools.run("pdfsig", "-nocert", files["signed"])
    assert "Signature is Valid" in said
    assert "Signature1" in said
