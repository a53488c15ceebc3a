"""A certificate as it is issued, beside its bare parts in the same run: a page of reportlab with the same words, letters and
symbol, and plain signatures of pyHanko with the same keys.

The bare page is neither tagged nor archival and has no second look at whether anything fits; the bare signature is
invisible. Ours are PDF/A-3b and PDF/UA-1 with the signed credential attached, and visible signatures.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import segno
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from trainer.accreditation import queries
from trainer.accreditation.documents.sheet import Sheet, sheet_from
from trainer.accreditation.models import Certificate, Reservation
from trainer.accreditation.services import keys
from trainer.accreditation.services.drafts import Press, make_draft, press_of
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.core.pdf.faces import FOLDER

Line = Callable[[str, Callable[[], object], Callable[[], object]], None]


def measure_certificates(rate: Line) -> None:
    """Prints the measures, on the demo's own certificates."""
    made = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert made is not None
    sheet = sheet_from(made.frozen["sheet"])
    reservation = Reservation(
        university_id=made.university_id,
        year=made.year,
        number=made.number,
        serial=made.serial,
        code=made.code,
        kind=made.kind,
        cause="issue",
        proposal_id=made.proposal_id,
        issued_on=made.issued_on,
        reserved_at=clock.now() - timedelta(minutes=1),
    )
    university = next(one for one in queries.universities(Actor(system=True)) if one.id == made.university_id)
    if keys.signing_kit(university.id) is None:
        keys.create_test_authority(Actor(system=True), university)
    press = press_of(university.id, Actor(system=True))
    unsigned = Press(press.university_id, None, press.credential)
    assert press.signing is not None
    bare = Bare(sheet)
    page = bare.document()
    signed = [key.signer for key in press.signing.keys]

    def plainly_signed() -> bytes:
        data = bare.document()
        for at, signer in enumerate(signed):
            data = sign_plainly(data, signer, f"Plain{at}")
        return data

    rate(
        "certificates unsigned, bare pages",
        lambda: make_draft(reservation, unsigned),
        bare.document,
    )
    rate(
        f"certificates signed by {len(signed)}, pages + signatures",
        lambda: make_draft(reservation, press),
        plainly_signed,
    )
    rate("bare signatures, bare pages", lambda: sign_plainly(page, signed[0], "Plain"), bare.document)


def sign_plainly(data: bytes, signer: signers.Signer, field: str) -> bytes:
    """An invisible signature, sized beforehand so that pyHanko signs once."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    out = io.BytesIO()
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    asyncio.run(
        signers.PdfSigner(meta, signer=signer).async_sign_pdf(writer, output=out, bytes_reserved=8192)
    )
    return out.getvalue()


class Bare:
    """The same words in the same letters, one under the other, with the symbol; fonts parsed once."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        pdfmetrics.registerFont(TTFont("BareSerif", str(FOLDER / "NotoSerif-Regular.ttf")))
        pdfmetrics.registerFont(TTFont("BareSans", str(FOLDER / "NotoSans-Regular.ttf")))
        pdfmetrics.registerFont(TTFont("BareBold", str(FOLDER / "NotoSans-Bold.ttf")))

    def document(self) -> bytes:
        target = io.BytesIO()
        canvas = Canvas(target, pagesize=landscape(A4), pageCompression=1)
        for pages in (self._first(), self._second()):
            y = 560.0
            for face, size, text in pages:
                canvas.setFont(face, size)
                canvas.drawString(58, y, text)
                y -= size * 1.2
            if canvas.getPageNumber() == 1:
                self._symbol(canvas)
            canvas.showPage()
        canvas.save()
        return target.getvalue()

    def _first(self) -> Iterator[tuple[str, float, str]]:
        sheet = self.sheet
        yield "BareSerif", 17, sheet.university
        yield "BareSerif", 27, sheet.title
        yield "BareSans", 12, sheet.lead
        yield "BareSerif", 34, sheet.name
        for text in (*sheet.body, sheet.closing, sheet.place_and_date):
            yield "BareSans", 12, text
        for one in sheet.signatories:
            yield "BareBold", 8, one.name
            yield "BareSans", 8, one.position
        for label, value in sheet.facts:
            yield "BareSans", 7, label
            yield "BareBold", 10, value
        yield "BareBold", 8, sheet.code

    def _second(self) -> Iterator[tuple[str, float, str]]:
        yield "BareSerif", 17, self.sheet.supplement_title
        for part in self.sheet.parts:
            yield "BareBold", 8, part.title
            yield "BareSans", 7, part.length
            for outcome in part.outcomes:
                yield "BareSans", 8, outcome

    def _symbol(self, canvas: Canvas) -> None:
        symbol = segno.make_qr(self.sheet.address, error="m", mask=4)
        path = canvas.beginPath()
        for down, row in enumerate(symbol.matrix):
            for across, dark in enumerate(row):
                if dark:
                    path.rect(640 + across * 3, 200 - down * 3, 3, 3)
        canvas.drawPath(path, stroke=0, fill=1)
