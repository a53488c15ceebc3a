"""Signing and checking, without a database: what a signature says, and what undoes it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.pdfgen.canvas import Canvas

from tests.unit.accreditation.test_documents import SHEET
from trainer.accreditation.documents import render
from trainer.accreditation.documents.signing import (
    DocumentKey,
    NotSigned,
    SigningKit,
    check_signatures,
    field_name,
    make_test_keys,
    sign,
)
from trainer.accreditation.documents.signing.appearance import moment_in
from trainer.accreditation.documents.signing.keyfiles import KeyMaterial
from trainer.core import clock

NOW = datetime.now(UTC)
CAPTIONS = {"ca": "Signat digitalment per", "en": "Signed digitally by"}


@cache
def keys() -> dict[int, KeyMaterial]:
    return make_test_keys("Universitat Exemple", {1: "Núria Exemple", 2: "Łukasz Ğ. Ωmega Я"}, NOW)


def kit(*, stamps: str = "") -> SigningKit:
    position = {"ca": "Rectora", "en": "Rector"}
    return SigningKit(
        [DocumentKey(place, one, CAPTIONS, position) for place, one in keys().items()], timestamp_url=stamps
    )


def roots() -> list[bytes]:
    return [one.certificate.public_bytes(Encoding.DER) for one in keys().values()]


@cache
def blank(places: tuple[int, ...] = (1, 2), width: float = 160, height: float = 36) -> bytes:
    """A page with the empty fields of signatories, beside one another."""
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(842, 595))
    canvas.drawString(60, 300, "A certificate")
    canvas.save()
    document = pikepdf.open(page)
    first = document.pages[0].obj
    fields = [
        document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=pikepdf.String(field_name(place)),
                TU=pikepdf.String("Signature"),
                Rect=pikepdf.Array([60 + 200 * at, 60, 60 + 200 * at + width, 60 + height]),
                P=first,
                F=132,
            )
        )
        for at, place in enumerate(places)
    ]
    first.Annots = pikepdf.Array(fields)
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(fields), SigFlags=0)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@cache
def signed() -> bytes:
    return sign(blank(), kit(), reason="Emissió", location="Vic", language="ca")[0]


def test_the_first_certifies_the_second_approves_and_both_hold() -> None:
    first, second = check_signatures(signed(), roots())
    assert (first.field, second.field) == ("Signature1", "Signature2")
    assert first.good and second.good
    assert (first.certifies, second.certifies) == (True, False)
    assert first.signer == "Núria Exemple"
    assert first.fingerprint == keys()[1].fingerprint
    assert first.level == second.level == "B-B"
    assert first.stamped_at is None and first.signed_at is not None
    with pikepdf.open(io.BytesIO(signed())) as document:
        assert int(document.Root.Perms.DocMDP.Reference[0].TransformParams.P) == 2


def test_what_was_there_is_not_touched() -> None:
    assert signed().startswith(blank())


def test_the_moment_is_the_clocks_and_is_said_with_its_zone() -> None:
    moment = NOW.replace(microsecond=0) - timedelta(hours=3)
    with clock.frozen(moment):
        pdf, _told = sign(blank(), kit(), reason="", location="", language="ca")
    assert check_signatures(pdf, roots())[0].signed_at == moment
    winter = datetime(2026, 1, 9, 13, 5, tzinfo=UTC)
    assert moment_in(winter, "en", "Europe/Madrid") == "9 Jan 2026, 14:05 (UTC+1)"
    assert moment_in(winter.replace(month=7), "es", "Europe/Madrid") == "9 jul 2026, 15:05 (UTC+2)"
    assert moment_in(winter, "en", "Asia/Kolkata").endswith("18:35 (UTC+5:30)")


def _rotated(pdf: bytes) -> bytes:
    """An increment that changes a page."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Rotate"] = generic.NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _flipped(at: Callable[[bytes], int]) -> Callable[[bytes], bytes]:
    def change(pdf: bytes) -> bytes:
        altered = bytearray(pdf)
        altered[at(pdf)] ^= 1
        return bytes(altered)

    return change


