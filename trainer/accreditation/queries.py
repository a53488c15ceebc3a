"""Every SELECT about proposals, certificates and the universities that issue them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, undefer

from trainer.accreditation.models import (
    Certificate,
    CertificateEvent,
    Proposal,
    SerialCounter,
    UniversityProfile,
)
from trainer.accreditation.rules.codes import normalise
from trainer.accreditation.rules.serials import tidy
from trainer.accreditation.rules.statuses import OPEN
from trainer.cohorts.models import Course, Enrolment
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.people.models import Organisation, Person

PAGE = 50
# Looked up in place of what cannot be a code, so that every unknown code costs the same.
NOBODY = "0" * 26


@dataclass(frozen=True)
class CandidateRow:
    """A person of a course with what a certificate would say of them, and what there is already of
    one kind."""

    enrolment_id: int
    person_id: int
    name: str
    certificate_name: str
    confirmed_at: datetime | None
    email: str | None
    language: str | None
    enrolment_status: str
    proposal_id: int | None = None
    proposal_status: str | None = None
    question: str | None = None
    answer: str | None = None
    certificate_id: int | None = None
    serial: str | None = None
    code: str | None = None


@dataclass(frozen=True)
class CertificateRow:
    """A certificate in a list, without its document."""

    id: int
    serial: str
    code: str
    kind: str
    status: str
    reason_code: str | None
    issued_on: date
    expires_on: date | None
    flagged_at: datetime | None
    withheld: bool
    university_id: int
    person_id: int
    name: str
    email: str | None
    title: str
    course: Course


@dataclass(frozen=True)
class CourseCounts:
    """What a university sees of a course: counts."""

    course: Course
    proposed: int = 0
    approved: int = 0
    issued: int = 0
    flagged: int = 0


@dataclass(frozen=True)
class University:
    """A university as the pages and policies need it."""

    id: int
    code: str
    name: str

    @property
    def university_id(self) -> int:
        return self.id


@dataclass(frozen=True)
class IssueFacts:
    """Everything that one certificate is made from; entities, read in one statement."""

    proposal: Proposal
    enrolment: Enrolment
    person: Person
    course: Course
    provider: Organisation
    university: Organisation
    profile: UniversityProfile | None


def candidates(course_id: int, kind: str, enrolment_ids: Collection[int] | None = None) -> list[CandidateRow]:
    """Everybody on the course but those only invited, by name: one statement for any number of people."""
    statement = (
        select(
            Enrolment.id,
            Person.id,
            Person.display_name,
            Person.certificate_name,
            Person.certificate_name_confirmed_at,
            Person.email,
            Person.language,
            Enrolment.status,
            Proposal.id,
            Proposal.status,
            Proposal.question,
            Proposal.answer,
            Certificate.id,
            Certificate.serial,
            Certificate.code,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(
            Proposal,
            (Proposal.enrolment_id == Enrolment.id) & (Proposal.kind == kind) & Proposal.status.in_(OPEN),
        )
        .outerjoin(
            Certificate,
            (Certificate.enrolment_id == Enrolment.id)
            & (Certificate.kind == kind)
            & (Certificate.status == "valid"),
        )
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited", Person.erased_at.is_(None))
        .order_by(Person.family_name, Person.given_name, Enrolment.id)
    )
    if enrolment_ids is not None:
        statement = statement.where(Enrolment.id.in_(enrolment_ids))
    rows: Any = session.execute(statement)
    return [CandidateRow(*row) for row in rows]


def enrolments_by_email(course_id: int, emails: Sequence[str]) -> dict[str, int]:
    """Enrolment ids by lower-case address, for the addresses that are on the course."""
    wanted = [email.strip().lower() for email in emails]
    rows = session.execute(
        select(Person.email, Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, Enrolment.status != "invited", Person.email.in_(wanted))
    )
    return {str(email): enrolment_id for email, enrolment_id in rows}


def issue_facts(proposal_id: int) -> IssueFacts | None:
    """What the certificate of a proposal is made from; None when there is no such proposal."""
    provider, university = _organisations()
    row = session.execute(
        select(Proposal, Enrolment, Person, Course, provider, university, UniversityProfile)
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Proposal.course_id)
        .join(provider, provider.id == Course.organisation_id)
        .join(university, university.id == Course.university_id)
        .outerjoin(UniversityProfile, UniversityProfile.organisation_id == university.id)
        .where(Proposal.id == proposal_id)
        .options(undefer(UniversityProfile.logo))
    ).one_or_none()
    return None if row is None else IssueFacts(*row)


def _organisations() -> tuple[Any, Any]:
    return aliased(Organisation), aliased(Organisation)


def last_number(university_id: int, year: int) -> int:
    """The last serial number that a university gave out in a year; 0 before the first."""
    found = session.scalar(
        select(SerialCounter.last).where(
            SerialCounter.organisation_id == university_id, SerialCounter.year == year
        )
    )
    return found or 0


def certificate_by_code(typed: str) -> Certificate | None:
    """The certificate with a verification code, however it was typed; None when there is none."""
    return session.scalar(select(Certificate).where(Certificate.code == (normalise(typed) or NOBODY)))


def certificate_by_serial(serial: str) -> Certificate | None:
    """The certificate with this serial; None when there is none."""
    return session.scalar(select(Certificate).where(func.upper(Certificate.serial) == tidy(serial)))


def certificate_by_hash(sha256: str) -> Certificate | None:
    """The certificate whose document has this SHA-256; None when there is none."""
    return session.scalar(select(Certificate).where(Certificate.sha256 == sha256))


def code_and_serial(certificate_id: int) -> tuple[str, str]:
    """The verification code (without dashes) and the serial of a certificate."""
    row = session.execute(
        select(Certificate.code, Certificate.serial).where(Certificate.id == certificate_id)
    ).one()
    return row.code, row.serial


def document_of(certificate_id: int) -> bytes:
    """The frozen bytes of a certificate."""
    return session.execute(select(Certificate.pdf).where(Certificate.id == certificate_id)).scalar_one()


def _rows() -> Any:
    return (
        select(
            Certificate.id,
            Certificate.serial,
            Certificate.code,
            Certificate.kind,
            Certificate.status,
            Certificate.reason_code,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.flagged_at,
            Certificate.withheld,
            Certificate.university_id,
            Enrolment.person_id,
            Certificate.name,
            Person.email,
            Certificate.frozen["sheet"]["title"].as_string(),
            Course,
        )
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
    )


def certificate_row(serial: str) -> CertificateRow | None:
    """One certificate with whose it is, for pages and policies; None when there is none."""
    row = session.execute(_rows().where(func.upper(Certificate.serial) == tidy(serial))).one_or_none()
    return None if row is None else CertificateRow(*row)


def certificates_of_course(course_id: int) -> list[CertificateRow]:
    """Every certificate of a course, in the order of issue."""
    statement = _rows().where(Enrolment.course_id == course_id).order_by(Certificate.id)
    return [CertificateRow(*row) for row in session.execute(statement)]


def certificates_of_person(person_id: int) -> list[CertificateRow]:
    """A person's own certificates, newest first."""
    statement = _rows().where(Enrolment.person_id == person_id).order_by(Certificate.id.desc())
    return [CertificateRow(*row) for row in session.execute(statement)]


