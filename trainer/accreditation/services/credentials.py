"""Credentials: the key of a university, the signed text of one certificate, and what the public addresses answer.

Credentials are signed in the name of the instance (one did:web) with a key of each university; the key's name
says whose it is. (docs/decisions/credentials.md)
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import IntegrityError

from trainer.accreditation import queries
from trainer.accreditation.documents import credential as documents
from trainer.accreditation.documents.credential import (
    CredentialKit,
    Place,
    UnknownTerm,
    badge,
    bake,
    did_web,
    encoded_list,
    index_of,
    moment,
    multikey,
    picture,
    signed,
    status_document,
)
from trainer.accreditation.documents.sheet import Sheet, sheet_from
from trainer.accreditation.models import Certificate, SigningKey
from trainer.accreditation.policy import can_keep_keys
from trainer.accreditation.queries import University
from trainer.accreditation.rules.codes import dashed, normalise
from trainer.accreditation.rules.statuses import (
    UNKNOWN,
    Answer,
    CertificateStatus,
    standing_of,
    verification,
)
from trainer.accreditation.services.eligibility import require
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.crypto import seal, unseal
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import gettext as _
from trainer.core.i18n import in_language
from trainer.core.registered import setting
from trainer.core.text import msg
from trainer.people.models import Organisation

_SEAL = "signing-key"
_ITSELF = Actor(system=True)  # the first key is nobody's decision: a university that issues has to have one


def issuer_kit(university_id: int, actor: Actor = _ITSELF) -> CredentialKit:
    """The university's credential key, opened; made first when it has none yet.

    Raises Missing when there is no such university, Refused when the sealing key does not open the key.
    """
    found = queries.credential_key(university_id)
    if found is None:
        with transaction():
            _make_key(actor, university_id)
        found = queries.credential_key(university_id)
        if found is None:
            raise RuntimeError("a credential key was made and is not there")
    row, code = found
    secret = base64.b64decode(unseal(row.private_sealed, _SEAL))
    base_url = str(setting("BASE_URL"))
    did = did_web(base_url)
    key = Ed25519PrivateKey.from_private_bytes(secret)
    return CredentialKit(university_id, code, base_url, did, f"{did}#{row.label}", key)


def rotate_key(actor: Actor, university_id: int) -> str:
    """Retires the university's credential key and makes a new one; gives the new one's name ("UNI-2").

    What the retired key signed stays valid: its public half stays in the DID document. Raises Refused when the
    actor may not keep the university's keys, Missing when there is no such university.
    """
    university = _university(university_id)
    allowed = can_keep_keys(actor, University(university.id, university.code, university.name))
    require(allowed, msg("Only those who keep the keys of the university change them."))
    with transaction() as current:
        _university(university_id, locked=True)
        found = queries.credential_key(university_id)
        if found is not None:
            found[0].retired_at, found[0].retired_by = clock.now(), actor.person_id
            _record(actor, "signing_key.retired", found[0])
            current.flush()
        _make_key(actor, university_id)
        made = queries.credential_key(university_id)
        if made is None:
            raise RuntimeError("a credential key was made and is not there")
        return made[0].label


def _university(university_id: int, *, locked: bool = False) -> Organisation:
    organisation = session.get(Organisation, university_id, with_for_update=locked)
    if organisation is None or organisation.kind != "university":
        raise Missing(msg("There is no such university."))
    return organisation


def _make_key(actor: Actor, university_id: int) -> None:
    """A new key for a university that has none in use; within a transaction. Another process may be at it in
    the same moment: the database allows one key in use, and whoever comes second uses that of the first."""
    with transaction() as current:
        university = _university(university_id)
        if queries.credential_key(university_id) is not None:
            return
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        row = SigningKey(
            organisation_id=university_id,
            purpose="credential",
            place=0,
            # The key's name in the DID document, which may never change again.
            label=f"{university.code}-{queries.credential_key_count(university_id) + 1}",
            algorithm="Ed25519",
            public_key=multikey(public),
            private_sealed=seal(base64.b64encode(key.private_bytes_raw()).decode(), _SEAL),
            fingerprint=hashlib.sha256(public).hexdigest(),
            added_by=actor.person_id,
        )
        try:
            with current.begin_nested():
                current.add(row)
        except IntegrityError:
            return
        _record(actor, "signing_key.added", row)


def _record(actor: Actor, action: str, key: SigningKey) -> None:
    subject = f"organisation:{key.organisation_id}"
    record(actor, action, subject, key=key.id, place=key.place, fingerprint=key.fingerprint)


def make(
    kit: CredentialKit,
    sheet: Sheet,
    frozen: Mapping[str, Any],
    *,
    code: str,
    number: int,
    counter_id: int,
    year: int,
    issued_at: datetime,
    issued_on: date,
    expires_on: date | None,
    email: str | None,
) -> str:
    """The signed credential of a certificate as JSON text: what is frozen, attached and served, byte for byte.

    `code` with or without dashes; `counter_id` and `number` say where it stands in its status list (`year` is the
    list's). `frozen` carries the `kind`. Made again from the same values with the same key, it is the same.
    Raises Invalid when it cannot be signed as a whole.
    """
    place = Place(kit.base_url, kit.did, kit.university_code, counter_id, index_of(number))
    common, own = _facts(sheet)
    try:
        document = badge(
            place,
            sheet,
            frozen,
            code=dashed(normalise(code) or code),
            issued_at=issued_at,
            issued_on=issued_on,
            expires_on=expires_on,
            email=email,
            common=common,
            own=own,
        )
        return _text(signed(document, kit.key, kit.method, moment(issued_at)))
    except (UnknownTerm, UnicodeEncodeError) as error:
        raise Invalid(msg("The credential cannot be signed: %(problem)s.", problem=str(error))) from error


def _facts(sheet: Sheet) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The facts of a sheet for the achievement, which is everybody's, and for the person. By name: what a sheet
    comes to say one day stays out of the credential until somebody decides where it belongs."""
    with in_language(sheet.language):
        common = {
            _("Workload"),
            _("Level"),
            _("Participation"),
            _("Assessment"),
            _("Quality assurance"),
            _("Awarding body and country"),
        }
        own = {_("Time attended")}
    return [one for one in sheet.facts if one[0] in common], [one for one in sheet.facts if one[0] in own]


def _etag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def did_document() -> Mapping[str, Any]:
    """The DID document of the instance: the keys of all its universities, retired ones too."""
    return documents.did_document(did_web(str(setting("BASE_URL"))), queries.credential_keys())


def did_shown() -> Shown:
    """What /.well-known/did.json answers."""
    text = _text(did_document())
    return Shown(200, text, _etag(text))


def credential_of(code: str) -> str | None:
    """The signed credential with a verification code, whatever its status; None when there is none."""
    certificate = queries.certificate_with_credential(code)
    return (certificate.credential or None) if certificate else None


def credential_file(certificate_id: int) -> tuple[str, bytes]:
    """Name and bytes of a certificate's credential as a file, for the holder's wallet. Raises Missing when it was
    issued without one."""
    found = _issued_with_credential(certificate_id)
    return f"{found.serial}.json", str(found.credential).encode()


def badge_png(certificate_id: int) -> tuple[str, bytes]:
    """Name and bytes of a certificate's badge: a picture that carries the credential, which wallets take in as
    well. Raises Missing when it was issued without one."""
    found = _issued_with_credential(certificate_id)
    sheet = sheet_from(found.frozen["sheet"])
    title = f"{sheet.labels.specimen}: {sheet.title}" if sheet.labels.specimen else sheet.title
    drawn = picture(title, sheet.university, found.issued_on.year, sheet.accent)
    return f"{found.serial}.png", bake(drawn, str(found.credential))


def _issued_with_credential(certificate_id: int) -> Certificate:
    found = queries.certificate_with_credential_by_id(certificate_id)
    if found is None or not found.credential:
        raise Missing(msg("This certificate was issued without a credential."))
    return found


@dataclass(frozen=True)
class Shown:
    """What a public address answers: an HTTP status and a JSON text."""

    status: int
    text: str
    etag: str = ""
    certificate_id: int | None = None  # whose credential is shown


def shown(code: str) -> Shown:
    """What /credentials/CODE answers.

    The credential itself; of one that was replaced, withheld by its holder, or revoked at the holder's
    request, only that. A credential cannot be shown without the name, so it is not shown at all.
    """
    certificate = queries.certificate_with_credential(code)
    if certificate is None or not certificate.credential:
        return Shown(404, _text(UNKNOWN.document()))
    found = verification(certificate, clock.today())
    if found.answer is Answer.SUPERSEDED or (found.answer is Answer.REVOKED and found.withheld):
        return Shown(410, _text({"status": found.answer}))
    if found.withheld:
        return Shown(403, _text({"status": found.answer, "withheld": True}))
    return Shown(200, certificate.credential, certificate_id=certificate.id)


def achievement(
    university: str, programme: str, version: str, kind: str, language: str, specimen: bool = False
) -> Shown:
    """What an achievement's own address answers: what the newest credential for it says of it."""
    text = queries.newest_of_achievement(university, programme, version, kind, language, specimen)
    if text is None:
        return Shown(404, _text(UNKNOWN.document()))
    credential = json.loads(text)
    said = credential["credentialSubject"]["achievement"]
    return Shown(200, _text({"@context": credential["@context"], **said}))


@dataclass(frozen=True)
class _Kept:
    step: int
    day: date
    shown: Shown


# Signed lists, by database and counter: signing is cheap, but need not happen for every reader.
_kept: dict[tuple[str, int], _Kept] = {}
_MOST_KEPT = 200


def status_list(number: int) -> Shown:
    """What /status/N answers: the list of a university's year, signed with its key in use.

    Set are what is revoked or replaced today. The text is the same in every process: its dates are those of the
    newest change.
    """
    where = (str(setting("SQLALCHEMY_DATABASE_URI")), number)
    step, today, kept = queries.newest_step(), clock.today(), _kept.get(where)
    if kept is not None and (kept.step, kept.day) == (step, today):
        return kept.shown
    listed = queries.status_listed(number)
    if listed is None or queries.credential_key(listed.university_id) is None:
        return Shown(404, _text(UNKNOWN.document()))
    kit = issuer_kit(listed.university_id)
    marked = [
        one.number
        for one in listed.touched
        if standing_of(one.status, one.reinstated_from, today) is not CertificateStatus.VALID
    ]
    encoded = encoded_list(marked, listed.last)
    since = listed.changed_at or datetime(listed.year, 1, 1, tzinfo=UTC)
    document = status_document(kit.base_url, kit.did, number, encoded, since)
    text = _text(signed(document, kit.key, kit.method, moment(since)))
    answer = Shown(200, text, _etag(text))
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[where] = _Kept(step, today, answer)
    return answer
