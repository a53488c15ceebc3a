"""Whether the signatures of a document hold: without a network, and as of a moment in the past if need be."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from trainer.accreditation.documents.signing.keyfiles import without_number
from trainer.core import clock

_MOST_SIGNATURES = 8
_USAGE = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)
# What is wrong with a document from outside goes into the report; the log need not have it with its stack.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class SignatureReport:
    """One signature of a document, as far as the document itself can tell.

    `intact`: what was signed is there unchanged. `valid`: the signature was made with the key of its
    certificate. `trusted`: the certificate is one of those given, or leads to one, and was in force at the
    moment of the check. `whole`: it covers the whole file, or what came after is only what it allows (further
    signatures). `signed_at` is what the signer says, `stamped_at` what a time stamp in it says.
    """

    field: str
    signer: str
    fingerprint: str
    intact: bool
    valid: bool
    trusted: bool
    whole: bool
    certifies: bool
    signed_at: datetime | None
    stamped_at: datetime | None
    level: str  # "B-B", "B-T", "B-LT" or "B-LTA"

    @property
    def good(self) -> bool:
        """Everything holds."""
        return self.intact and self.valid and self.trusted and self.whole


def check_signatures(
    pdf: bytes, roots: Iterable[bytes], moment: datetime | None = None
) -> list[SignatureReport]:
    """What can be said of each signature in `pdf`, in the order in which they were made; empty for a document
    that bears none, or that cannot be read.

    `roots` are certificates (DER) to trust: the signers' own (`services.keys.roots_of`), or authorities'.
    `moment` is when they have to be in force, by default now: for what our register holds, when it was
    issued. A certificate that ended or was retired since then has not undone what it signed.
    """
    try:
        return asyncio.run(_check(pdf, [x509.Certificate.load(one) for one in roots], moment or clock.now()))
    except Exception:  # a file from anywhere: whatever breaks the reader, no signature of it could be read
        return []


async def _check(pdf: bytes, roots: list[x509.Certificate], moment: datetime) -> list[SignatureReport]:
    reader = PdfFileReader(io.BytesIO(pdf))
    signatures = list(reader.embedded_regular_signatures)[:_MOST_SIGNATURES]
    long_term = "/DSS" in reader.root
    archived = bool(signatures) and long_term and await _archived(reader, signatures[-1].signed_revision)
    certified_by = _certifying(reader)
    reports = []
    for one in signatures:
        reports.append(await _report(one, roots, moment, long_term, archived, certified_by))
    return reports


async def _archived(reader: PdfFileReader, last_signature: int) -> bool:
    """Whether a document time stamp that holds came after the revision of the last signature."""
    stamps = [one for one in reader.embedded_timestamp_signatures if one.signed_revision > last_signature]
    if not stamps:
        return False
    status = await async_validate_pdf_timestamp(stamps[-1], _context([], clock.now()))
    return bool(status.intact and status.valid and status.modification_level != ModificationLevel.OTHER)


def _certifying(reader: PdfFileReader) -> object:
    """The signature object that certifies the document; None when none does."""
    try:
        return reader.root["/Perms"]["/DocMDP"]
    except KeyError:
        return None


def _context(roots: list[x509.Certificate], moment: datetime) -> ValidationContext:
    return ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=moment, revocation_mode="soft-fail"
    )


async def _report(
    one: EmbeddedPdfSignature,
    roots: list[x509.Certificate],
    moment: datetime,
    long_term: bool,
    archived: bool,
    certified_by: object,
) -> SignatureReport:
    certificate = one.signer_cert
    common = certificate.subject.native.get("common_name", "")
    signer = without_number(str(common)) or str(certificate.subject.human_friendly)
    try:
        status: PdfSignatureStatus | None = await async_validate_pdf_signature(
            one,
            _context(roots, moment),
            ts_validation_context=_context([], moment),
            key_usage_settings=_USAGE,
        )
    except Exception:  # altered so far that it cannot even be compared
        status = None
    if status is None:
        return SignatureReport(
            one.field_name, signer, certificate.sha256.hex(), *(False,) * 5, None, None, "B-B"
        )
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp is not None and stamp.intact and stamp.valid else None
    level = "B-B" if stamped is None else "B-T"
    if stamped is not None and long_term:
        level = "B-LTA" if archived else "B-LT"
    in_force = (
        certificate["tbs_certificate"]["validity"]["not_before"].native
        <= moment
        < certificate["tbs_certificate"]["validity"]["not_after"].native
    )
    return SignatureReport(
        field=one.field_name,
        signer=signer,
        fingerprint=certificate.sha256.hex(),
        intact=bool(status.intact),
        valid=bool(status.valid),
        # A certificate that is itself trusted has no path on which its dates were looked at.
        trusted=bool(status.trusted) and in_force,
        whole=bool(status.docmdp_ok) and status.modification_level != ModificationLevel.OTHER,
        certifies=one.sig_object == certified_by,
        signed_at=status.signer_reported_dt,
        stamped_at=stamped,
        level=level,
    )
