"""People of a course with what there is of one kind of certificate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from trainer.accreditation.models import Certificate, Proposal
from trainer.accreditation.rules.statuses import OPEN
from trainer.cohorts.models import Enrolment
from trainer.core.database import session
from trainer.people.models import Person


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
    approved_by: int | None = None
    certificate_id: int | None = None
    serial: str | None = None
    code: str | None = None
    certificate_status: str | None = None
    reinstated_from: date | None = None


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
            Proposal.approved_by,
            Certificate.id,
            Certificate.serial,
            Certificate.code,
            Certificate.status,
            Certificate.reinstated_from,
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
            & (Certificate.status != "superseded"),
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
