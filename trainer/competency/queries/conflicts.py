"""Who declared that they are too close to whom, and whose reference professional somebody is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import STAFF
from trainer.competency.models import Conflict
from trainer.core import clock
from trainer.core.database import session
from trainer.people.models import Membership, Person
from trainer.people.queries import in_force
from trainer.placement.models import Placement


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A declaration that holds: who is too close to assess the person."""

    id: int
    assessor_id: int
    assessor_name: str
    declared_at: datetime


def too_close(person_id: int) -> set[int]:
    """Ids of those who are too close to this person to assess them. One statement."""
    return set(
        session.scalars(
            select(Conflict.assessor_id).where(Conflict.person_id == person_id, Conflict.ended_at.is_(None))
        )
    )


def too_close_on_course(course_id: int) -> set[tuple[int, int]]:
    """(assessor, enrolment) pairs of a course between whom a conflict was declared. One statement."""
    rows = session.execute(
        select(Conflict.assessor_id, Enrolment.id)
        .join(Enrolment, Enrolment.person_id == Conflict.person_id)
        .where(Enrolment.course_id == course_id, Conflict.ended_at.is_(None))
    )
    return set(rows.tuples())


def conflicts_of(person_id: int) -> list[ConflictRow]:
    """The declarations about one person that hold, oldest first. One statement."""
    rows = session.execute(
        select(Conflict.id, Conflict.assessor_id, Person.display_name, Conflict.declared_at)
        .join(Person, Person.id == Conflict.assessor_id)
        .where(Conflict.person_id == person_id, Conflict.ended_at.is_(None))
        .order_by(Conflict.declared_at, Conflict.id)
    )
    return [ConflictRow(*row) for row in rows]


def live_conflict(assessor_id: int, person_id: int) -> Conflict | None:
    """The declaration between these two that holds, to end it."""
    return session.scalar(
        select(Conflict).where(
            Conflict.assessor_id == assessor_id, Conflict.person_id == person_id, Conflict.ended_at.is_(None)
        )
    )


def possible_assessors(enrolment: Enrolment, course: Course) -> list[tuple[int, str]]:
    """(person id, name) of those who could assess this person: the provider's staff, and reference professionals of their
    placements; not the person. By name, one statement."""
    staff = select(Membership.person_id).where(
        Membership.organisation_id == course.organisation_id,
        Membership.role.in_(STAFF),
        in_force(clock.today()),
    )
    references = select(Placement.reference_id).where(
        Placement.enrolment_id == enrolment.id, Placement.reference_id.is_not(None)
    )
    rows = session.execute(
        select(Person.id, Person.display_name)
        .where(
            or_(Person.id.in_(staff), Person.id.in_(references)),
            Person.id != enrolment.person_id,
            Person.erased_at.is_(None),
        )
        .order_by(Person.display_name, Person.id)
    )
    return list(rows.tuples())


def reference_of(person_id: int | None, enrolment_ids: Iterable[int]) -> set[int]:
    """Those of the enrolments whose reference professional this person is, in a placement that is not closed. One statement."""
    if person_id is None:
        return set()
    return set(
        session.scalars(
            select(Placement.enrolment_id).where(
                Placement.reference_id == person_id,
                Placement.status != "closed",
                Placement.enrolment_id.in_(list(enrolment_ids)),
            )
        )
    )
