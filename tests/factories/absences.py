"""An announced absence and a make-up, for pages that need one of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from trainer.attendance.models import MakeUp
from trainer.attendance.services.notices import announce
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.database import session, transaction


def absence_of(world: Any, enrolment: Enrolment, row: Any) -> dict[str, int]:
    """Words to the course's support contact (who is the assessor) beside a notice for the session, a day before it; and a
    make-up of it that is asked for. Their ids as addresses name them."""
    with transaction():
        session.get_one(Course, enrolment.course_id).support_contact_id = world.person_id("assessor")
    actor = world.actor("trainee")
    with clock.frozen(row.starts_at - timedelta(days=1)):
        notice = announce(actor, enrolment.id, row.id, "late", "transport", "Only for one reader.")
    with transaction() as current:
        make_up = MakeUp(
            enrolment_id=enrolment.id,
            session_id=row.id,
            way="task",
            task="Read the hand-outs",
            minutes=60,
            status="asked",
            asked_by=actor.person_id,
            asked_at=clock.now(),
        )
        current.add(make_up)
    return {"notice_id": notice.id, "make_up_id": make_up.id}
