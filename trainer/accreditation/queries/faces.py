"""How universities appear on the documents of single programmes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from trainer.accreditation.models import ProgrammeFace, Proposal, UniversityProfile
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.curriculum.models import ProgrammeVersion
from trainer.people.models import Person


@dataclass(frozen=True)
class AccreditedProgramme:
    """A programme whose courses a university accredits: the version that was stored last, and how many
    courses there are."""

    code: str
    title: dict[str, str]
    version_id: int
    courses: int


def face_of(university_id: int, programme_code: str, *, logo: bool = False) -> ProgrammeFace | None:
    """What a university says otherwise on a programme's documents, with its logo's bytes if asked; None when
    nothing was kept yet."""
    statement = select(ProgrammeFace).where(
        ProgrammeFace.organisation_id == university_id, ProgrammeFace.programme_code == programme_code
    )
    if logo:
        statement = statement.options(undefer(ProgrammeFace.logo))
    return session.scalar(statement)


def without_national_id(proposal_id: int) -> bool:
    """The university prints national ids, and none is known of the person who is proposed: the document will
    have no such line."""
    return (
        session.scalar(
            select(Proposal.id)
            .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
            .join(Person, Person.id == Enrolment.person_id)
            .join(Course, Course.id == Proposal.course_id)
            .join(UniversityProfile, UniversityProfile.organisation_id == Course.university_id)
            .where(
                Proposal.id == proposal_id,
                UniversityProfile.national_id,
                Person.national_id_encrypted.is_(None),
            )
        )
        is not None
    )


def accredited_programmes(university_id: int) -> list[AccreditedProgramme]:
    """The programmes of the university's courses, by code: two statements, however many there are."""
    found = {
        version_id: (code, courses)
        for code, version_id, courses in session.execute(
            select(ProgrammeVersion.code, func.max(ProgrammeVersion.id), func.count(Course.id))
            .join(Course, Course.programme_version_id == ProgrammeVersion.id)
            .where(Course.university_id == university_id)
            .group_by(ProgrammeVersion.code)
        )
    }
    # The content is large: its title alone is read.
    rows = session.execute(
        select(ProgrammeVersion.id, ProgrammeVersion.content["title"]).where(ProgrammeVersion.id.in_(found))
    )
    titles: dict[int, dict[str, str]] = {row[0]: row[1] for row in rows}
    return sorted(
        (
            AccreditedProgramme(code, titles.get(version_id) or {}, version_id, courses)
            for version_id, (code, courses) in found.items()
        ),
        key=lambda one: one.code,
    )


def own_faces(university_id: int) -> set[str]:
    """The codes of the programmes whose documents look or say something of their own."""
    return set(
        session.scalars(
            select(ProgrammeFace.programme_code).where(ProgrammeFace.organisation_id == university_id)
        )
    )
