"""What a code or a file answers, and what was looked at for it. Anybody may ask; nothing of a file is kept."""

from __future__ import annotations

import json
from dataclasses import replace

from trainer.accreditation import queries
from trainer.accreditation.documents import looking
from trainer.accreditation.documents.credential import check as check_credential
from trainer.accreditation.documents.credential import public_key_of
from trainer.accreditation.models import Certificate
from trainer.accreditation.queries import looking as reading
from trainer.accreditation.rules.checks import (
    KNOWN_CODE,
    KNOWN_SERIAL,
    LOCKED_FILE,
    SAME_BYTES,
    UNKNOWN_FILE,
    Check,
    Inside,
    Signed,
    by_code,
    credential_check,
    decide,
    other_bytes,
    register_check,
    signature_checks,
)
from trainer.accreditation.rules.codes import codes_in, dashed
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.rules.serials import serials_in
from trainer.accreditation.rules.statuses import UNKNOWN, Answer, Verification, verification
from trainer.accreditation.services.keys import roots_of
from trainer.core import clock

LARGEST_FILE = 16 * 2**20
ATTACHED = "credential.json"
_LOOKED_AT = 20  # codes or serials of one file; a file with more is made to keep us busy


def verify(code: str) -> Verification:
    """What the code answers today; a malformed one is unknown, and costs the same look-up."""
    return verify_known(code)[0]


def verify_known(code: str) -> tuple[Verification, int | None]:
    """As `verify`, and the id of the certificate that has the code, None for an unknown one."""
    certificate = queries.certificate_by_code(code)
    if certificate is None:
        return UNKNOWN, None
    found = verification(certificate, clock.today())
    return replace(found, checks=by_code(found)), certificate.id


def verify_file(data: bytes) -> Verification:
    """What a document answers: as its certificate does when every byte is as issued, and its signatures and its
    credential hold; altered when it carries one of our codes or serials and is not; unknown otherwise."""
    return verify_known_file(data)[0]


def verify_known_file(data: bytes) -> tuple[Verification, int | None]:
    """As `verify_file`, and the id of the certificate that the file is, or says it is; None for an unknown one."""
    certificate = queries.certificate_by_hash(sha256(data))
    if certificate is not None:
        return _as_issued(certificate, data), certificate.id
    if len(data) > LARGEST_FILE:
        return replace(UNKNOWN, checks=(UNKNOWN_FILE,)), None
    meant, bears_code = _meant(data)
    if meant is None:
        locked = looking.is_pdf(data) and looking.is_locked(data)
        return replace(UNKNOWN, checks=(LOCKED_FILE if locked else UNKNOWN_FILE,)), None
    # A serial can be guessed, a code cannot: whoever shows only the first learns nothing of the second, and
    # leaves no trace on the holder's page.
    checks = _checks_of_another(meant, data)
    if bears_code:
        return _altered(meant, (*checks, KNOWN_CODE)), meant.id
    return replace(_altered(meant, (*checks, KNOWN_SERIAL)), code=None), None


def _as_issued(certificate: Certificate, data: bytes) -> Verification:
    found = verification(certificate, clock.today())
    university = found.university or ""
    checks = (
        SAME_BYTES,
        *signature_checks(_signatures(certificate, data), len(certificate.signatures), university),
        credential_check(_credential(certificate, data, ours=True), university),
        register_check(found),
    )
    answer = decide(found.answer, checks)
    return _altered(certificate, checks) if answer is Answer.ALTERED else replace(found, checks=checks)


def _altered(certificate: Certificate, checks: tuple[Check, ...]) -> Verification:
    """What is told of a file that is not the document: the code and serial that it bears itself, and no more."""
    return Verification(
        Answer.ALTERED,
        code=dashed(certificate.code),
        serial=certificate.serial,
        specimen=bool(certificate.frozen.get("specimen")),
        checks=checks,
    )


def _checks_of_another(meant: Certificate, data: bytes) -> tuple[Check, ...]:
    """The checks of a file that bears the code or serial of `meant` and is not its document."""
    university = str(meant.frozen.get("sheet", {}).get("university", ""))
    compared = looking.compare(queries.document_of(meant.id), data)
    signatures = _signatures(meant, data) if looking.is_tame(data) else None
    return (
        other_bytes(compared.difference, compared.pages),
        *signature_checks(signatures, len(meant.signatures), university),
        credential_check(_credential(meant, data, ours=False), university),
    )


def _signatures(certificate: Certificate, data: bytes) -> list[Signed]:
    """The signatures in a file, judged as of the moment at which the certificate was issued: a key that ended or
    was retired since then has not undone what it signed."""
    if b"/ByteRange" not in data:
        return []
    from trainer.accreditation.documents.signing import (
        check_signatures,
    )  # slow to load, and not always needed

    places = {one["fingerprint"]: int(one["place"]) for one in certificate.signatures}
    signatories = certificate.frozen.get("sheet", {}).get("signatories", [])
    tests = reading.test_key_fingerprints(certificate.university_id)

    def position(fingerprint: str) -> str:
        place = places.get(fingerprint, 0)
        return str(signatories[place - 1]["position"]) if 0 < place <= len(signatories) else ""

    return [
        Signed(
            name=one.signer,
            position=position(one.fingerprint),
            at=one.stamped_at or one.signed_at,
            stamped=one.stamped_at is not None,
            intact=one.intact and one.valid,
            trusted=one.trusted,
            whole=one.whole,
            test=one.fingerprint in tests,
        )
        for one in check_signatures(data, roots_of(certificate.university_id), certificate.issued_at)
    ]


def _credential(certificate: Certificate, data: bytes, *, ours: bool) -> Inside:
    """What became of the credential inside a file. `ours`: the file is the document, as the register keeps it."""
    kept = reading.credential_text(certificate.id)
    if kept is None:
        return Inside.NEVER
    if not ours and not looking.is_tame(data):
        return Inside.UNSEEN
    inside = looking.attached(data, ATTACHED)
    if inside is None:
        return Inside.MISSING
    if inside != kept.encode():
        return Inside.OTHER
    keys = dict(queries.credential_keys())
    checked = check_credential(json.loads(kept), lambda method: _key(keys, method))
    return Inside.SAME if checked.valid else Inside.BROKEN


def _key(keys: dict[str, str], method: str) -> bytes | None:
    public = keys.get(method.partition("#")[2])
    return None if public is None else public_key_of(public)


def _meant(data: bytes) -> tuple[Certificate | None, bool]:
    """The certificate that a file claims to be, by a code or serial anywhere in it, packed or plain; and whether
    it bears the code."""
    by_serial: Certificate | None = None
    for part in looking.texts_in(data):
        if certificate := queries.certificate_by_one_of(codes=codes_in(part)[:_LOOKED_AT]):
            return certificate, True
        if by_serial is None:
            by_serial = queries.certificate_by_one_of(serials=serials_in(part)[:_LOOKED_AT])
    return by_serial, False
