"""Commands of the person themself: consent, and leaving."""

from __future__ import annotations

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts import rules
from trainer.cohorts.models import Consent, Course, Enrolment
from trainer.cohorts.policy import is_own
from trainer.cohorts.rules import Status
from trainer.cohorts.services.moves import move
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg


def give_consent(actor: Actor, enrolment: Enrolment, kind: str = "course_data") -> Enrolment:
    """The person agrees, in the wording of today. Somebody who was only invited is enrolled by it."""
    if kind not in rules.CONSENT_KINDS:
        raise Invalid(msg("There is no such consent."))
    with transaction() as current:
        course = lock(Course, enrolment.course_id)
        row = _own_row(actor, enrolment)
        now = clock.now()
        standing = session.scalar(
            select(Consent).where(
                Consent.enrolment_id == row.id,
                Consent.kind == kind,
                Consent.wording_version == rules.CONSENT_WORDING,
                Consent.withdrawn_at.is_(None),
            )
        )
        if standing is None:
            current.add(
                Consent(enrolment_id=row.id, kind=kind, wording_version=rules.CONSENT_WORDING, given_at=now)
            )
            row.consent_at = now
            record(actor, "consent.given", f"enrolment:{row.id}", kind=kind, wording=rules.CONSENT_WORDING)
        if row.status == Status.INVITED:
            move(actor, course, row, Status.ENROLLED, clock.today(course.timezone), "own_request")
    return row


def withdraw_consent(actor: Actor, enrolment: Enrolment, kind: str = "course_data") -> Enrolment:
    """The person takes the consent back, as easily as it was given (GDPR, 7); the organiser sees it."""
    with transaction():
        lock(Course, enrolment.course_id)
        row = _own_row(actor, enrolment)
        standing = session.scalars(
            select(Consent).where(
                Consent.enrolment_id == row.id, Consent.kind == kind, Consent.withdrawn_at.is_(None)
            )
        ).all()
        for consent in standing:
            consent.withdrawn_at = clock.now()
        row.consent_at = None
        if standing:
            record(actor, "consent.withdrawn", f"enrolment:{row.id}", kind=kind)
    return row


def request_leave(actor: Actor, enrolment: Enrolment) -> Enrolment:
    """The person wants to leave: recorded at once; an organiser enters it. No reason is asked for."""
    with transaction():
        lock(Course, enrolment.course_id)
        row = _own_row(actor, enrolment)
        if row.status in {Status.WITHDRAWN, Status.COMPLETED}:
            raise Refused(msg("You are not on this course any more."))
        if row.leave_requested_at is None:
            row.leave_requested_at = clock.now()
            record(actor, "enrolment.leave_requested", f"enrolment:{row.id}")
    return row


def cancel_leave_request(actor: Actor, enrolment: Enrolment) -> Enrolment:
    """The person stays after all."""
    with transaction():
        lock(Course, enrolment.course_id)
        row = _own_row(actor, enrolment)
        if row.leave_requested_at is not None and row.status != Status.WITHDRAWN:
            row.leave_requested_at = None
            record(actor, "enrolment.leave_request_cancelled", f"enrolment:{row.id}")
    return row


def _own_row(actor: Actor, enrolment: Enrolment) -> Enrolment:
    row = lock(Enrolment, enrolment.id)
    if not is_own(actor, row):
        raise Refused(msg("Only the person themself may do this."))
    return row