@pytest.mark.parametrize(
    "change",
    [
        _flipped(lambda pdf: pdf.index(b"stream") + 20),
        _flipped(lambda pdf: pdf.index(b"/MediaBox") + 15),
        _flipped(lambda pdf: pdf.index(b"/Contents <") + 900),
        _rotated,
    ],
    ids=["text", "page", "signature", "increment"],
)
def test_alterations_show(change: Callable[[bytes], bytes]) -> None:
    assert not all(one.good for one in check_signatures(change(signed()), roots()) or [_Nothing()])


class _Nothing:
    """A file whose signatures cannot even be read."""

    good = False


def test_who_is_trusted_is_said_by_the_roots() -> None:
    alone = [one.trusted for one in check_signatures(signed(), roots()[:1])]
    assert alone == [True, False]
    assert [one.trusted for one in check_signatures(signed(), [])] == [False, False]
    authority = keys()[1].above[0].public_bytes(Encoding.DER)
    assert all(one.good for one in check_signatures(signed(), [authority]))


def test_years_later_the_moment_of_issue_counts() -> None:
    pdf, soon = signed(), clock.now() + timedelta(minutes=5)
    with clock.frozen(NOW + timedelta(days=365 * 20)):
        now = check_signatures(pdf, roots())
        then = check_signatures(pdf, roots(), soon)
    assert [one.intact and one.valid and not one.trusted for one in now] == [True, True]
    assert all(one.good for one in then)


@pytest.mark.parametrize("pdf", [b"", b"nothing", b"%PDF-1.7\n%%EOF"])
def test_what_cannot_be_read_has_no_signatures(pdf: bytes) -> None:
    assert check_signatures(pdf, []) == []


def test_an_unsigned_document_has_no_signatures() -> None:
    assert check_signatures(blank(), roots()) == []


def test_keys_out_of_force_sign_nothing_and_say_what_to_do() -> None:
    with clock.frozen(NOW + timedelta(days=365 * 4)), pytest.raises(NotSigned, match="keys rotate"):
        sign(blank(), kit(), reason="", location="", language="ca")
    with clock.frozen(NOW - timedelta(days=9)), pytest.raises(NotSigned, match="in force from"):
        sign(blank(), kit(), reason="", location="", language="ca")


def test_nobody_answers_at_the_stamp_service() -> None:
    with pytest.raises(NotSigned, match="Nothing is lost"):
        sign(blank(), kit(stamps="http://127.0.0.1:9/"), reason="", location="", language="ca")


def test_only_those_who_sign_this_document() -> None:
    both = kit()
    assert both.only((1, 2)) is both
    assert both.only((3,)) is None
    second = both.only((2, 3))
    assert second is not None and second.places == (2,)
    pdf, _told = sign(blank((2,)), second, reason="", location="", language="en")
    (report,) = check_signatures(pdf, roots())
    assert report.good and report.certifies


def test_the_appearance_is_one_small_typeface_and_fits_narrow_places() -> None:
    pdf, _told = sign(blank((1, 2), 40, 20), kit(), reason="", location="", language="ca")
    document = pikepdf.open(io.BytesIO(pdf))
    fonts = [str(one.BaseFont) for one in document.objects if _is_type0(one)]
    assert len(fonts) == 1 and fonts[0].endswith("+NotoSans")
    assert len(pdf) - len(blank((1, 2), 40, 20)) < 40_000


def _is_type0(one: object) -> bool:
    return isinstance(one, pikepdf.Dictionary) and one.get("/Subtype") == "/Type0"


def test_a_whole_certificate_keeps_its_first_signature_through_the_second() -> None:
    """The tags of its fields, too: what the second signature changes is nothing that the first one forbids."""
    pdf, _told = sign(render(SHEET, places=(1, 2)), kit(), reason="", location="", language="ca")
    assert [one.good for one in check_signatures(pdf, roots())] == [True, True]
