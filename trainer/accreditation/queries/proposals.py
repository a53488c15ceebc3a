"""Proposals as registrars and organisers read them: the evidence, the steps, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.accreditation.models import Certificate, Proposal
from trainer.accreditation.rules.statuses import OPEN
from trainer.accreditation.rules.steps import Issue
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as the registrar reads it: the evidence, whose it is, and who did what when."""

    id: int
    kind: str
    status: str
    evidence: dict[str, Any]
    evidence_hash: str
    proposed_at: datetime
    proposed_by: str | None
    approved_at: datetime | None
    approver_id: int | None
    approved_by: str | None
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    enrolment_id: int
    certificate_name: str
    confirmed_at: datetime | None
    course: Course


@dataclass(frozen=True)
class ClosedProposal:
    """A proposal that was issued or withdrawn, in a list."""

    id: int
    status: str
    name: str
    proposed_at: datetime


def _proposals() -> Any:
    proposer, approver, withdrawer = aliased(Person), aliased(Person), aliased(Person)
    return (
        select(
            Proposal.id,
            Proposal.kind,
            Proposal.status,
            Proposal.evidence,
            Proposal.evidence_hash,
            Proposal.proposed_at,
            proposer.display_name,
            Proposal.approved_at,
            Proposal.approved_by,
            approver.display_name,
            Proposal.withdrawn_at,
            withdrawer.display_name,
            Proposal.enrolment_id,
            Person.certificate_name,
            Person.certificate_name_confirmed_at,
            Course,
        )
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Proposal.course_id)
        .outerjoin(proposer, proposer.id == Proposal.proposed_by)
        .outerjoin(approver, approver.id == Proposal.approved_by)
        .outerjoin(withdrawer, withdrawer.id == Proposal.withdrawn_by)
    )


def open_proposals(course_id: int) -> list[ProposalRow]:
    """The proposals of a course that wait for a decision or for issue, by name."""
    statement = (
        _proposals()
        .where(Proposal.course_id == course_id, Proposal.status.in_(OPEN))
        .order_by(Proposal.kind, Person.family_name, Person.given_name, Proposal.id)
    )
    return [ProposalRow(*row) for row in session.execute(statement)]


def closed_proposals(course_id: int, kind: str | None = None) -> list[ClosedProposal]:
    """The proposals of a course that were issued or withdrawn, newest first."""
    conditions = [Proposal.course_id == course_id, Proposal.status.not_in(OPEN)]
    if kind is not None:
        conditions.append(Proposal.kind == kind)
    rows = session.execute(
        select(Proposal.id, Proposal.status, Person.certificate_name, Proposal.proposed_at)
        .join(Enrolment, Enrolment.id == Proposal.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*conditions)
        .order_by(Proposal.id.desc())
    )
    return [ClosedProposal(*row) for row in rows]


def proposal_row(proposal_id: int) -> ProposalRow | None:
    """One proposal; None when there is none."""
    row = session.execute(_proposals().where(Proposal.id == proposal_id)).one_or_none()
    return None if row is None else ProposalRow(*row)


def approver_of(certificate_id: int) -> int | None:
    """Who approved the proposal that a certificate came of."""
    return session.scalar(
        select(Proposal.approved_by)
        .join(Certificate, Certificate.proposal_id == Proposal.id)
        .where(Certificate.id == certificate_id)
    )


def issues_of(proposal_id: int) -> list[Issue]:
    """The certificates that came of a proposal, in the order of issue."""
    rows = session.execute(
        select(
            Certificate.serial,
            Certificate.issued_at,
            Person.display_name,
            Certificate.supersedes_id.is_not(None),
        )
        .outerjoin(Person, Person.id == Certificate.issued_by)
        .where(Certificate.proposal_id == proposal_id)
        .order_by(Certificate.id)
    )
    return [Issue(serial, at, by, again) for serial, at, by, again in rows]
