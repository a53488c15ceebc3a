"""What the commands on enrolments share: the check, the move and the note of it."""

from __future__ import annotations

from datetime import date, datetime

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
from trainer.core.registered import registered
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
        if row.joined_on is None:
            row.joined_on = max(day, course.starts_on)
            if _joining_kept(row):
                session.add(_joined(actor, row, row.joined_on, clock.now()))
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
    registered("trainer_enrolment_changed")(actor, row.id)


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


def take_details(actor: Actor, row: Enrolment, joined_on: date | None, entity_id: int | None) -> None:
    """Gives the (locked) enrolment a day of joining and a sending entity, with history and audit entry; what was decided on
    the day of before is looked at again."""
    moved = row.joined_on != joined_on
    if moved:
        _keep_joining(actor, row, joined_on)
    row.joined_on, row.entity_id = joined_on, entity_id
    record(actor, "enrolment.changed", f"enrolment:{row.id}", joined_on=joined_on, entity=entity_id)
    if moved and row.status != Status.INVITED:  # what lies before may leave the base
        session.flush()
        registered("trainer_facts_corrected")(actor, row.id)
        registered("trainer_enrolment_changed")(actor, row.id)


def _keep_joining(actor: Actor, row: Enrolment, joined_on: date | None) -> None:
    """Appends the change of the day of joining, and before the first such change what it was from the beginning: a
    decision of an earlier day is replayed with the day that was known then."""
    if row.joined_on is not None and not _joining_kept(row):
        session.add(_joined(actor, row, row.joined_on, row.created_at))
    if joined_on is not None:
        session.add(_joined(actor, row, joined_on, clock.now()))


def _joining_kept(row: Enrolment) -> bool:
    known = select(EnrolmentEvent.id).where(
        EnrolmentEvent.enrolment_id == row.id, EnrolmentEvent.note_code == rules.JOINED
    )
    return session.scalar(known.limit(1)) is not None


def _joined(actor: Actor, row: Enrolment, day: date, at: datetime) -> EnrolmentEvent:
    return EnrolmentEvent(
        enrolment_id=row.id,
        at=at,
        from_status=row.status,
        to_status=row.status,
        effective_on=day,
        by_person_id=actor.person_id,
        note_code=rules.JOINED,
    )
