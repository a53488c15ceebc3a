"""Numbers that were given out, those that wait for their certificate, and the batches that issue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from trainer.accreditation.models import (
    Certificate,
    IssueBatch,
    IssueBatchMember,
    Proposal,
    Reservation,
    SerialCounter,
)
from trainer.cohorts.models import Course
from trainer.core.database import session
from trainer.people.models import Person


def counter_id(university_id: int, year: int) -> int:
    """The id of a university's counter of a year, which is the number of its status list too."""
    return session.scalars(
        select(SerialCounter.id).where(
            SerialCounter.organisation_id == university_id, SerialCounter.year == year
        )
    ).one()


def certificate_numbered(university_id: int, year: int, number: int) -> int:
    """The id of the certificate that bears a number."""
    return session.scalars(
        select(Certificate.id).where(
            Certificate.university_id == university_id,
            Certificate.year == year,
            Certificate.number == number,
        )
    ).one()


def interrupted(university_id: int, before: datetime) -> list[int]:
    """The reservations of a university that were made before a moment and still wait, oldest first."""
    return list(
        session.scalars(
            select(Reservation.id)
            .where(Reservation.university_id == university_id, Reservation.reserved_at < before)
            .order_by(Reservation.id)
        )
    )


def is_reserved(proposal_id: int) -> bool:
    """Whether a number was given to a certificate of this proposal that still waits for its document."""
    found = session.scalar(select(Reservation.id).where(Reservation.proposal_id == proposal_id))
    return found is not None


@dataclass(frozen=True)
class BatchRow:
    """A batch with its course and how far it is."""

    id: int
    kind: str
    begun_at: datetime
    begun_by: str | None
    ended_at: datetime | None
    total: int
    done: int
    course: Course


def _batches() -> tuple[object, ...]:
    members = IssueBatchMember.batch_id == IssueBatch.id
    total = select(func.count()).where(members).correlate(IssueBatch).scalar_subquery()
    done = (
        select(func.count())
        .where(members, Proposal.id == IssueBatchMember.proposal_id, Proposal.status == "issued")
        .correlate(IssueBatch)
        .scalar_subquery()
    )
    return total, done


def batch_row(batch_id: int) -> BatchRow | None:
    """One batch; None when there is none."""
    found = _rows([IssueBatch.id == batch_id])
    return found[0] if found else None


def open_batches(course_id: int) -> list[BatchRow]:
    """The batches of a course that were begun and not ended, oldest first."""
    return _rows([IssueBatch.course_id == course_id, IssueBatch.ended_at.is_(None)])


def _rows(conditions: list[object]) -> list[BatchRow]:
    statement = (
        select(  # type: ignore[call-overload]
            IssueBatch.id,
            IssueBatch.kind,
            IssueBatch.begun_at,
            Person.display_name,
            IssueBatch.ended_at,
            *_batches(),
            Course,
        )
        .join(Course, Course.id == IssueBatch.course_id)
        .outerjoin(Person, Person.id == IssueBatch.begun_by)
        .where(*conditions)
        .order_by(IssueBatch.id)
    )
    return [BatchRow(*row) for row in session.execute(statement)]


def batch_members(batch_id: int) -> list[tuple[int, int, str]]:
    """Proposal, enrolment and the proposal's status of every member, in the order of proposing."""
    rows = session.execute(
        select(Proposal.id, Proposal.enrolment_id, Proposal.status)
        .join(IssueBatchMember, IssueBatchMember.proposal_id == Proposal.id)
        .where(IssueBatchMember.batch_id == batch_id)
        .order_by(Proposal.id)
    )
    return [(proposal_id, enrolment_id, status) for proposal_id, enrolment_id, status in rows]
