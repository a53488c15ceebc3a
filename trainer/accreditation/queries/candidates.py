"""People of a course with what there is of one kind of certificate, and the proposals for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.accreditation.models import Certificate, Proposal, ProposalMessage
from trainer.accreditation.rules.statuses import OPEN
from trainer.cohorts.models import Course, Enrolment
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
    question: str | None = None
    answer: str | None = None
    certificate_id: int | None = None
    serial: str | None = None
    code: str | None = None
    certificate_status: str | None = None


def _thread() -> tuple[Any, Any]:
    """The university's last message about a proposal, and the provider's last one after it."""
    asked, answered = aliased(ProposalMessage), aliased(ProposalMessage)
    last = (
        select(func.max(asked.id))
        .where(asked.proposal_id == Proposal.id, asked.side == "university")
        .correlate(Proposal)
        .scalar_subquery()
    )
    question = aliased(ProposalMessage)
    return (
        select(question.words).where(question.id == last).correlate(Proposal).scalar_subquery(),
        select(answered.words)
        .where(answered.proposal_id == Proposal.id, answered.side == "provider", answered.id > last)
        .order_by(answered.id.desc())
        .limit(1)
        .correlate(Proposal)
        .scalar_subquery(),
    )


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
            *_thread(),
            Certificate.id,
            Certificate.serial,
            Certificate.code,
            Certificate.status,
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
    question: str | None
    answer: str | None
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
            *_thread(),
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
