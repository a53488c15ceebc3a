"""A certificate that is made but not issued: words, credential, document and signatures, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from trainer.accreditation import queries
from trainer.accreditation.documents import Attachment, Logo, Sheet, Unprintable, check_name, render
from trainer.accreditation.documents.credential import CredentialKit
from trainer.accreditation.documents.wording import Facts, compose
from trainer.accreditation.models import Reservation
from trainer.accreditation.queries import IssueFacts
from trainer.accreditation.rules.attestation import attended_minutes
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.rules.serials import serial
from trainer.accreditation.rules.statuses import ProposalStatus
from trainer.accreditation.services import credentials, keys
from trainer.accreditation.services.faces import issuer_of, masked_id, wording_of
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import gettext as _
from trainer.core.i18n import in_language
from trainer.core.registered import setting
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of

if TYPE_CHECKING:
    from trainer.accreditation.documents.signing import SigningKit


@dataclass(frozen=True)
class Press:
    """What a university's documents are made with, prepared once for any number of them: the keys that sign
    (none: documents are issued unsigned) and the key of the credentials."""

    university_id: int
    signing: SigningKit | None
    credential: CredentialKit

    @property
    def places(self) -> tuple[int, ...]:
        """The signatories (from 1) whose signature is a digital one."""
        return tuple(self.signing.places) if self.signing else ()


@dataclass(frozen=True)
class Draft:
    """A certificate that is made but not issued, for the number that is reserved for it."""

    proposal_id: int
    person_id: int
    stored_name: str
    email: str | None
    sheet: Sheet
    frozen: dict[str, Any]
    credential: str
    pdf: bytes
    sha256: str
    signatures: list[dict[str, Any]]
    issued_at: datetime


def press_of(university_id: int, actor: Actor) -> Press:
    """The university's keys, opened. Raises Refused when the sealing key does not open them, or a key has
    expired."""
    return Press(university_id, keys.signing_kit(university_id), credentials.issuer_kit(university_id, actor))


def facts_of(proposal_id: int) -> IssueFacts:
    facts = queries.issue_facts(proposal_id)
    if facts is None:
        raise Missing(msg("There is no such proposal."))
    return facts


def issue_day(course: Course) -> date:
    return clock.now().astimezone(ZoneInfo(course.timezone)).date()


def proof(proposal_id: int) -> None:
    """Prints the certificate of a proposal once for nothing, before a number is given to it.

    Raises Invalid, naming the character, when a text of it cannot be printed.
    """
    facts = facts_of(proposal_id)
    today = issue_day(facts.course)
    sheet, _frozen, logo = _words(facts, serial(facts.university.code, today.year, 1), "0" * 26, today, None)
    print_sheet(sheet, logo)


def make_draft(reservation: Reservation, press: Press) -> Draft:
    """Everything of the certificate that a number is reserved for, without writing anything.

    Raises Missing, Invalid when a text cannot be printed, Refused when it cannot be signed (a time-stamping
    service that does not answer, say).
    """
    facts = facts_of(reservation.proposal_id)
    sheet, frozen, logo = _words(
        facts, reservation.serial, reservation.code, reservation.issued_on, reservation.expires_on
    )
    issued_at = clock.now()
    credential = credentials.make(
        press.credential,
        sheet,
        frozen,
        code=reservation.code,
        number=reservation.number,
        counter_id=queries.counter_id(reservation.university_id, reservation.year),
        year=reservation.year,
        issued_at=issued_at,
        issued_on=reservation.issued_on,
        expires_on=reservation.expires_on,
        email=facts.person.email,
    )
    attached = Attachment(
        "credential.json", credential.encode(), "application/ld+json", "Open Badges 3.0 credential"
    )
    places = _places(press, facts)
    pdf = print_sheet(sheet, logo, attached, places)
    signatures: list[dict[str, Any]] = []
    if press.signing is not None and (kit := press.signing.only(places)) is not None:
        pdf, signatures = _signed(pdf, kit, sheet, facts.profile.city if facts.profile else "")
    return Draft(
        proposal_id=reservation.proposal_id,
        person_id=facts.person.id,
        stored_name=facts.person.certificate_name,
        email=facts.person.email,
        sheet=sheet,
        frozen=frozen,
        credential=credential,
        pdf=pdf,
        sha256=sha256(pdf),
        signatures=signatures,
        issued_at=issued_at,
    )


def _places(press: Press, facts: IssueFacts) -> tuple[int, ...]:
    """Where keys sign this document: a key is a person's, so where a programme names somebody else at its
    place, it does not sign."""
    face, profile = facts.face, facts.profile
    if face is None or not face.signatories:
        return press.places

    def name(signatories: list[dict[str, Any]], place: int) -> str | None:
        return signatories[place - 1].get("name") if place <= len(signatories) else None

    own = profile.signatories if profile else []
    return tuple(
        place
        for place in press.places
        if name(face.signatories, place) is not None and name(face.signatories, place) == name(own, place)
    )


def _signed(pdf: bytes, kit: SigningKit, sheet: Sheet, city: str) -> tuple[bytes, list[dict[str, Any]]]:
    from trainer.accreditation.documents.signing import sign  # slow to load: only where something is signed

    with in_language(sheet.language):
        reason = _("Issue of the certificate %(serial)s", serial=sheet.serial)
    return sign(pdf, kit, reason=reason, location=city, language=sheet.language)


def _words(
    facts: IssueFacts, own_serial: str, code: str, issued_on: date, expires_on: date | None
) -> tuple[Sheet, dict[str, Any], Logo | None]:
    """What the document says, and what is frozen beside it."""
    proposal, course, person = facts.proposal, facts.course, facts.person
    programme = programme_of(course.programme_version_id)
    language = programme.language_for(person.language or course.language)
    said = Facts(
        kind=proposal.kind,
        name=check_name(person.certificate_name),
        course=course.title,
        provider=facts.provider.name,
        starts_on=course.starts_on,
        ends_on=course.ends_on or issued_on,
        issued_on=issued_on,
        serial=own_serial,
        code=dashed(code),
        address=address_of(code),
        specimen=course.specimen,
        national_id=masked_id(person, facts.profile),
        attended_minutes=_attested(facts),
        expires_on=expires_on,
    )
    issuer, logo = issuer_of(facts.university, facts.profile, facts.face)
    wording = wording_of(programme, proposal.kind, facts.face)
    sheet = compose(programme, issuer, said, language, wording=wording)
    spec = wording.credential
    frozen = {
        "format": 2,
        "kind": proposal.kind,
        "sheet": sheet.document(),
        "outcomes": [outcome[language] for outcome in wording.outcomes],
        "course": {
            "code": course.code,
            "title": course.title,
            "provider": facts.provider.name,
            "from": course.starts_on.isoformat(),
            "to": said.ends_on.isoformat(),
        },
        "programme": {"code": programme.code, "version": programme.version, "hash": programme.hash},
        "credential": {
            "country": spec.country,
            # The course's length says nothing of whoever attended a part of it.
            "hours": spec.hours if said.attended_minutes is None else None,
            "ects": spec.ects,
            "eqf_level": spec.eqf_level,
            "assessment": dict(spec.assessment),
            "participation": dict(spec.participation),
            "quality_assurance": dict(spec.quality_assurance),
        },
        "attended_minutes": said.attended_minutes,
        "evidence": proposal.evidence_hash,
        "logo": sha256(logo.data) if logo else None,
        "specimen": course.specimen,
    }
    return sheet, frozen, logo


def _attested(facts: IssueFacts) -> int | None:
    """The minutes of attendance that are attested; None where none are. Those of the frozen evidence; what is
    issued anew, after the registers were corrected say, attests what they hold today.

    Raises Invalid when nothing is left to attest.
    """
    proposal = facts.proposal
    frozen = attended_minutes(proposal.evidence)
    if frozen is None or proposal.status != ProposalStatus.ISSUED:
        return frozen
    enrolment = facts.enrolment
    today = queries.attended(facts.course, {enrolment.id: enrolment.status})[enrolment.id].attended_minutes
    if not today:
        raise Invalid(msg("The registers hold no attendance any more. The certificate can be revoked."))
    return today


def address_of(code: str) -> str:
    """The public address that verifies a code."""
    return f"{setting('BASE_URL')}/verify/{dashed(code)}"


def print_sheet(
    sheet: Sheet, logo: Logo | None, attachment: Attachment | None = None, places: tuple[int, ...] = ()
) -> bytes:
    """The document. Raises Invalid, naming the character, for a text that no typeface can print."""
    try:
        return render(sheet, logo, attachment=attachment, places=places)
    except Unprintable as error:
        raise Invalid(
            msg(
                "A text of the certificate holds “%(character)s” (%(number)s), which none of the "
                "typefaces here can print. It may stand in the name of the course or of an organisation, or "
                "in the university's profile.",
                character=error.character,
                number=f"U+{ord(error.character):04X}",
            )
        ) from None
