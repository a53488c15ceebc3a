"""PAdES signatures, one after the other, in the fields that the document brings along."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from trainer.accreditation.documents.signing.appearance import Shown, moment_in
from trainer.accreditation.documents.signing.kit import DocumentKey, NotSigned, SigningKit
from trainer.accreditation.documents.signing.lettering import tidy
from trainer.core import clock
from trainer.core.text import msg


def field_name(place: int) -> str:
    """The name of the field that the person of `place` signs in."""
    return f"Signature{place}"


def sign(
    pdf: bytes, kit: SigningKit, *, reason: str, location: str, language: str
) -> tuple[bytes, list[dict[str, object]]]:
    """The document with the signature of every key of the kit, and who signed: place, label, fingerprint of
    the certificate, PAdES level.

    The first signature certifies: from then on, nothing but the signatures that follow may be added. Raises
    NotSigned, in words, when a key is not in force or the time stamp service does not do its part; nothing
    is signed then.
    """
    moment = clock.now()
    kit.check(moment)
    try:
        signed = asyncio.run(_sign(pdf, kit, moment, reason, location, language))
    except TimestampRequestError as error:
        raise NotSigned(
            msg(
                "The time stamp service %(address)s gives no time stamp at the moment, so nothing was signed. "
                "Nothing is lost: try again later, or take its address out of the page Signing keys.",
                address=getattr(kit.stamper, "url", ""),
            )
        ) from error
    except (PathBuildingError, PathValidationError, SigningError) as error:
        if not kit.long_term:
            raise
        raise NotSigned(
            msg(
                "What is needed to check the signatures in later years could not be had (%(problem)s), so "
                "nothing was signed. Try again later, or switch long-term signatures off on the page Signing keys.",
                problem=str(error.__cause__ or error)[:300],
            )
        ) from error
    told: list[dict[str, object]] = [
        {"place": key.place, "label": key.label, "fingerprint": key.fingerprint, "level": kit.level}
        for key in kit.keys
    ]
    return signed, told


async def _sign(
    pdf: bytes, kit: SigningKit, moment: datetime, reason: str, location: str, language: str
) -> bytes:
    dated = moment_in(moment, language, kit.zone)
    font_at: list[int] = []
    for key in kit.keys:
        shown = Shown(
            lettering=kit.lettering,
            caption=tidy(key.captions.get(language) or key.captions.get("en", "")),
            name=tidy(key.label),
            position=tidy(key.position.get(language, "")),
            dated=dated,
            font_at=font_at,
        )
        pdf = await _sign_one(pdf, kit, key, shown, moment, reason, location)
    return pdf


async def _sign_one(
    pdf: bytes, kit: SigningKit, key: DocumentKey, shown: Shown, moment: datetime, reason: str, location: str
) -> bytes:
    certifies, last = key is kit.keys[0], key is kit.keys[-1]
    if kit.long_term and key.context is None:
        key.context = await _context(kit, key, moment)
    signer = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field_name(key.place),
            md_algorithm=key.digest,
            subfilter=SigSeedSubFilter.PADES,
            reason=reason or None,
            location=location or None,
            name=key.label,
            certify=certifies,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            embed_validation_info=kit.long_term,
            use_pades_lta=kit.long_term and last,
            validation_context=key.context,
            # Looked at when the key was taken in.
            signer_key_usage=set(),
        ),
        signer=key.signer,
        timestamper=kit.stamper,
        stamp_style=shown,
    )
    output = io.BytesIO(pdf)
    session = signer.init_signing_session(IncrementalPdfFileWriter(output), existing_fields_only=True)
    session.system_time = moment
    if kit.long_term and key.status is None:
        key.status = await session.perform_presign_validation(session.pdf_out)
    document = session.prepare_tbs_document(
        validation_info=key.status,
        # Hexadecimal takes two characters a byte. Given a size, pyHanko does not sign once more to find it.
        bytes_reserved=2 * (key.size + await _stamp_size(kit, key)),
    )
    digest, written = document.digest_tbs_document(in_place=True)
    done = await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=moment),
    )
    await done.post_signature_processing(written)
    if key.context is not None:
        await key.context.aclose()
    return output.getvalue()


async def _stamp_size(kit: SigningKit, key: DocumentKey) -> int:
    """Room for a time stamp, from a first one that is asked for once a batch."""
    if kit.stamper is None:
        return 0
    if kit.stamp_size is None:
        kit.stamp_size = len((await kit.stamper.async_dummy_response(key.digest)).dump()) + 1024
    return kit.stamp_size


async def _context(kit: SigningKit, key: DocumentKey, moment: datetime) -> ValidationContext:
    """Where validation data is gathered: what comes with the key, and what the authorities' own addresses
    give. A certificate that names such an address has to have an answer from there."""
    assert kit.stamper is not None
    await kit.stamper.async_dummy_response(key.digest)
    above = list(key.signer.cert_registry)
    roots = [_top(key.signer.signing_cert, above)]
    stamps = list(kit.stamper.cert_registry)
    roots += [_top(one, stamps) for one in stamps]
    return ValidationContext(
        trust_roots=roots,
        other_certs=[*above, *stamps],
        crls=key.lists,
        allow_fetching=True,
        revocation_mode="hard-fail",
        moment=moment,
    )


def _top(certificate: x509.Certificate, known: list[x509.Certificate]) -> x509.Certificate:
    """The last certificate on the way up from `certificate`, as far as it is known."""
    current = certificate
    for _step in known:
        above = next((one for one in known if one.subject == current.issuer), None)
        if above is None or current.subject == current.issuer:
            break
        current = above
    return current
