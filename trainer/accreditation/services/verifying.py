"""What a code or a file answers. Anybody may ask; nothing is written."""

from __future__ import annotations

import io

import pikepdf

from trainer.accreditation import queries
from trainer.accreditation.models import Certificate
from trainer.accreditation.rules.codes import codes_in, dashed
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.rules.serials import serials_in
from trainer.accreditation.rules.statuses import UNKNOWN, Answer, Verification, verification
from trainer.core import clock

LARGEST_FILE = 16 * 2**20
_LOOKED_AT = 20  # codes or serials of one file; a file with more is made to keep us busy


def verify(code: str) -> Verification:
    """What the code answers today; a malformed one is unknown, and costs the same look-up."""
    certificate = queries.certificate_by_code(code)
    return UNKNOWN if certificate is None else verification(certificate, clock.today())


def verify_file(data: bytes) -> Verification:
    """What a document answers: as its certificate does when every byte is as issued; altered when it
    carries one of our codes or serials and is not; unknown otherwise."""
    certificate = queries.certificate_by_hash(sha256(data))
    if certificate is not None:
        return verification(certificate, clock.today())
    meant = _meant(data)
    if meant is None:
        return UNKNOWN
    return Verification(Answer.ALTERED, code=dashed(meant.code), serial=meant.serial)


def _meant(data: bytes) -> Certificate | None:
    """The certificate that a file claims to be: by a code or serial anywhere in it, packed or plain."""
    for part in (data, _unpacked(data)):
        for code in codes_in(part)[:_LOOKED_AT]:
            if certificate := queries.certificate_by_code(code):
                return certificate
        for serial in serials_in(part)[:_LOOKED_AT]:
            if certificate := queries.certificate_by_serial(serial):
                return certificate
    return None


def _unpacked(data: bytes) -> bytes:
    """The texts that a PDF keeps outside its pages: properties, metadata and link addresses."""
    if len(data) > LARGEST_FILE:
        return b""
    found: list[str] = []
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            found += [str(value) for value in document.docinfo.values()]
            if "/Metadata" in document.Root:
                found.append(document.Root.Metadata.read_bytes().decode("utf-8", "replace"))
            for page in document.pages:
                for note in page.get("/Annots", []):
                    if "/A" in note and "/URI" in note.A:
                        found.append(str(note.A.URI))
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, TypeError):
        pass  # a file that is no PDF, or a broken one, carries nothing to look at
    return "\n".join(found).encode("utf-8", "replace")
