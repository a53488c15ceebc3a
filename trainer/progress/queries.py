"""Progress of a course or a person, from what the features below know, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainer.attendance.queries import MarkRow, attendance_facts, grid
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import roster
from trainer.core import clock
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.gates.queries import standings
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force
from trainer.progress.models import ContactNote as ContactNote
from trainer.progress.rules import Call, CourseProgress, PersonProgress
from trainer.progress.rules import needs_call as decide_calls
from trainer.scheduling.queries import sessions_of


@dataclass(frozen=True)
class Contact:
    """Somebody to ask, with an address where there is one."""

    name: str
    email: str | None


@dataclass(frozen=True)
class Contacts:
    """Who to ask about a course: the named support contact, then those who run it."""

    support: Contact | None
    organisers: tuple[Contact, ...]
    provider: str


def progress(course: Course, enrolment_ids: Sequence[int] | None = None) -> CourseProgress:
    """Attendance, gates and next steps of everyone on the course, or of these enrolments.

    People who are only invited are left out. The number of statements does not depend on how many there are.
    """
    people = roster(course.id)
    if enrolment_ids is not None:
        wanted = set(enrolment_ids)
        people = [row for row in people if row.enrolment_id in wanted]
    ids = [row.enrolment_id for row in people]
    facts = attendance_facts(course.id, ids)
    gates = standings(course, ids)
    return CourseProgress(
        code=course.code,
        title=course.title,
        closed=course.status == "closed",
        programme=programme_of(course.programme_version_id),
        sessions=sessions_of(course.id),
        now=clock.now(),
        people=tuple(
            PersonProgress(
                enrolment_id=row.enrolment_id,
                person_id=row.person_id,
                name=row.name,
                email=row.email or "",
                status=row.status,
                entity=row.entity or "",
                joined_on=row.joined_on,
                left_on=row.left_on,
                attendance=facts[row.enrolment_id],
                gates=gates[row.enrolment_id],
            )
            for row in people
        ),
    )


def needs_call(course_progress: CourseProgress) -> list[Call]:
    """Who needs a call this week and why (see rules.needs_call)."""
    return decide_calls(course_progress)


def marks_of(course_id: int) -> dict[int, dict[int, MarkRow]]:
    """Every mark of the course by enrolment and session. One statement."""
    return grid(course_id)


def own_enrolments(person_id: int | None) -> list[Enrolment]:
    """A person's own courses, the newest first. One statement."""
    if person_id is None:
        return []
    return list(
        session.execute(
            select(Enrolment)
            .join(Course, Course.id == Enrolment.course_id)
            .options(joinedload(Enrolment.course, innerjoin=True))
            .where(Enrolment.person_id == person_id)
            .order_by(Course.starts_on.desc(), Course.id.desc())
        ).scalars()
    )


def contacts(course: Course) -> Contacts:
    """Who to ask about the course, with the provider's name. At most three statements."""
    rows = session.execute(
        select(Person.id, Person.display_name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == course.organisation_id,
            Membership.role == "organiser",
            in_force(clock.today(course.timezone)),
            Person.erased_at.is_(None),
        )
        .order_by(Person.display_name, Person.id)
    ).all()
    support = None
    if course.support_contact_id is not None:
        found = session.execute(
            select(Person.display_name, Person.email).where(Person.id == course.support_contact_id)
        ).one_or_none()
        support = Contact(*found) if found else None
    organisers = tuple(Contact(name, email) for key, name, email in rows if key != course.support_contact_id)
    return Contacts(support, organisers, course.organisation.name)
