"""Agreed make-ups whose day comes near or has gone by, and what was said of it already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.rules.make_ups import REMINDERS, MakeUpStatus, Note
from trainer.cohorts.models import Course, Enrolment
from trainer.core.database import session
from trainer.people.models import Person
from trainer.scheduling.models import Session


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreed make-up of somebody on a course that is not closed; `serves_on` is the day of the session that serves."""

    id: int
    until: date | None
    serves_on: date | None
    agreed_at: datetime
    course_id: int
    course_code: str
    timezone: str
    person_id: int
    email: str | None
    language: str | None


def agreed() -> list[Agreed]:
    """All of them, by course; nobody's who is paused, left or was erased. One statement."""
    target = aliased(Session)
    rows: Any = session.execute(
        select(
            MakeUp.id,
            MakeUp.until,
            target.starts_local,
            MakeUp.approved_at,
            Course.id,
            Course.code,
            Course.timezone,
            Person.id,
            Person.email,
            Person.language,
        )
        .join(Enrolment, Enrolment.id == MakeUp.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(target, target.id == MakeUp.target_session_id)
        .where(
            MakeUp.status == MakeUpStatus.AGREED.value,
            MakeUp.approved_at.is_not(None),
            Enrolment.status == "enrolled",
            Course.status != "closed",
            Person.erased_at.is_(None),
        )
        .order_by(Course.id, MakeUp.id)
    )
    return [Agreed(key, until, on and on.date(), *rest) for key, until, on, *rest in rows]


def said(make_up_ids: Collection[int]) -> set[tuple[int, Note, date | None]]:
    """Which reminders were sent for these make-ups, with the day they were about: another day is another reminder. One
    statement."""
    rows = session.execute(
        select(MakeUpEvent.make_up_id, MakeUpEvent.words, MakeUpEvent.until).where(
            MakeUpEvent.make_up_id.in_(list(make_up_ids)),
            MakeUpEvent.words.in_([note.value for note in REMINDERS]),
        )
    )
    return {(key, Note(words), until) for key, words, until in rows}
