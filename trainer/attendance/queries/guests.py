"""Who comes to a session to make something up: on a register's page, and on that of a repeat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from trainer.attendance.models import MakeUp
from trainer.attendance.rules.make_ups import MakeUpStatus, Way
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person
from trainer.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who makes up a missed session at this one; `minutes` is what was agreed, or credited once done."""

    make_up_id: int
    name: str
    course_code: str
    number: int
    own_course: bool
    status: str
    minutes: int
    most: int


def guests_of(session_id: int, *, asked: bool = False) -> list[Guest]:
    """Who makes up a missed session at this one, by name; for the register's page. One statement.

    With `asked` those instead who asked to and have no answer yet.
    """
    statuses = (MakeUpStatus.ASKED,) if asked else (MakeUpStatus.AGREED, MakeUpStatus.DONE)
    missed, here = aliased(Session), aliased(Session)
    rows = session.execute(
        select(
            MakeUp.id,
            Person.display_name,
            Course.code,
            missed.number,
            missed.course_id == here.course_id,
            MakeUp.status,
            MakeUp.minutes,
            func.coalesce(missed.effective_minutes, missed.minutes),
        )
        .join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(missed, missed.id == MakeUp.session_id)
        .join(here, here.id == MakeUp.target_session_id)
        .where(
            MakeUp.target_session_id == session_id,
            MakeUp.status.in_([one.value for one in statuses]),
            MakeUp.way != Way.TRANSFER.value,
        )
        .order_by(Person.family_name, Person.given_name, MakeUp.id)
    )
    return [Guest(*row) for row in rows]


def serving(session_id: int, make_up_ids: Sequence[int]) -> set[int]:
    """Which of these make-ups are done at that session. One statement."""
    return set(
        session.scalars(
            select(MakeUp.id).where(MakeUp.id.in_(list(make_up_ids)), MakeUp.target_session_id == session_id)
        )
    )
