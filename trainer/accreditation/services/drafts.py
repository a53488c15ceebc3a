"""A certificate that is made but not issued: words, document and all, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from trainer.accreditation import queries
from trainer.accreditation.documents import Logo, Sheet, Unprintable, check_name, render
from trainer.accreditation.documents.wording import Facts, Issuer, compose
from trainer.accreditation.models import (
    UniversityProfile,
)
from trainer.accreditation.queries import IssueFacts
from trainer.accreditation.rules.codes import dashed, new_code
from trainer.accreditation.rules.evidence import sha256
from trainer.accreditation.rules.serials import serial
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.errors import Invalid, Missing
from trainer.core.registered import setting
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.people.models import Organisation


@dataclass(frozen=True)
class Draft:
    """A certificate that is made but not issued: for the number that was next when it was begun."""

    proposal_id: int
    person_id: int
    stored_name: str
    email: str | None
    university_id: int
    year: int
    number: int
    code: str
    sheet: Sheet
    frozen: dict[str, Any]
    pdf: bytes
    sha256: str
    issued_on: date


def facts_of(proposal_id: int) -> IssueFacts:
    facts = queries.issue_facts(proposal_id)
    if facts is None:
        raise Missing(msg("There is no such proposal."))
    return facts


def issue_day(course: Course) -> date:
    return clock.now().astimezone(ZoneInfo(course.timezone)).date()


def make_draft(proposal_id: int) -> Draft:
    """Everything of the next certificate, document and all, without writing anything.

    Raises Missing, and Invalid when a text cannot be printed.
    """
    facts = facts_of(proposal_id)
    proposal, course, person = facts.proposal, facts.course, facts.person
    programme = programme_of(course.programme_version_id)
    name = check_name(person.certificate_name)
    issued_on = issue_day(course)
    number = queries.last_number(facts.university.id, issued_on.year) + 1
    own_serial, code = serial(facts.university.code, issued_on.year, number), new_code()
    language = programme.language_for(person.language or course.language)
    said = Facts(
        kind=proposal.kind,
        name=name,
        course=course.title,
        provider=facts.provider.name,
        starts_on=course.starts_on,
        ends_on=course.ends_on or issued_on,
        issued_on=issued_on,
        serial=own_serial,
        code=dashed(code),
        address=address_of(code),
        specimen=course.specimen,
    )
    issuer, logo = issuer_of(facts.university, facts.profile)
    sheet = compose(programme, issuer, said, language)
    pdf = print_sheet(sheet, logo)
    spec = programme.certificates[proposal.kind].credential
    frozen = {
        "format": 1,
        "sheet": sheet.document(),
        "outcomes": list(sheet.parts[0].outcomes) if sheet.parts else [],
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
            "hours": spec.hours,
            "ects": spec.ects,
            "eqf_level": spec.eqf_level,
            "assessment": dict(spec.assessment),
            "participation": dict(spec.participation),
            "quality_assurance": dict(spec.quality_assurance),
        },
        "evidence": proposal.evidence_hash,
        "logo": sha256(logo.data) if logo else None,
        "specimen": course.specimen,
    }
    return Draft(
        proposal_id=proposal.id,
        person_id=person.id,
        stored_name=person.certificate_name,
        email=person.email,
        university_id=facts.university.id,
        year=issued_on.year,
        number=number,
        code=code,
        sheet=sheet,
        frozen=frozen,
        pdf=pdf,
        sha256=sha256(pdf),
        issued_on=issued_on,
    )


def address_of(code: str) -> str:
    """The public address that verifies a code."""
    return f"{setting('BASE_URL')}/verify/{dashed(code)}"


def issuer_of(university: Organisation, profile: UniversityProfile | None) -> tuple[Issuer, Logo | None]:
    """How a university appears on its documents; without a profile, by its name alone."""
    if profile is None:
        return Issuer(university.name, {}, "#14555a", "", (), {}), None
    logo = Logo(profile.logo, profile.logo_type or "image/png") if profile.logo else None
    issuer = Issuer(
        name=university.name,
        display_names=dict(profile.display_names),
        accent=profile.accent,
        city=profile.city,
        signatories=tuple(profile.signatories),
        closing=dict(profile.wording),
    )
    return issuer, logo


def print_sheet(sheet: Sheet, logo: Logo | None) -> bytes:
    """The document. Raises Invalid, naming the character, for a text that no typeface can print."""
    try:
        return render(sheet, logo)
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
