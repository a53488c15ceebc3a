"""Keys of a university: made, taken in, rotated, retired; what they sign, looked at by other programs."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from tests.factories.world import World
from trainer.accreditation.documents.signing import SigningKit, sign
from trainer.accreditation.queries import University, university_by_code
from trainer.accreditation.services import keys as service


@pytest.fixture
def university(world: World) -> University:
    found = university_by_code("UNI")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def blank() -> bytes:
    """A page with the empty fields of two signatories."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(842, 595))
    canvas.drawString(60, 300, "A certificate")
    canvas.save()
    return with_fields(page.getvalue(), (1, 2))


def with_fields(pdf: bytes, places: tuple[int, ...]) -> bytes:
    document = pikepdf.open(io.BytesIO(pdf))
    page = document.pages[0]
    fields = [
        document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String(f"Signature{place}"),
                TU=pikepdf.String("Signature"),
                Rect=pikepdf.Array([60 + 200 * at, 60, 220 + 200 * at, 96]),
                P=page.obj,
                F=132,
            )
        )
        for at, place in enumerate(places)
    ]
    page.obj.Annots = pikepdf.Array(fields)
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields), SigFlags=0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def kit_of(university: University) -> SigningKit:
    kit = service.signing_kit(university.id)
    assert kit is not None
    return kit


def signed(pdf: bytes, kit: SigningKit, language: str = "en") -> bytes:
    return sign(pdf, kit, reason="Issued", location="Vic", language=language)[0]


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What an independent program says about the signatures."""
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False)
    return done.stdout


def test_no_key_no_signature(university: University) -> None:
    assert service.signing_kit(university.id) is None


def test_a_test_authority_signs_and_others_call_it_valid(
    world: World, university: University, blank: bytes, tmp_path: Path
) -> None:
    service.create_test_authority(world.actor("registrar"), university)
    kit = kit_of(university)
    assert kit.places == (1, 2)
    pdf, told = sign(blank, kit, reason="Issued", location="Vic", language="ca")
    assert [(one["place"], one["label"], one["level"]) for one in told] == [
        (1, "Rector", "B-B"),
        (2, "Secretary", "B-B"),
    ]
    said = pdfsig(pdf, tmp_path)
    assert said.count("Signature is Valid") == 2
    assert said.count("ETSI.CAdES.detached") == 2
    assert "Total document signed" in said
