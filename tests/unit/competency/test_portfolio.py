"""The portfolio on paper: what it says, in which order, for whom, and that nothing in it is mark-up.

That archives and screen readers take it is tested beside the certificates (test_document_tools.py).
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf

from tests.tools import run
from trainer.competency.documents import Entry, Ladder, Piece, Portfolio, Section, render

NAMES = "Núria Peñafiel i Puig · Ольга Ковальчук · Ναυσικά · 李小龙 · نورة الحربي"


def portfolio(name: str = NAMES, entries: int = 3, words: str = "") -> Portfolio:
    ladder = Ladder(4, 2, 3, 3, "Escoltar: emergent; visió pròpia: assolit")
    return Portfolio(
        language="ca",
        title="Portafolis de competències",
        name=name,
        facts=(("Curs", "Primera edició"), ("Programa", "Suport entre iguals (1.0)"), ("Buit", "")),
        note="Aquest portafolis és de la Núria.",
        key="Nivells, del més baix: 1 inici, 2 emergent.",
        sections=(
            Section(
                "1. Introducció",
                tuple(
                    Entry(f"Escoltar {at}", "Emergent", ladder, ("Emergent · Avaluadora · 3 d’oct. 2026",))
                    for at in range(entries)
                ),
            ),
        ),
        lists=(("Evidències", (Piece("1. Diari", ("Nota", "SHA-256 " + "ab" * 32), words),)), ("Res", ())),
        made="Núria · Fet el 21 de novembre de 2026",
        page=lambda number: f"Pàgina {number}",
    )


def text_of(data: bytes, folder: Path) -> str:
    file = folder / "portfolio.pdf"
    file.write_bytes(data)
    return run("pdftotext", "-layout", file, "-")


def test_it_reads_as_it_was_written(tmp_path: Path) -> None:
    words = "<b>Un</b> & <script>alert(1)</script>\n\nSegona línia " + "llarga " * 200
    said = re.sub(r"\s+", " ", text_of(render(portfolio(words=words)), tmp_path))
    for part in (
        "Núria Peñafiel",
        "Ольга Ковальчук",
        "Ναυσικά",
        "李小龙",
        "<b>Un</b> & <script>alert(1)</script>",
    ):
        assert part in said
    assert "Buit" not in said and "Res" not in said
    order = [
        said.index(one)
        for one in ("Curs", "1. Introducció", "Escoltar 0", "Escoltar 2", "Evidències", "Diari")
    ]
    assert order == sorted(order)
    assert "Pàgina 1" in said


def test_it_is_tagged_titled_and_in_its_language() -> None:
    data = render(portfolio(entries=40))
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) > 2
        assert document.Root.Lang == "ca"
        assert str(document.docinfo.Title).startswith("Portafolis de competències – Núria")
        kinds: list[str] = []

        def walk(node: pikepdf.Object) -> None:
            if isinstance(node, pikepdf.Array):
                for one in node:
                    walk(one)
            elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
                kinds.append(str(node.S))
                if node.S == "/Figure":
                    assert "visió pròpia" in str(node.Alt)
                walk(node.K)

        walk(document.Root.StructTreeRoot.K)
    assert kinds.count("/Figure") == kinds.count("/H3") == 40
    assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 2)


def test_a_letter_that_no_typeface_has_does_not_stop_it(tmp_path: Path) -> None:
    assert "Núria ?" in text_of(render(portfolio("Núria \U0001f33b")), tmp_path)
