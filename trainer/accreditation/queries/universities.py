"""Universities, their profiles, counts and numbers, and what one certificate is made from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased, undefer

from trainer.accreditation.models import (
    Certificate,
    ProgrammeFace,
    Proposal,
    UniversityProfile,
)
from trainer.accreditation.rules.statuses import OPEN
from trainer.cohorts.models import Course, Enrolment
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.curriculum.models import ProgrammeVersion
from trainer.people.models import Organisation, Person


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
class CourseCounts:
    """What a university sees of a course: counts."""

    course: Course
    proposed: int = 0
    approved: int = 0
    issued: int = 0
    flagged: int = 0


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
    face: ProgrammeFace | None


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


def two_people(university_id: int) -> bool:
    """Whether whoever approves does not issue at this university; not so without a profile."""
    found = session.scalar(
        select(UniversityProfile.two_people).where(UniversityProfile.organisation_id == university_id)
    )
    return bool(found)


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


def _organisations() -> tuple[Any, Any]:
    return aliased(Organisation), aliased(Organisation)


def issue_facts(proposal_id: int) -> IssueFacts | None:
    """What the certificate of a proposal is made from; None when there is no such proposal."""
    provider, university = _organisations()
    row = session.execute(
        select(Proposal, Enrolment, Person, Course, provider, university, UniversityProfile, ProgrammeFace)
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Proposal.course_id)
        .join(provider, provider.id == Course.organisation_id)
        .join(university, university.id == Course.university_id)
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .outerjoin(UniversityProfile, UniversityProfile.organisation_id == university.id)
        .outerjoin(
            ProgrammeFace,
            and_(
                ProgrammeFace.organisation_id == university.id,
                ProgrammeFace.programme_code == ProgrammeVersion.code,
            ),
        )
        .where(Proposal.id == proposal_id)
        .options(undefer(UniversityProfile.logo), undefer(ProgrammeFace.logo))
    ).one_or_none()
    return None if row is None else IssueFacts(*row)