def certificates_page(university_id: int, page: int, serial: str = "") -> tuple[list[CertificateRow], int]:
    """One page of a university's certificates, newest first, and the number of pages.

    Searching is by serial, whole or its beginning, and by nothing else: there is no list of names to go
    through.
    """
    condition = Certificate.university_id == university_id
    if wanted := tidy(serial):
        condition = condition & func.upper(Certificate.serial).startswith(wanted, autoescape=True)
    total = session.scalar(select(func.count()).select_from(Certificate).where(condition)) or 0
    statement = (
        _rows().where(condition).order_by(Certificate.id.desc()).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    )
    return [CertificateRow(*row) for row in session.execute(statement)], max(1, -(-total // PAGE))


def events_of(certificate_id: int) -> list[tuple[CertificateEvent, str | None]]:
    """The history of a certificate, oldest first, each with who did it."""
    rows = session.execute(
        select(CertificateEvent, Person.display_name)
        .outerjoin(Person, Person.id == CertificateEvent.by)
        .where(CertificateEvent.certificate_id == certificate_id)
        .order_by(CertificateEvent.id)
    )
    return [(event, name) for event, name in rows]


def replaced_by(certificate_id: int) -> str | None:
    """The serial of the certificate that superseded this one; None when none did."""
    return session.scalar(select(Certificate.serial).where(Certificate.supersedes_id == certificate_id))


def universities(actor: Actor) -> list[University]:
    """The universities whose registry the actor keeps, by name; administrators see all."""
    statement = select(Organisation.id, Organisation.code, Organisation.name).order_by(Organisation.name)
    if actor.is_admin:
        statement = statement.where(Organisation.kind == "university")
    else:
        statement = statement.where(Organisation.id.in_(actor.organisations("registrar")))
    return [University(*row) for row in session.execute(statement)]


def university_by_code(university: str) -> University | None:
    """The university with this code; None when there is none."""
    row = session.execute(
        select(Organisation.id, Organisation.code, Organisation.name).where(
            func.lower(Organisation.code) == university.lower(), Organisation.kind == "university"
        )
    ).one_or_none()
    return None if row is None else University(*row)


def profile_of(university_id: int, *, logo: bool = False) -> UniversityProfile | None:
    """The university's profile, with its logo's bytes if asked; None when none was kept yet."""
    statement = select(UniversityProfile).where(UniversityProfile.organisation_id == university_id)
    if logo:
        statement = statement.options(undefer(UniversityProfile.logo))
    return session.scalar(statement)


def course_counts(university_ids: Collection[int]) -> list[CourseCounts]:
    """The courses of universities with counts of proposals and certificates, newest first: three
    statements."""
    courses = list(
        session.scalars(
            select(Course)
            .where(Course.university_id.in_(university_ids))
            .order_by(Course.starts_on.desc(), Course.id.desc())
        )
    )
    ids = [course.id for course in courses]
    proposals = {
        (course_id, status): count
        for course_id, status, count in session.execute(
            select(Proposal.course_id, Proposal.status, func.count())
            .where(Proposal.course_id.in_(ids), Proposal.status.in_(OPEN))
            .group_by(Proposal.course_id, Proposal.status)
        )
    }
    issued = {
        course_id: (count, flagged)
        for course_id, count, flagged in session.execute(
            select(Enrolment.course_id, func.count(), func.count(Certificate.flagged_at))
            .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
            .where(Enrolment.course_id.in_(ids), Certificate.status == "valid")
            .group_by(Enrolment.course_id)
        )
    }
    return [
        CourseCounts(
            course,
            proposals.get((course.id, "proposed"), 0),
            proposals.get((course.id, "approved"), 0),
            *issued.get(course.id, (0, 0)),
        )
        for course in courses
    ]


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as the registrar reads it: the evidence, whose it is, and who made it."""

    id: int
    kind: str
    status: str
    evidence: dict[str, Any]
    evidence_hash: str
    proposed_at: datetime
    proposed_by: str | None
    question: str
    answer: str
    enrolment_id: int
    certificate_name: str
    confirmed_at: datetime | None
    course: Course


def _proposals() -> Any:
    proposer = aliased(Person)
    return (
        select(
            Proposal.id,
            Proposal.kind,
            Proposal.status,
            Proposal.evidence,
            Proposal.evidence_hash,
            Proposal.proposed_at,
            proposer.display_name,
            Proposal.question,
            Proposal.answer,
            Proposal.enrolment_id,
            Person.certificate_name,
            Person.certificate_name_confirmed_at,
            Course,
        )
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Proposal.course_id)
        .outerjoin(proposer, proposer.id == Proposal.proposed_by)
    )


def open_proposals(course_id: int) -> list[ProposalRow]:
    """The proposals of a course that wait for a decision or for issue, by name."""
    statement = (
        _proposals()
        .where(Proposal.course_id == course_id, Proposal.status.in_(OPEN))
        .order_by(Proposal.kind, Person.family_name, Person.given_name, Proposal.id)
    )
    return [ProposalRow(*row) for row in session.execute(statement)]


def proposal_row(proposal_id: int) -> ProposalRow | None:
    """One proposal; None when there is none."""
    row = session.execute(_proposals().where(Proposal.id == proposal_id)).one_or_none()
    return None if row is None else ProposalRow(*row)
