"""A person's own courses, and whom to ask about a course."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.database import session
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force


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


def own_enrolments(person_id: int | None) -> list[Enrolment]:
    """A person's own courses, the newest first. One statement."""
    if person_id is None:
        return []
    return list(
        session.execute(
            select(Enrolment)
            .join(Course, Course.id == Enrolment.course_id)
            .options(
                joinedload(Enrolment.course, innerjoin=True), joinedload(Enrolment.person, innerjoin=True)
            )
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
