"""What the commands on enrolments share: the check, the move and the note of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from trainer.audit.services import record
from trainer.cohorts import rules
from trainer.cohorts.models import Course, Enrolment, EnrolmentEvent, Pause
from trainer.cohorts.policy import can_manage
from trainer.cohorts.queries import pauses_of
from trainer.cohorts.rules import Status
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg


def managers_only(actor: Actor, course: Course) -> None:
    """Raises Refused for who is no organiser of the course."""
    if not can_manage(actor, course):
        raise Refused(msg("Only an organiser of the course may do this."))


def move(actor: Actor, course: Course, row: Enrolment, to: str, day: date, note_code: str) -> None:
    """Moves the (locked) enrolment to a status from a day on, with pause, note and audit entry."""
    if problem := rules.why_not(row.status, to):
        raise Invalid(problem)
    spans = pauses_of(row.id)
    if problem := rules.effective_problem(to, day, row.joined_on, spans, clock.today(course.timezone)):
        raise Invalid(problem)
    before = row.status
    if to == Status.PAUSED:
        session.add(Pause(enrolment_id=row.id, starts_on=day))
    elif before == Status.PAUSED:
        open_pause = session.scalars(
            select(Pause).where(Pause.enrolment_id == row.id, Pause.ends_on.is_(None))
        ).one_or_none()
        if open_pause is not None:
            open_pause.ends_on = max(day, open_pause.starts_on)
    row.status = Status(to).value
    row.left_on = day if to == Status.WITHDRAWN else None
    if to == Status.ENROLLED:
        row.joined_on = row.joined_on or max(day, course.starts_on)
        row.leave_requested_at = None
    note(actor, row, before, day, note_code)
    record(
        actor,
        "enrolment.status_changed",
        f"enrolment:{row.id}",
        before=before,
        after=row.status,
        effective_on=day,
        note=note_code or None,
    )


def note(actor: Actor, row: Enrolment, before: str | None, day: date, note_code: str) -> None:
    """Adds the change to the enrolment's own history."""
    session.add(
        EnrolmentEvent(
            enrolment_id=row.id,
            at=clock.now(),
            from_status=before,
            to_status=row.status,
            effective_on=day,
            by_person_id=actor.person_id,
            note_code=note_code,
        )
    )
