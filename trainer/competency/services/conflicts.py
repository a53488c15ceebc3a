"""Declaring that somebody is too close to assess somebody, and taking it back. No reason is asked or stored."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from trainer.audit.services import record
from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.models import Conflict
from trainer.competency.policy import can_declare_for
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg


def declare_conflict(actor: Actor, enrolment: Enrolment, assessor_id: int) -> Conflict:
    """Records that `assessor_id` is too close to this person to assess them; said twice, it is recorded once.

    Assessments that are there stay. Raises Refused unless the assessor says it, or an organiser for them; Invalid for somebody
    who could not assess this person anyway.
    """
    with transaction():
        enrolment = lock(Enrolment, enrolment.id)
        if not can_declare_for(actor, enrolment, assessor_id):
            raise Refused(msg("Only the assessor, or an organiser for them, can say this."))
        if assessor_id not in {who for who, _ in queries.possible_assessors(enrolment, enrolment.course)}:
            raise Invalid(msg("This person does not assess here."))
        there = queries.live_conflict(assessor_id, enrolment.person_id)
        if there is not None:
            return there
        row = Conflict(
            assessor_id=assessor_id,
            person_id=enrolment.person_id,
            declared_by=actor.person_id,
            declared_at=clock.now(),
        )
        try:
            with session().begin_nested():
                session.add(row)
        except IntegrityError:  # said on two courses in the same moment
            there = queries.live_conflict(assessor_id, enrolment.person_id)
            if there is None:
                raise
            return there
        record(
            actor,
            "conflict.declared",
            f"conflict:{row.id}",
            assessor=assessor_id,
            person=enrolment.person_id,
        )
        return row


def end_conflict(actor: Actor, enrolment: Enrolment, conflict_id: int) -> Conflict:
    """Ends a declaration; it stays on record. Ended twice, the first time counts.

    Raises Missing when it is not about this person, Refused unless the assessor says it, or an organiser for them.
    """
    with transaction():
        row = lock(Conflict, conflict_id)
        if row.person_id != enrolment.person_id:
            raise Missing(msg("This is not here (any more)."))
        if not can_declare_for(actor, enrolment, row.assessor_id):
            raise Refused(msg("Only the assessor, or an organiser for them, can say this."))
        if row.ended_at is None:
            row.ended_at = clock.now()
            record(
                actor,
                "conflict.ended",
                f"conflict:{row.id}",
                assessor=row.assessor_id,
                person=row.person_id,
            )
        return row
